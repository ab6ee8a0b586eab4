"""The table of one noun of the model: where its fields stand in a format, and what their texts mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from app.extraction.einvoice import values
from app.extraction.einvoice.paths import Find, Place, Texts, compiled, entrance, finder
from app.extraction.einvoice.places import NOWHERE, Make, Places
from app.extraction.einvoice.structure import MISSHAPEN, MISSING, Check, Rule
from app.extraction.einvoice.tree import Node
from app.model.invoice import ReferenceKind

Convert = Callable[[str], object]
Fields = Mapping[str, "tuple[Place, Convert]"]


class Found(msgspec.Struct, frozen=True):
    """A value a format computes instead of finding it, and the text it rests on."""

    value: object
    text: str | None = None


Computation = Callable[[Node], Found | None]
Computations = Mapping[str, "Computation | tuple[str, Computation]"]
"""What computes a field; with the path of an element before it, only where that element is."""
_NO_FIELDS: Final[Fields] = {}
_NOT_COMPUTED: Final[Computations] = {}
_NOTHING_QUOTED: Final[Mapping[str, ReferenceKind]] = {}


# Plain tuples: a row is read by unpacking them, and named ones take twice as long to unpack.
Term: TypeAlias = tuple[str, int, Convert, bool]
"""A field, the number of the place of its text, what the text means, and whether a text that means nothing
breaks the format; code lists and national numbers have gaps."""
Made: TypeAlias = tuple[str, Make, Convert, bool]
"""A field whose text is made of several places."""
Sought: TypeAlias = tuple[str, Find, Convert, bool, int]
"""A field whose text only a function finds, perhaps only where an element is."""
Computed: TypeAlias = tuple[str, Computation, int]
"""A field that is computed where no text states it, perhaps only where an element is."""
Lent: TypeAlias = tuple[str, Make, Convert]
"""A field of the header that rows may state."""
Quoted: TypeAlias = tuple[ReferenceKind, Make, str]
"""A document that rows refer to: its kind, the text of its number, and the name of the element."""
Prescribed: TypeAlias = tuple[str, int, bool, Check | None]
"""A child, the place of its text, whether it must be there, and the form of its text."""

_EXACT: Final = frozenset((values.number, values.positive, values.date, values.currency, values.country))


class Group:
    """The table of one noun, compiled.

    `lent` are fields of the invoice's header that its rows state where the header itself does not, `quoted`
    the places of the numbers of documents that rows refer to; `rule` is what the format prescribes of the
    element.
    """

    def __init__(  # noqa: PLR0913 - the parts of a table
        self,
        noun: type[msgspec.Struct],
        fields: Fields,
        computed: Computations = _NOT_COMPUTED,
        *,
        lent: Fields = _NO_FIELDS,
        quoted: Mapping[str, ReferenceKind] = _NOTHING_QUOTED,
        rule: Rule | None = None,
    ) -> None:
        unknown = {*fields, *computed} - set(noun.__struct_fields__)
        if unknown:
            raise ValueError(f"{noun.__name__} has no {sorted(unknown)}")
        self.noun: type[Any] = noun
        self.places = Places()
        self.terms: list[Term] = []
        self.made: list[Made] = []
        self.sought: list[Sought] = []
        for field, (place, convert) in fields.items():
            self._add(field, place, convert)
        self.computed = [self._computed(field, how) for field, how in computed.items()]
        self.always = any(how[-1] == NOWHERE for how in (*self.sought, *self.computed))
        """Whether something is looked for or computed whatever is there."""
        self.lent = [(field, self._made(place), convert) for field, (place, convert) in lent.items()]
        self.quoted: list[Quoted] = [
            (kind, self._made(place), place.rpartition("/")[0].rpartition("/")[2])
            for place, kind in quoted.items()
        ]
        self.examined = [] if rule is None else self._prescribed(rule)

    def _add(self, field: str, place: Place, convert: Convert) -> None:
        exact = convert in _EXACT
        how = self.places.compiled(place)
        if isinstance(how, int):
            self.terms.append((field, how, convert, exact))
        elif how is not None:
            self.made.append((field, how, convert, exact))
        else:
            child = entrance(place) if isinstance(place, str) else None
            where = NOWHERE if child is None else self.places.mark(child)
            find = finder(place) if isinstance(place, str) else place
            self.sought.append((field, find, convert, exact, where))

    def _made(self, place: Place) -> Make:
        how = self.places.compiled(place)
        if how is None:
            raise ValueError("What rows say of the whole invoice stands at a plain path.")
        return (lambda found: found[how]) if isinstance(how, int) else how

    def _computed(self, field: str, how: "Computation | tuple[str, Computation]") -> Computed:
        if not isinstance(how, tuple):
            return (field, how, NOWHERE)
        return (field, how[1], self.places.mark(how[0]))

    def _prescribed(self, rule: Rule) -> list[Prescribed]:
        checks = dict(rule.forms)
        names = dict.fromkeys((*rule.mandatory, *checks))
        return [
            (name, self.places.number(compiled(name)), name in rule.mandatory, checks.get(name))
            for name in names
        ]

    def problems(self, kept: Sequence[Texts]) -> Iterator[tuple[int, str, str]]:
        """Children of rows that break the format: which row, the name, and how.

        Column by column, because rows say the same few things: each text is looked at once.
        """
        for name, place, mandatory, check in self.examined:
            column = {texts[place] or "" for texts in kept}
            missing = mandatory and "" in column
            column.discard("")
            if check is not None and not all(map(check, column)):
                yield from (
                    (index, name, MISSHAPEN)
                    for index, texts in enumerate(kept)
                    if (text := texts[place]) and not check(text)
                )
            if missing:
                yield from ((index, name, MISSING) for index, texts in enumerate(kept) if not texts[place])
