"""Tables that are written as lists: one labelled value a line, the name of a column before each.

For instance `Line no.: 1`, `Description: Blue pens`, `Quantity: 3`, `Unit price: 12.50`, each on a line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from app.extraction.page.tables.cells import Cell
from app.extraction.page.tables.lexicon import Kind, tiled, tokens_on
from app.extraction.page.tables.table import running_lines
from app.extraction.page.text.lines import GAP, TextLine
from app.extraction.page.text.scan import Scan

_PAIR: Final = re.compile(r"[^\w]*(?P<name>[^:]{2,48}?)\s*:[ \t]+(?P<value>\S.*)")
_FEWEST: Final = 2  # values that make an entry


class Listed(msgspec.Struct, frozen=True, eq=False):
    """A labelled value: the line, and the span of the value."""

    line: TextLine
    start: int
    end: int
    kinds: frozenset[Kind]


Entry = Mapping[Kind, tuple[Listed, ...]]
"""The values of one thing by what their labels mean; more than one where a value goes on on the next line."""


def listed_entries(found: Scan, marks: frozenset[Kind]) -> list[Entry]:
    """The things that have a value of every marked kind; each begins where a label comes again."""
    entries: list[dict[Kind, tuple[Listed, ...]]] = []
    current: dict[Kind, tuple[Listed, ...]] = {}
    last: Kind | None = None
    running = running_lines(found)
    for line in found.lines:
        if line.number in running:
            continue
        pair = _pair(line)
        if pair is None:
            if last is Kind.DESCRIPTION and _goes_on(current[last][-1].line, line):
                current[last] = (*current[last], Listed(line, 0, len(line.text), frozenset()))
            elif _is_title(line):
                entries, current, last = _closed(entries, current), {}, None
            continue
        kind = next((kind for kind in _ORDER if kind in pair.kinds and kind not in current), None)
        if kind is None or (kind is Kind.POSITION and current):
            entries, current = _closed(entries, current), {}
            kind = next(kind for kind in _ORDER if kind in pair.kinds)
        current[kind] = (pair,)
        last = kind
    return [entry for entry in _closed(entries, current) if marks <= set(entry)]


_ORDER: Final = (
    Kind.POSITION, Kind.DESCRIPTION, Kind.QUANTITY, Kind.UNIT, Kind.TAX_RATE, Kind.PRICE_NET, Kind.PRICE,
    Kind.PRICE_GROSS, Kind.NET, Kind.BASE, Kind.TAX_AMOUNT, Kind.AMOUNT, Kind.GROSS, Kind.DISCOUNT, Kind.CODE,
    Kind.DATE, Kind.OTHER, Kind.TAX_KIND, Kind.GOODS,
)  # fmt: skip


def _closed(
    entries: list[dict[Kind, tuple[Listed, ...]]], current: dict[Kind, tuple[Listed, ...]]
) -> list[dict[Kind, tuple[Listed, ...]]]:
    return [*entries, current] if len(current) >= _FEWEST else entries


def _pair(line: TextLine) -> Listed | None:
    """The label and the value of a line whose label is nothing but the name of a column."""
    match = _PAIR.fullmatch(line.text)
    if match is None or GAP in match["value"]:
        return None
    words = [token.text for token in tokens_on(line, *match.span("name"))]
    phrases = tiled(words)
    if not words or not all(phrase.kinds for phrase in phrases):
        return None
    kinds = frozenset.intersection(*(phrase.kinds for phrase in phrases)) or phrases[0].kinds
    return Listed(line, *match.span("value"), kinds)


def _goes_on(upper: TextLine, lower: TextLine) -> bool:
    """Whether a line is the next of a wrapped value."""
    height = upper.box.bottom - upper.box.top
    return (
        upper.page == lower.page
        and lower.box.top - upper.box.bottom < height / 2
        and lower.box.x0 > upper.box.x0 + 1
        and ":" not in lower.text
    )


def _is_title(line: TextLine) -> bool:
    return ":" not in line.text and any(map(str.isalpha, line.text))


def values_of(entry: Entry, kinds: Sequence[Kind]) -> Iterator[Listed]:
    """The first value of an entry for each of the kinds that it has."""
    for kind in kinds:
        if kind in entry:
            yield entry[kind][0]


def number_at(value: Listed, found: Scan) -> Cell | None:
    """The number that a labelled value begins with."""
    line = value.line
    spans = [(hit.start, hit.end, hit.readings) for hit in found.amounts[line.number]]
    spans += [(hit.start, hit.end, (hit.value,)) for hit in found.percents[line.number]]
    for start, end, readings in spans:
        if value.start <= start <= value.start + 1:
            return Cell(line, start, end, line.box_of(start, end), readings, money=True)
    return None
