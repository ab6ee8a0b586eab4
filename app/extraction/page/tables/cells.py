"""The numbers of a line, each put into the column of a table under whose head it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.tables.heads import Column
from app.extraction.page.tables.lexicon import MONEY, NUMERIC, Kind
from app.extraction.page.text.amounts import number_readings
from app.extraction.page.text.lines import GAP, Place, TextLine
from app.extraction.page.text.scan import Scan
from app.model.evidence import Box

_NOWHERE: Final = 2.5  # line heights: a number in a text further than this from every column is part of it
_FAR: Final = 6.0  # line heights: so far may a number alone stand from its head
_PROSE: Final = 5  # words of a segment that make a sentence: its numbers are no cells
_MISALIGNED: Final = 0.15  # cost of one line height between the edges of a number and of its head
_UNLIKELY: Final = 3.0  # cost of a percentage in a column of money
_PIECE: Final = re.compile(rf"[^{GAP}]+")
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_WITH_UNIT: Final = re.compile(
    r"(?<![\w.,/-])(?P<num>\d{1,3}(?:[.,' ]\d{3})+[.,]\d\d|\d{1,6}(?:[.,]\d{1,4})?)"
    r"(?=[a-z²³]{1,5}\.?(?![\w-]))"
)
_DURATION: Final = re.compile(r"(?<![\d:.,])(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?![:\d])")
_MINUTES: Final = 60  # of an hour
_MINUTE: Final = Decimal("0.0001")  # of an hour: as fine as quantities are printed
_MARKED: Final = re.compile(r"[.,]\d\d[a-z](?![a-z])")  # an amount with the letter of its rate of tax


class Cell(msgspec.Struct, frozen=True, eq=False):
    """A number of a table, with every reading that its separators allow."""

    line: TextLine
    start: int
    end: int
    box: Box
    readings: tuple[Decimal, ...]
    percent: bool = False
    money: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.line.place(self.start, self.end)


class Strip(msgspec.Struct, frozen=True, eq=False):
    """A line of a table's body: its numbers by column, and the text between them."""

    line: TextLine
    cells: Mapping[int, Cell]
    texts: tuple[tuple[int, int], ...]
    """Spans of the line that are no number of a column, each within one segment."""
    shares: tuple[Decimal, ...] = ()
    """Percentages among the words of the row, by which its amount may be lowered."""

    def text_box(self, span: tuple[int, int]) -> Box:
        """The rectangle of a span."""
        return self.line.box_of(*span)


def strip_of(line: TextLine, hits: Sequence[Cell], columns: Sequence[Column]) -> Strip:
    """A line with its numbers put into columns."""
    chosen = _placed(hits, columns, line) if hits else []
    cells = {at: cell for cell, at in zip(hits, chosen, strict=True) if at is not None}
    return Strip(line, cells, tuple(_texts(line, tuple(cells.values()))))


def amounts_on(line: TextLine, found: Scan) -> list[Cell]:
    """The amounts of a line, whatever column they stand in."""
    return [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), hit.readings, money=hit.money)
        for hit in found.amounts[line.number]
    ]


def numbers_on(line: TextLine, found: Scan) -> list[Cell]:
    """The numbers of a line from left to right, those in sentences left out."""
    cells = list(_durations(line)) if ":" in line.text else []
    cells += [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), hit.readings, money=hit.money)
        for hit in found.amounts[line.number]
        if not any(cell.start < hit.end and hit.start < cell.end for cell in cells)
    ]
    cells += [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), (hit.value,), percent=True)
        for hit in found.percents[line.number]
    ]
    for match in _WITH_UNIT.finditer(line.folded):
        start, end = match.span("num")
        if not any(cell.start < end and start < cell.end for cell in cells):
            readings = number_readings(match["num"], found.decimal_mark)
            money = _MARKED.match(line.folded, end - 3) is not None
            cells.append(Cell(line, start, end, line.box_of(start, end), readings, money=money))
    return sorted((cell for cell in cells if not _is_in_prose(cell)), key=lambda cell: cell.start)


def _durations(line: TextLine) -> Iterator[Cell]:
    """Hours and minutes as hours: `12:30` is 12.5."""
    for match in _DURATION.finditer(line.text):
        part = (Decimal(match["minutes"]) / _MINUTES).quantize(_MINUTE).normalize()
        hours = Decimal(match["hours"]) + part
        yield Cell(line, *match.span(), line.box_of(*match.span()), (hours,))


_LEFT_OUT, _PUT, _EARLIER = range(3)


def _placed(hits: Sequence[Cell], columns: Sequence[Column], line: TextLine) -> list[int | None]:
    """The column of each number, left to right, at the least cost; `None` for a number that is text."""
    height = max(line.box.bottom - line.box.top, 1.0)
    numeric = [_is_numeric(column) for column in columns]
    described = [Kind.DESCRIPTION in column.kinds and not _is_numeric(column) for column in columns]
    best = [0.0] * (len(columns) + 1)  # by how many columns are used, the cost of all numbers so far
    ways: list[list[int]] = []
    for hit in hits:
        far = _FAR if is_alone(hit) else _NOWHERE
        costs, way = [best[0] + far], [_LEFT_OUT]
        for used, column in enumerate(columns, 1):
            how, cost = _LEFT_OUT, best[used] + far
            left_out, earlier = cost, costs[used - 1]
            away = _away(hit.box, column) / height
            if (
                described[used - 1] or best[used - 1] + away < left_out
            ):  # else its cost is more than that alone
                put = best[used - 1] + _cost(hit, column, columns, height, numeric=numeric[used - 1])
                if put < left_out:
                    how, cost = _PUT, put
            if earlier <= left_out and earlier < cost:
                how, cost = _EARLIER, earlier
            costs.append(cost)
            way.append(how)
        best = costs
        ways.append(way)
    return [at if at is None or numeric[at] else None for at in _chosen(ways, len(columns))]


def _chosen(ways: Sequence[Sequence[int]], used: int) -> list[int | None]:
    """The columns that were chosen number by number, followed back from the last."""
    chosen: list[int | None] = []
    for way in reversed(ways):
        while way[used] == _EARLIER:
            used -= 1
        if way[used] == _PUT:
            used -= 1
            chosen.append(used)
        else:
            chosen.append(None)
    return chosen[::-1]


def is_alone(hit: Cell) -> bool:
    """Whether nothing but a sign or a unit shares the number's segment."""
    start, end = hit.line.segment_at(hit.start)
    return len(hit.line.text[start : hit.start].strip()) + len(hit.line.text[hit.end : end].strip()) <= 4  # noqa: PLR2004


def _is_in_prose(hit: Cell) -> bool:
    start, end = hit.line.segment_at(hit.start)
    return len(_LETTERS.findall(hit.line.text, start, end)) >= _PROSE


def _is_numeric(column: Column) -> bool:
    return not column.kinds or not column.kinds.isdisjoint(NUMERIC)


def _away(box: Box, column: Column) -> float:
    """How far a number stands from the width of a column; 0 within it."""
    if box.x1 < column.x0:
        return column.x0 - box.x1
    return box.x0 - column.x1 if column.x1 < box.x0 else 0.0


def _cost(hit: Cell, column: Column, columns: Sequence[Column], height: float, *, numeric: bool) -> float:
    box = hit.box
    away = _away(box, column) / height
    middle = abs(box.x0 + box.x1 - column.x0 - column.x1) / 2
    edge = min(abs(box.x0 - column.x0), abs(box.x1 - column.x1), middle) / height
    cost = away + _MISALIGNED * min(edge, 6.0)
    if not numeric:
        if Kind.DESCRIPTION in column.kinds:
            away = 0.0 if _is_inside_text(hit, column, columns) else away + 1.0
            cost = away
        return cost + (1.0 if hit.money or hit.percent else 0.0)
    if hit.percent and column.kinds and not column.may_be(Kind.TAX_RATE, Kind.DISCOUNT):
        cost += _UNLIKELY
    if (
        not hit.percent
        and column.kinds <= MONEY
        and not hit.money
        and hit.readings[0] == hit.readings[0] // 1
    ):
        cost += 0.3
    return cost


def _is_inside_text(hit: Cell, column: Column, columns: Sequence[Column]) -> bool:
    """Whether a number is part of a description that starts under its head and has not reached the next."""
    start, end = hit.line.segment_at(hit.start)
    if not _LETTERS.search(hit.line.text[start:end]):
        return False
    box = hit.line.box_of(start, end)
    if any(_is_numeric(other) and box.x0 < other.x1 and other.x0 < box.x1 for other in columns):
        return False
    following = min((other.x0 for other in columns if other.x0 > column.x1), default=box.x1 + 1)
    before = max((other.x1 for other in columns if other.x1 < column.x0), default=box.x0 - 1)
    return before <= box.x0 and hit.box.x1 < following


def _texts(line: TextLine, cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """The spans that no cell covers, without the spaces around them."""
    cuts = sorted((cell.start, cell.end) for cell in cells)
    cuts.append((len(line.text), len(line.text)))
    position = 0
    for start, end in cuts:
        for piece in _PIECE.finditer(line.text[position:start]):
            text = piece.group()
            left = position + piece.start() + len(text) - len(text.lstrip())
            right = position + piece.end() - (len(text) - len(text.rstrip()))
            if left < right:
                yield left, right
        position = max(position, end)
