"""The lines of a till slip that say a sum: what they call it, and how much it is."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.text.amounts import CURRENCY_SIGNS, AmountHit
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, TextLine
from app.extraction.page.text.scan import Scan

TOTAL: Final = ("total", "due")
TENDER: Final = ("tendered", "method_cash", "method_card", "method_other", "method_check", "prepaid")
_SUMS: Final = (*TOTAL, *TENDER, "change", "net", "tax", "rounding", "charge", "discount")
_COUNTS: Final = ("other_total", "tax_table")
_WRAPPED: Final = 1.8
"""Heights of a line between a label and its amount on the next line."""


class Entry(msgspec.Struct, frozen=True, eq=False):
    """An amount at the right of a line with what the line calls it."""

    line: TextLine
    hit: AmountHit
    kinds: frozenset[str]
    weight: float
    """Of the strongest of its names."""
    alone: bool
    """Whether it is the only amount of its line."""

    @property
    def value(self) -> Decimal:
        """As printed, with its sign."""
        return self.hit.readings[0]

    @property
    def place(self) -> Place:
        """Where the amount stands."""
        return self.line.place(self.hit.start, self.hit.end)

    def says(self, *kinds: str) -> bool:
        """Whether the line is called one of these."""
        return not self.kinds.isdisjoint(kinds)


def entries(found: Scan) -> list[Entry]:
    """Every named amount of the slip, top to bottom."""
    return [entry for line in found.lines for entry in _entries_of(line, found)]


def _entries_of(line: TextLine, found: Scan) -> Iterator[Entry]:
    amounts = [hit for hit in found.amounts[line.number] if hit.money]
    labels = found.labels[line.number]
    if not labels:
        return
    where = line
    if not amounts:
        where, amounts = _on_next_line(line, found)
    if not amounts:
        return
    last = amounts[-1]
    names = [label for label in labels if where is not line or label.start < last.start]
    kinds, weight = _called(names)
    if kinds:
        alone = len({abs(hit.readings[0]) for hit in amounts}) == 1
        yield Entry(where, last, kinds, weight, alone)


def _on_next_line(line: TextLine, found: Scan) -> tuple[TextLine, list[AmountHit]]:
    """The amounts of the line below, where nothing else stands on it."""
    if line.number + 1 >= len(found.lines):
        return line, []
    below = found.lines[line.number + 1]
    height = line.box.bottom - line.box.top
    near = below.page == line.page and below.box.top - line.box.bottom < _WRAPPED * height
    hits = [hit for hit in found.amounts[below.number] if hit.money]
    if not near or not hits or not _is_only_currency(below.folded[: hits[0].start]):
        return line, []
    return below, hits


def _is_only_currency(folded: str) -> bool:
    return not any(map(str.isalnum, folded)) or folded.strip() in CURRENCY_SIGNS


def _called(labels: list[Label]) -> tuple[frozenset[str], float]:
    """What a line's labels together call its amount; a count of items is no sum, a subtotal no total."""
    senses = [sense for label in labels for sense in label.senses]
    kinds = {sense.kind for sense in senses if sense.kind in _SUMS}
    if any(sense.kind in _COUNTS for sense in senses) and not kinds & {"rounding", "change"}:
        return frozenset(), 0.0
    if kinds & {"net"}:
        kinds -= {*TOTAL, "tax"}
    weight = max((sense.weight for sense in senses if sense.kind in kinds), default=0.0)
    return frozenset(kinds), weight
