"""Tables: a head, and the lines under it with every number in its column."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.tables.cells import Cell, Strip, is_alone, numbers_on, strip_of
from app.extraction.page.tables.heads import Column, Head, find_heads
from app.extraction.page.tables.lexicon import AMOUNTS, MONEY, PRICES, Kind
from app.extraction.page.text.amounts import number_readings
from app.extraction.page.text.layout import repeated
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan
from app.model.evidence import Box

_MOST_EDGES: Final = 100  # amounts without a head that are looked at
_MOSTLY: Final = 0.5  # of a number's width that is under its head
_COPIED: Final = 0.8  # of the lines of a page that are the same on its copy
_WORDED: Final = frozenset({Kind.DESCRIPTION, Kind.UNIT, Kind.TAX_KIND, Kind.CODE, Kind.POSITION, Kind.DATE})
_NUMBERING: Final = frozenset({Kind.POSITION, Kind.CODE, Kind.DATE, Kind.OTHER, Kind.UNIT})


class Table(msgspec.Struct, frozen=True, eq=False):
    """A head and what stands under it, over pages."""

    head: Head
    columns: tuple[Column, ...]
    strips: tuple[Strip, ...]

    def of(self, *kinds: Kind) -> list[int]:
        """Positions of the columns that may be of one of the kinds."""
        return [at for at, column in enumerate(self.columns) if column.may_be(*kinds)]

    @property
    def lists_items(self) -> bool:
        """Whether its head speaks of things sold: what they are, and what they cost."""
        priced = bool(self.of(*PRICES))
        counted = bool(self.of(Kind.QUANTITY))
        if self.sums_taxes or (self.of(Kind.BASE, Kind.GOODS) and not counted and not priced):
            return False
        if self.of(Kind.DESCRIPTION):
            return priced or bool(self.of(*AMOUNTS))
        return counted and (priced or bool(self.of(Kind.CODE) and self.of(*AMOUNTS)))

    @property
    def has_money(self) -> bool:
        """Whether a column may hold an amount, or has no name and may hold anything."""
        return any(not column.kinds or not column.kinds.isdisjoint(MONEY) for column in self.columns)

    @property
    def sums_taxes(self) -> bool:
        """Whether its head speaks of tax by rate, and of nothing that is sold."""
        sold = {Kind.QUANTITY, Kind.DESCRIPTION, *PRICES}
        if any(column.kinds and column.kinds <= sold for column in self.columns) or self.of(Kind.QUANTITY):
            return False
        based = bool(self.of(Kind.BASE, Kind.NET, Kind.GROSS, Kind.AMOUNT, Kind.GOODS))
        taxed = bool(self.of(Kind.TAX_AMOUNT)) or len(self.of(Kind.TAX_RATE, Kind.TAX_AMOUNT)) > 1
        taxed = taxed or (bool(self.of(Kind.TAX_RATE)) and len(self.of(*AMOUNTS, Kind.BASE)) > 1)
        return based and taxed


def find_tables(found: Scan) -> list[Table]:
    """All tables that have a head, each with the lines down to the next head."""
    copies = _copies(found)
    heads = [_describing(head) for head in find_heads(found) if head.page not in copies]
    running = running_lines(found) | {line.number for line in found.lines if line.page in copies}
    bounds = [*(head.first for head in heads[1:]), len(found.lines)][: len(heads)]
    return [
        _table(head, [line for line in found.lines[head.last + 1 : end] if line.number not in running], found)
        for head, end in zip(heads, bounds, strict=True)
    ]


def _describing(head: Head) -> Head:
    """A head of numbered things with amounts: the column after their numbers says what they are."""
    columns = head.columns
    known = {kind for column in columns for kind in column.kinds}
    if Kind.DESCRIPTION in known or Kind.POSITION not in known or known.isdisjoint(AMOUNTS):
        return head
    at = 1 + next(at for at, column in enumerate(columns) if Kind.POSITION in column.kinds)
    if at >= len(columns) or not columns[at].kinds <= {Kind.OTHER, Kind.CODE}:
        return head
    named = msgspec.structs.replace(columns[at], kinds=frozenset({Kind.DESCRIPTION}))
    return msgspec.structs.replace(head, columns=(*columns[:at], named, *columns[at + 1 :]))


def _pages(found: Scan) -> dict[int, list[TextLine]]:
    pages: dict[int, list[TextLine]] = {}
    for line in found.lines:
        pages.setdefault(line.page, []).append(line)
    return pages


def _copies(found: Scan) -> set[int]:
    """Pages that print an earlier one again, but for a word such as *copy*."""
    seen: list[set[str]] = []
    copies = set()
    for number, lines in _pages(found).items():
        texts = {line.text for line in lines}
        if any(len(texts & other) >= _COPIED * max(len(texts), len(other)) for other in seen):
            copies.add(number)
        seen.append(texts)
    return copies


def running_lines(found: Scan) -> frozenset[int]:
    """Numbers of the lines that are running headers and footers."""
    listed = list(_pages(found).values())
    if len(listed) < 2:  # noqa: PLR2004 - nothing runs over one page
        return frozenset()
    marked = repeated([[(line.box.top, line.text) for line in page] for page in listed])
    return frozenset(listed[page][at].number for page, at in marked)


def _table(head: Head, lines: Sequence[TextLine], found: Scan) -> Table:
    bare = Table(head, head.columns, ())
    if not (bare.lists_items or bare.sums_taxes or bare.has_money):
        return bare  # whatever it lists is neither sold nor taxed
    numbers = [numbers_on(line, found) for line in lines]
    columns = settled(tuple(_parted(tuple(_over_cells(head.columns, numbers)), numbers)))
    strips = [strip_of(line, hits, columns) for line, hits in zip(lines, numbers, strict=True)]
    extra = _unnamed(columns, strips, head)
    wider = tuple(sorted((*_widened(columns, strips), *extra), key=lambda column: column.x0))
    if wider != columns:
        strips = [
            strip_of(line, hits, wider) if hits else strip
            for line, hits, strip in zip(lines, numbers, strips, strict=True)
        ]
    return Table(head, wider, tuple(_with_shares(tuple(_merged(strips, wider)), found)))


def _with_shares(strips: Sequence[Strip], found: Scan) -> Iterator[Strip]:
    """Strips with the percentages that stand in no column of theirs, or on lines of words right below."""
    shares: tuple[Decimal, ...] = ()
    backwards: list[Strip] = []
    for strip in reversed(strips):
        taken = {cell.start for cell in strip.cells.values() if cell.percent}
        own = tuple(abs(hit.value) for hit in found.percents[strip.line.number] if hit.start not in taken)
        shares = own + shares
        backwards.append(msgspec.structs.replace(strip, shares=shares) if strip.cells and shares else strip)
        if strip.cells:
            shares = ()
    return reversed(backwards)


def _over_cells(columns: Sequence[Column], numbers: Sequence[Sequence[Cell]]) -> Iterator[Column]:
    """The columns; one with no number under its head, set left, is as wide as the numbers set right of it."""
    boxes = [hit.box for hits in numbers for hit in hits]
    for column, end in zip(columns, [*(column.x0 for column in columns[1:]), float("inf")], strict=True):
        if column.kinds <= _WORDED or any(box.x0 < column.x1 and column.x0 < box.x1 for box in boxes):
            yield column
            continue
        beside = [box.x1 for box in boxes if column.x1 <= box.x0 and box.x1 < end]
        yield msgspec.structs.replace(column, x1=max(beside)) if beside else column


def _parted(columns: Sequence[Column], numbers: Sequence[Sequence[Cell]]) -> Iterator[Column]:
    """The columns; one under which most lines have two numbers is two, whose heads were printed as one."""
    for column in columns:
        under = [[hit for hit in hits if _stands_under(hit.box, column)] for hits in numbers]
        pairs = [hits for hits in under if len(hits) == 2 and all(map(is_alone, hits))]  # noqa: PLR2004
        end = max((left.box.x1 for left, _ in pairs), default=column.x1)
        start = min((right.box.x0 for _, right in pairs), default=column.x1)
        if end < start and 2 * len(pairs) > sum(map(bool, under)):
            counted = column.kinds & {Kind.QUANTITY}
            yield Column(column.x0, end, counted, "")
            yield Column(start, column.x1, column.kinds - counted, "")
        else:
            yield column


def _stands_under(box: Box, column: Column) -> bool:
    """Whether most of a number is under a head."""
    return min(box.x1, column.x1) - max(box.x0, column.x0) >= _MOSTLY * (box.x1 - box.x0)


def _merged(strips: Sequence[Strip], columns: Sequence[Column]) -> Iterator[Strip]:
    """Strips where a line that holds only the amount of the one above gives it up to it."""
    held: Strip | None = None
    for strip in strips:
        if held is not None and _completes(held, strip, columns):
            held = msgspec.structs.replace(held, cells={**held.cells, **strip.cells})
            yield held
            held = msgspec.structs.replace(strip, cells={})
            continue
        if held is not None:
            yield held
        held = strip
    if held is not None:
        yield held


def _completes(upper: Strip, lower: Strip, columns: Sequence[Column]) -> bool:
    """Whether a line has just the amounts that the priced line above lacks, hardly lower than it."""
    height = min(box.bottom - box.top for box in (upper.line.box, lower.line.box))
    priced = any(columns[at].may_be(Kind.QUANTITY, *PRICES) for at in upper.cells)
    valued = any(columns[at].may_be(*AMOUNTS) for at in upper.cells)
    return (
        priced
        and not valued
        and bool(lower.cells)
        and all(columns[at].may_be(*AMOUNTS, Kind.TAX_AMOUNT, Kind.TAX_RATE) for at in lower.cells)
        and upper.line.page == lower.line.page
        and lower.line.box.top - upper.line.box.bottom < height / 2
    )


def _widened(columns: Sequence[Column], strips: Sequence[Strip]) -> list[Column]:
    """Columns as wide as their numbers, on the lines that fit the table."""
    bounds = [(column.x0, column.x1) for column in columns]
    for strip in strips:
        if len(strip.cells) > 1 and all(_clear(cell.box, at, columns) for at, cell in strip.cells.items()):
            for at, cell in strip.cells.items():
                bounds[at] = (min(bounds[at][0], cell.box.x0), max(bounds[at][1], cell.box.x1))
    return [
        msgspec.structs.replace(column, x0=x0, x1=x1)
        for column, (x0, x1) in zip(columns, bounds, strict=True)
    ]


def _clear(box: Box, at: int, columns: Sequence[Column]) -> bool:
    """Whether a number of one column stands over no other."""
    return all(
        box.x1 <= column.x0 or box.x0 >= column.x1 for index, column in enumerate(columns) if index != at
    )


def settled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns with fewer meanings: one that a neighbour has for certain is not theirs too."""
    certain = {next(iter(column.kinds)) for column in columns if len(column.kinds) == 1} & _SINGLE
    numbered = {Kind.CODE, Kind.POSITION}
    describes = any(
        Kind.DESCRIPTION in column.kinds and column.kinds.isdisjoint(numbered) for column in columns
    )
    found = []
    for column in columns:
        given = certain
        if describes and not column.kinds.isdisjoint(numbered):
            given = certain | {Kind.DESCRIPTION}  # a column of numbers beside it is not another description
        left = column.kinds - given if len(column.kinds) > 1 else column.kinds
        found.append(msgspec.structs.replace(column, kinds=left or column.kinds))
    return tuple(found)


_SINGLE: Final = frozenset({
    Kind.DESCRIPTION, Kind.QUANTITY, Kind.POSITION, Kind.PRICE, Kind.TAX_AMOUNT, Kind.TAX_RATE, Kind.UNIT,
})  # fmt: skip


def _unnamed(columns: Sequence[Column], strips: Sequence[Strip], head: Head) -> list[Column]:
    """Columns of amounts that have no head: money at the same right edge on lines that fit the table."""
    edges: list[Box] = []
    for strip in strips:
        if len(strip.cells) > 1:
            covered = [(cell.start, cell.end) for cell in strip.cells.values()]
            edges.extend(
                cell.box
                for cell in _isolated_money(strip)
                if not any(start <= cell.start < end for start, end in covered)
            )
    found: list[Column] = []
    for box in edges[:_MOST_EDGES]:
        clear = all(box.x0 > column.x1 or box.x1 < column.x0 for column in (*columns, *found))
        twins = [other for other in edges if abs(other.x1 - box.x1) < 2]  # noqa: PLR2004 - points
        if clear and (len(twins) > 1 or len(edges) == 1) and head.box.x0 <= box.x0:
            left = min(other.x0 for other in twins)
            found.append(Column(left, box.x1, frozenset(), ""))
    return found


def _isolated_money(strip: Strip) -> Iterator[Cell]:
    """Numbers that are a segment of their own and were given no column."""
    for start, end in strip.texts:
        text = strip.line.folded[start:end]
        if strip.line.segment_at(start) == (start, end) and re.fullmatch(
            r"[-+(]?[€$£]? ?[\d.,' ]*\d[.,]\d\d\)?(?: ?[€$£])?", text
        ):
            digits = re.sub(r"[^\d.,']", "", text)
            yield Cell(
                strip.line, start, end, strip.line.box_of(start, end), number_readings(digits), money=True
            )
