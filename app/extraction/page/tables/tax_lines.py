"""Tax lines outside any table: a rate with what it is of, or with what it comes to, among the sums."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from app.extraction.page.tables.cells import Cell, amounts_on
from app.extraction.page.tables.lexicon import Kind, tiled, tokens_on
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan
from app.model.money import CENT, HUNDRED

_EXACT: Final = 2 * CENT
_LEAST: Final = Decimal(1)  # of a base: below it, any rate gives the same cents
_REACH: Final = 30  # lines between a rate and the sum that it is of
_PROSE: Final = 5  # longer words in a segment that make it a sentence
_WORDS: Final = re.compile(r"[^\W\d_]{3,}")
_TAXED: Final = frozenset({Kind.TAX_RATE, Kind.TAX_AMOUNT})


class Taxed(NamedTuple):
    """A rate, the tax, and the base where one was found for which base x rate = tax."""

    rate: Cell
    amount: Cell
    base: Cell | None
    values: tuple[Decimal, Decimal, Decimal | None]
    """Rate, tax and base as read."""


def taxed_lines(found: Scan, taken: frozenset[int]) -> Iterator[Taxed]:
    """One for each rate that stands beside an amount on a line that speaks of tax."""
    for line in found.lines:
        if line.number in taken or not found.percents[line.number] or not _speaks_of_tax(line, found):
            continue
        for rate in _percents(line, found):
            if not _is_in_prose(rate):
                yield from _taxed(rate, found, taken)


def _taxed(rate: Cell, found: Scan, taken: frozenset[int]) -> list[Taxed]:
    own, inside, under = _beside(rate, found)
    amounts = [*own, *under]
    proved = _pair(rate, [pair for pair in product(amounts, amounts) if pair[0] is not pair[1]])
    proved = proved or _pair(rate, list(product(_bases(found, taken, rate.line), amounts)))
    alone = next((cells for cells in (inside, own, under) if cells), [])
    if not proved and len(alone) == 1:
        return [Taxed(rate, alone[0], None, (rate.readings[0], alone[0].readings[0], None))]
    return proved


def _is_in_prose(rate: Cell) -> bool:
    start, end = rate.line.segment_at(rate.start)
    return len(_WORDS.findall(rate.line.text, start, end)) > _PROSE


def _speaks_of_tax(line: TextLine, found: Scan) -> bool:
    labels = found.labels[line.number]
    if any(label.means("withholding", "social_security", "discount", "charge") for label in labels):
        return False
    if any(label.means("tax", "tax_rate", "net") for label in labels):
        return True
    words = [token.text for token in tokens_on(line)]
    return any(phrase.kinds and phrase.kinds <= _TAXED for phrase in tiled(words))


def _percents(line: TextLine, found: Scan) -> list[Cell]:
    return [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), (hit.value,), percent=True)
        for hit in found.percents[line.number]
        if 0 <= hit.value < HUNDRED
    ]


def _bases(found: Scan, taken: frozenset[int], near: TextLine) -> list[Cell]:
    """Amounts outside the items that stand near, those that a net label stands beside first."""
    close = [
        line
        for line in found.lines[max(near.number - _REACH, 0) : near.number + _REACH]
        if line.number not in taken and line is not near
    ]
    close.sort(
        key=lambda line: (
            not any(label.means("net") for label in found.labels[line.number]),
            line.number > near.number,
            abs(line.number - near.number),
        )
    )
    return [cell for line in close for cell in amounts_on(line, found) if cell.money]


def _beside(rate: Cell, found: Scan) -> tuple[list[Cell], list[Cell], list[Cell]]:
    """Amounts of money on the line of a rate; those of them in its segment; and those right under it."""
    line, following = rate.line, rate.line.number + 1
    start, end = line.segment_at(rate.start)
    box = line.box_of(start, end)
    own = [cell for cell in amounts_on(line, found) if cell.money]
    inside = [cell for cell in own if start <= cell.start < end]
    if following >= len(found.lines) or found.lines[following].page != line.page:
        return own, inside, []
    lower = found.lines[following]
    if lower.box.top - line.box.bottom > line.box.bottom - line.box.top:
        return own, inside, []
    under = [
        cell
        for cell in amounts_on(lower, found)
        if cell.money and cell.box.x0 < box.x1 and box.x0 < cell.box.x1
    ]
    return own, inside, under


def _pair(rate: Cell, pairs: Sequence[tuple[Cell, Cell]]) -> list[Taxed]:
    """The first base and tax that fit a rate."""
    for base, amount in pairs:
        for b, a in product(base.readings, amount.readings):
            if abs(b) >= _LEAST and a and abs(b * rate.readings[0] / HUNDRED - a) <= _EXACT:
                return [Taxed(rate, amount, base, (rate.readings[0], a, b))]
    return []
