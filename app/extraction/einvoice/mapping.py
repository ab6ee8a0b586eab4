"""How a format says where the business terms of EN 16931 stand in it, and what reads them by that.

A `Group` is a table: each field of a noun of the model, the place of its text, and what turns the text into
a value. A `Format` is its groups and where they stand. Nothing here knows a format; no format reads anything
itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from app.extraction.einvoice import values
from app.extraction.einvoice.paths import Find, entrance, finder, nodes
from app.extraction.einvoice.tree import Leaf, Node
from app.model.evidence import Evidence, Source
from app.model.extraction import SchemaProblem
from app.model.invoice import Invoice

Convert = Callable[[str], object]
Noun = TypeVar("Noun", bound=msgspec.Struct)


class Found(msgspec.Struct, frozen=True):
    """A value a format computes instead of finding it, and the text it rests on."""

    value: object
    text: str | None = None


class Term(NamedTuple):
    """Where one field's text stands and what it means."""

    field: str
    find: Find
    convert: Convert
    whole: bool
    """Whether it is the text of the very child that the term is kept under."""


Fields = Mapping[str, "tuple[str | Find, Convert]"]


Computation = Callable[[Node], Found | None]
Computations = Mapping[str, "Computation | tuple[str, Computation]"]
"""What computes a field; with the name of a child before it, only where that child is."""
_NONE: Final[Computations] = {}


class Group(Generic[Noun]):
    """The table of one noun."""

    def __init__(self, noun: type[Noun], fields: Fields, computed: Computations = _NONE) -> None:
        unknown = {*fields, *computed} - set(noun.__struct_fields__)
        if unknown:
            raise ValueError(f"{noun.__name__} has no {sorted(unknown)}")
        self.noun = noun
        self.within: dict[str, list[Term]] = {}
        """By the child that a field's text stands in: most are never looked for where that child is not."""
        self.anywhere: list[Term] = []
        for field, (place, convert) in fields.items():
            child = entrance(place) if isinstance(place, str) else None
            find = finder(place) if isinstance(place, str) else place
            term = Term(field, find, convert, child == place)
            (self.anywhere if child is None else self.within.setdefault(child, [])).append(term)
        self.computed = tuple(
            (field, *(how if isinstance(how, tuple) else (None, how))) for field, how in computed.items()
        )


class Section(msgspec.Struct, frozen=True):
    """One field of the invoice: the group it is read by, and where."""

    field: str
    at: Callable[[Node], Iterator[Node]]
    group: Group[Any]
    many: bool


Place = str | Callable[[Node], Iterator[Node]]
"""Where a section stands: a path, the invoice itself (empty), or what finds it."""


def one(field: str, at: Place, group: Group[Any]) -> Section:
    """A part that an invoice has once; the first element that says anything is it."""
    return Section(field, _found_by(at), group, many=False)


def many(field: str, at: Place, group: Group[Any]) -> Section:
    """A part that an invoice may have several times."""
    return Section(field, _found_by(at), group, many=True)


def _found_by(at: Place) -> Callable[[Node], Iterator[Node]]:
    if not isinstance(at, str):
        return at
    return nodes(at) if at else _itself


def _itself(node: Node) -> Iterator[Node]:
    yield node


Texts = Callable[[Node], Iterator[str]]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """An e-invoice syntax, whole."""

    name: str
    roots: tuple[str, ...]
    """Local names of its root element."""
    namespaces: tuple[str, ...] = ()
    """What the root's namespace starts with; empty when the root's name alone settles it."""
    invoices: Callable[[Node], Iterable[Node]]
    """The invoices of a file, each with what the file says for all of them."""
    sections: tuple[Section, ...]
    attachments: Texts
    notes: Texts
    renamed: Mapping[str, str] = {}
    """Elements of its older versions, by the name they have in its table."""
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
_LABELS: Final = frozenset(("kind",))
"""What the name of an element says; without more it says nothing. That an allowance is a charge says
that there is one, and an amount that it lacks is for the rules to miss."""
_EXACT: Final = frozenset((values.number, values.positive, values.date, values.currency, values.country))
"""What only gives `None` for a text that breaks the format; code lists and national numbers have gaps."""


class Reader:
    """Reads one invoice of a file by a format's tables, keeping evidence and problems."""

    def __init__(self, *, lines: bool = True) -> None:
        self._lines = lines
        self.fields: dict[str, Evidence] = {}
        self.problems: list[SchemaProblem] = []
        self._seen: dict[str, Evidence] = {}

    def invoice(self, form: Format, node: Node) -> Invoice:
        """The invoice as its XML states it, nothing derived."""
        parts: dict[str, object] = {}
        for section in form.sections:
            if section.field == "line_items" and not self._lines:
                continue
            value = self._many(section, node) if section.many else self._one(section, node)
            if value:
                parts[section.field] = value
        parts["attachments"] = self._texts("attachments", form.attachments(node))
        parts["notes"] = self._texts("notes", form.notes(node))
        return Invoice(**parts)  # type: ignore[arg-type] # each section names a field and its noun

    def _texts(self, field: str, found: Iterator[str]) -> tuple[str, ...]:
        texts = tuple(found)
        for i, text in enumerate(texts):
            self.fields[f"{field}[{i}]"] = self._evidence(text)
        return texts

    def _evidence(self, text: str) -> Evidence:
        """The proof of a text, shared by all values that rest on the same."""
        evidence = self._seen.get(text)
        if evidence is None:
            evidence = self._seen[text] = Evidence(confidence=_CERTAIN, source=Source.XML, text=text)
        return evidence

    def _one(self, section: Section, node: Node) -> msgspec.Struct | None:
        for element in section.at(node):
            if found := self._values(section.group, element, section.field + "."):
                return section.group.noun(**found)  # type: ignore[no-any-return] # a Group's noun is a Struct
        return None

    def _many(self, section: Section, node: Node) -> tuple[msgspec.Struct, ...]:
        group = section.group
        found: list[msgspec.Struct] = []
        for element in section.at(node):
            prefix = f"{section.field}[{len(found)}]."
            stated = self._values(group, element, prefix)
            if stated.keys() - _LABELS:
                found.append(group.noun(**stated))
            else:
                for field in stated:
                    del self.fields[prefix + field]
        return tuple(found)

    def _values(self, group: Group[Any], node: Node, prefix: str) -> dict[str, Any]:
        """Field by field; hot: it sees every line of every document."""
        found: dict[str, Any] = {}
        within = group.within
        for child, here in node.items():
            if terms := within.get(child):
                self._state(terms, node, here, prefix, found)
        if group.anywhere:
            self._state(group.anywhere, node, node, prefix, found)
        for field, child, compute in group.computed:
            if field not in found and (child is None or child in node) and (result := compute(node)):
                found[field] = result.value
                self.fields[prefix + field] = _computed(result)
        return found

    def _state(
        self, terms: list[Term], node: Node, here: "Leaf | list[Leaf]", prefix: str, found: dict[str, Any]
    ) -> None:
        fields, seen = self.fields, self._seen
        for field, find, convert, whole in terms:
            text = here if whole and isinstance(here, str) else find(node)
            if not text:
                continue
            value = convert(text)
            if value is not None:
                found[field] = value
                fields[prefix + field] = seen.get(text) or self._evidence(text)
            elif convert in _EXACT:
                self._complain(prefix + field)

    def _complain(self, path: str) -> None:
        self.problems.append(SchemaProblem(place=path, message="The text is no value of this kind."))


def _computed(found: Found) -> Evidence:
    return Evidence(confidence=_CERTAIN, source=Source.COMPUTED, text=found.text)
