"""How a format says where the business terms of EN 16931 stand in it, and what reads them by that.

A `Group` is a table: each field of a noun of the model, the place of its text, and what turns the text into
a value. A `Format` is its groups and where they stand. Nothing here knows a format; no format reads anything
itself.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Final

import msgspec

from app.extraction.einvoice.paths import Filter, Find, Texts, alternatives, is_plain, leaves
from app.extraction.einvoice.places import MARKED
from app.extraction.einvoice.proofs import Proofs, Rows
from app.extraction.einvoice.table import Computation, Fields, Found, Group, Lent
from app.extraction.einvoice.tree import Leaf, Node, node_of
from app.model.evidence import Evidence, Source
from app.model.extraction import SchemaProblem
from app.model.invoice import Invoice, InvoiceHeader, Reference, ReferenceKind

__all__ = ["Computation", "Derived", "Fields", "Format", "Found", "Group", "Reader", "Section", "many", "one"]


class Only(msgspec.Struct, frozen=True):
    """Which elements of a section count, by a text in them."""

    place: int
    filter: Filter

    def admits(self, texts: Texts) -> bool:
        """Whether an element with these texts does."""
        return ((texts[self.place] or "") in self.filter.values) is self.filter.wanted


class Section(msgspec.Struct, frozen=True):
    """One field of the invoice: the group it is read by, and where."""

    field: str
    at: Callable[[Node], Iterable[Leaf]]
    group: Group
    many: bool
    only: Only | None = None
    place: str = ""
    """Path of its elements, for a person."""


Place = str | Callable[[Node], Iterator[Node]]
"""Where a section stands: a path, the invoice itself (empty), or what finds it."""


def one(field: str, at: Place, group: Group) -> Section:
    """A part that an invoice has once; the first element that says anything is it."""
    return Section(field, _found_by(at), group, many=False)


def many(field: str, at: Place, group: Group) -> Section:
    """A part that an invoice may have several times."""
    if not isinstance(at, str):
        return Section(field, at, group, many=True)
    path, only = _filtered(at, group)
    return Section(field, _found_by(path), group, many=True, only=only, place=path)


def _filtered(at: str, group: Group) -> tuple[str, Only | None]:
    """A path and the filter at its end, which is looked at where the texts of the element are."""
    places = alternatives(at)
    last = places[0][-1].filter if places[0] else None
    if len(places) > 1 or last is None or not is_plain(last.steps):
        return at, None
    return at[: at.rindex("[")], Only(group.places.number(last.steps), last)


def _found_by(at: Place) -> Callable[[Node], Iterable[Leaf]]:
    if not isinstance(at, str):
        return at
    return leaves(at) if at else _itself


def _itself(node: Node) -> tuple[Node]:
    return (node,)


FindTexts = Callable[[Node], Iterator[str]]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """An e-invoice syntax, whole."""

    name: str
    roots: tuple[str, ...]
    """Local names of its root element."""
    namespaces: tuple[str, ...] = ()
    """What the root's namespace starts with; empty when the root's name alone settles it."""
    rows: tuple[str, ...] = ()
    """Names of the elements that come by the thousand: read in one pass, streamed when need be."""
    body: str = ""
    """Name of the element that is one invoice of several, to say where something is wrong."""
    invoices: Callable[[Node], Iterable[Node]]
    """The invoices of a file, each with what the file says for all of them."""
    sections: tuple[Section, ...]
    attachments: FindTexts
    notes: FindTexts
    european: bool = False
    """Whether it is a syntax of EN 16931; others know not every term of the norm."""
    language: str | None = None
    """Of the people who use it, ISO 639-1, when it is one country's own format."""
    language_at: Find | None = None
    check: Callable[[Node], Iterator[SchemaProblem]] | None = None
    """Its light structural checks, over the whole file."""
    derive: tuple[Callable[[Invoice], "Iterator[Derived]"], ...] = ()
    """What follows from its own conventions, before what follows everywhere."""

    def admits(self, namespace: str, root: str) -> bool:
        """Whether a document with this root is of this format."""
        if root not in self.roots:
            return False
        return not self.namespaces or not namespace or namespace.startswith(self.namespaces)


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A value that follows from others."""

    section: str
    field: str
    value: object
    like: str | None = None
    """Path of the field it repeats, whose evidence it shares; computed when `None`."""
    confidence: float = 1.0


_CERTAIN: Final = 1.0
_ROWS: Final = "line_items"
_HEADER: Final = "invoice"
_REFERENCES: Final = "references"
_LABELS: Final = frozenset(("kind",))
"""What the name of an element says; without more it says nothing. That an allowance is a charge says
that there is one, and an amount that it lacks is for the rules to miss."""
_MOST_PROBLEMS: Final = 20
"""Places told of an invoice that breaks its own format."""
_NO_VALUE: Final = "The text is no value of this kind."


class Reader:
    """Reads one invoice of a file by a format's tables, keeping evidence and problems."""

    def __init__(self, *, lines: bool = True, place: str = "") -> None:
        self._lines = lines
        self._place = place
        self.fields = Proofs()
        self.problems: list[SchemaProblem] = []
        self._quoted: list[tuple[ReferenceKind, str, str]] = []

    def invoice(self, form: Format, node: Node) -> Invoice:
        """The invoice as its XML states it, nothing derived."""
        parts: dict[str, object] = {}
        for section in form.sections:
            if section.field == _ROWS:
                self._rows(section, node, parts)
            elif value := self._many(section, node) if section.many else self._one(section, node):
                parts[section.field] = value
        if self._quoted:
            parts[_REFERENCES] = self._with_quoted(parts.get(_REFERENCES, ()))
        parts["attachments"] = self._texts("attachments", form.attachments(node))
        parts["notes"] = self._texts("notes", form.notes(node))
        return Invoice(**parts)  # type: ignore[arg-type] # each section names a field and its noun

    def _texts(self, field: str, found: Iterator[str]) -> tuple[str, ...]:
        texts = tuple(found)
        for i, text in enumerate(texts):
            self.fields.text(f"{field}[{i}]", text)
        return texts

    def _one(self, section: Section, node: Node) -> msgspec.Struct | None:
        for leaf in section.at(node):
            texts = section.group.places.texts(leaf)
            if stated := self._values(section.group, leaf, texts, section.field):
                return section.group.noun(**stated)  # type: ignore[no-any-return] # a noun of the model
        return None

    def _many(self, section: Section, node: Node) -> tuple[msgspec.Struct, ...]:
        found: list[msgspec.Struct] = []
        for leaf in section.at(node):
            path = f"{section.field}[{len(found)}]"
            texts = section.group.places.texts(leaf)
            if section.only is not None and not section.only.admits(texts):
                continue
            stated = self._values(section.group, leaf, texts, path)
            if stated.keys() - _LABELS:
                found.append(section.group.noun(**stated))
            else:
                self.fields.forget(path)
        return tuple(found)

    def _rows(self, section: Section, node: Node, parts: dict[str, object]) -> None:
        """The rows of the invoice; hot: there may be a hundred thousand."""
        group, only, rows = section.group, section.only, Rows([], [])
        header = parts.get(_HEADER) or InvoiceHeader()
        lacking = [lent for lent in group.lent if getattr(header, lent[0]) is None]
        texts_of, values, noun = group.places.texts, self._values, group.noun
        items, kept = rows
        for leaf in section.at(node) if self._lines or lacking else ():
            texts = texts_of(leaf)
            if only is not None and not only.admits(texts):
                continue
            if stated := values(group, leaf, texts, section.field, len(items)):
                items.append(noun(**stated))
                kept.append(texts)
        if group.examined:
            self._examine(section, kept)
        if self._lines:
            parts[section.field] = tuple(items)
            self.fields.later(section.field, group, rows)
        if items and lacking:
            parts[_HEADER] = self._lent(lacking, kept, header)
        self._quoted = [
            (kind, name, number)
            for kind, make, name in group.quoted
            for number in dict.fromkeys(map(make, kept))
            if number
        ]

    def _examine(self, section: Section, kept: list[list[str | None]]) -> None:
        """The first places where rows break the format, in their order."""
        wrong = sorted(section.group.problems(kept), key=itemgetter(0))
        for index, name, message in wrong[:_MOST_PROBLEMS]:
            self._tell(f"{self._place}{section.place}[{index + 1}]/{name}", message)

    def _lent(self, lacking: list[Lent], kept: list[list[str | None]], header: object) -> object:
        """The header with what it does not state and a row does."""
        for field, make, convert in lacking:
            text = next((text for texts in kept if (text := make(texts))), None)
            if text and (value := convert(text)) is not None:
                header = msgspec.structs.replace(header, **{field: value})  # type: ignore[type-var] # a noun
                self.fields.text(f"{_HEADER}.{field}", text)
        return header

    def _with_quoted(self, references: object) -> tuple[Reference, ...]:
        """The documents that the header refers to, and those that only rows do."""
        found = list(references) if isinstance(references, tuple) else []
        known = {one.number for one in found}
        for kind, name, number in self._quoted:
            if number not in known:
                path = f"{_REFERENCES}[{len(found)}]"
                self.fields.text(f"{path}.kind", name)
                self.fields.text(f"{path}.number", number)
                found.append(Reference(kind=kind, number=number))
        return tuple(found)

    def _values(  # noqa: C901 - hot: it sees every row of every document, and calls cost as much as the work
        self, group: Group, leaf: Leaf, texts: Texts, path: str, index: int | None = None
    ) -> dict[str, object]:
        """Field by field; the evidence of what is one of many, at an index, is told later."""
        stated: dict[str, object] = {}
        prove = self.fields.text if index is None else None
        for field, place, convert, exact in group.terms:
            if text := texts[place]:
                if (value := convert(text)) is not None:
                    stated[field] = value
                    if prove is not None:
                        prove(f"{path}.{field}", text)
                elif exact:
                    self._misread(path, index, field)
        for field, make, convert, exact in group.made:
            if text := make(texts):
                if (value := convert(text)) is not None:
                    stated[field] = value
                    if prove is not None:
                        prove(f"{path}.{field}", text)
                elif exact:
                    self._misread(path, index, field)
        if group.always or texts[MARKED]:
            self._search(group, leaf, texts, (path, index), stated)
        return stated

    def _search(
        self,
        group: Group,
        leaf: Leaf,
        texts: Texts,
        at: tuple[str, int | None],
        stated: dict[str, object],
    ) -> None:
        """What a function finds or computes, which looks at the element itself."""
        for field, find, convert, exact, where in group.sought:
            if (where < 0 or texts[where]) and (text := find(node_of(leaf))):
                if (value := convert(text)) is not None:
                    stated[field] = value
                    self.fields.text(f"{_indexed(*at)}.{field}", text)
                elif exact:
                    self._misread(*at, field)
        for field, compute, where in group.computed:
            if (where < 0 or texts[where]) and field not in stated and (found := compute(node_of(leaf))):
                stated[field] = found.value
                self.fields[f"{_indexed(*at)}.{field}"] = _computed(found)

    def _misread(self, path: str, index: int | None, field: str) -> None:
        self._tell(f"{_indexed(path, index)}.{field}", _NO_VALUE)

    def _tell(self, place: str, message: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(SchemaProblem(place=place, message=message))


def _indexed(path: str, index: int | None) -> str:
    return path if index is None else f"{path}[{index}]"


def _computed(found: Found) -> Evidence:
    return Evidence(confidence=_CERTAIN, source=Source.COMPUTED, text=found.text)
