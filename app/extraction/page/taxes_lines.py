"""Tax lines outside any table: a rate with what it is of, or with what it comes to, among the sums."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

from app.extraction.page.scan import Scan
from app.extraction.page.tables import Cell
from app.extraction.page.text import TextLine
from app.model.money import CENT, HUNDRED

_EXACT: Final = 2 * CENT
_LEAST: Final = Decimal(1)  # of a base: below it, any rate gives the same cents

Taxed = tuple[tuple[Decimal, Decimal, Decimal], tuple[Cell, Cell, Cell]]


def taxed_lines(found: Scan, taken: frozenset[int]) -> Iterator[Taxed]:
    """Rate, base and tax that agree, for each line that names a rate beside an amount."""
    for line in found.lines:
        if line.number in taken or not found.percents[line.number]:
            continue
        if not _speaks_of_tax(line, found):
            continue
        for rate in _percents(line, found):
            amounts = _beside(rate, found)
            within = _pair(rate, [pair for pair in product(amounts, amounts) if pair[0] is not pair[1]])
            yield from within or _pair(rate, list(product(_bases(found, taken, line), amounts)))


def _speaks_of_tax(line: TextLine, found: Scan) -> bool:
    return any(label.means("tax", "tax_rate", "net") for label in found.labels[line.number])


def _amounts(line: TextLine, found: Scan) -> list[Cell]:
    return [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), hit.readings, money=hit.money)
        for hit in found.amounts[line.number]
    ]


def _percents(line: TextLine, found: Scan) -> list[Cell]:
    return [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), (hit.value,), percent=True)
        for hit in found.percents[line.number]
        if 0 < hit.value < HUNDRED
    ]


def _bases(found: Scan, taken: frozenset[int], near: TextLine) -> list[Cell]:
    """Amounts that a net label stands beside, then all others outside the items, the nearest above first."""
    lines = sorted(
        (line for line in found.lines if line.number not in taken and line is not near),
        key=lambda line: (
            not any(label.means("net") for label in found.labels[line.number]),
            line.number > near.number,
            abs(line.number - near.number),
        ),
    )
    return [cell for line in lines for cell in _amounts(line, found) if cell.money]


def _beside(rate: Cell, found: Scan) -> list[Cell]:
    """Amounts on the line of a rate; where the rate heads a column, those of its segment and under it."""
    line = rate.line
    own = _amounts(line, found)
    following = line.number + 1
    if following >= len(found.lines) or found.lines[following].page != line.page:
        return own
    start, end = line.segment_at(rate.start)
    box = line.box_of(start, end)
    under = [
        cell
        for cell in _amounts(found.lines[following], found)
        if cell.money and cell.box.x0 < box.x1 and box.x0 < cell.box.x1
    ]
    if not under or found.lines[following].box.top - line.box.bottom > line.box.bottom - line.box.top:
        return own
    inside = [cell for cell in own if start <= cell.start < end]
    return [*inside, *under] if len(own) == len(inside) or not own else own


def _pair(rate: Cell, pairs: Sequence[tuple[Cell, Cell]]) -> list[Taxed]:
    """The first base and tax that fit a rate."""
    for base, amount in pairs:
        for b, a in product(base.readings, amount.readings):
            if abs(b) >= _LEAST and a and abs(b * rate.readings[0] / HUNDRED - a) <= _EXACT:
                return [((rate.readings[0], b, a), (rate, base, amount))]
    return []
