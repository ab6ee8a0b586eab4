"""From cells with places to a table in reading order, or a list of labels with their values."""

from statistics import median
from typing import Final

from app.extraction.page.text.layout import box_of, font_size
from app.extraction.segments.cells import Grid, GridCell
from app.extraction.segments.direction import runs_leftwards
from app.extraction.segments.part import Part, Sheet
from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Cell, Table, is_amount
from app.model.segment import SegmentType

_MOSTLY: Final = 0.6
_PAIR: Final = 2


def tabled(sheet: Sheet, grid: Grid) -> Part:
    """A table as a part of its page; labels with colons and their values are a text."""
    words = [word for line in grid.lines for word in line.words]
    labelled = _labelled(grid)
    return Part(
        kind=SegmentType.TEXT if labelled else SegmentType.TABLE,
        sheet=sheet,
        box=grid.box,
        paragraphs=labelled,
        table=None if labelled else _table(grid),
        size=median(font_size(word) for word in words),
        lines=len(grid.lines),
        confidence=min(word.confidence for word in words),
    )


def _labelled(grid: Grid) -> tuple[Paragraph, ...]:
    """The lines of a list of labels that end with a colon, one by one; empty for any other table."""
    if grid.columns != _PAIR or grid.head:
        return ()
    firsts = [row[0] for row in grid.rows if row[0].column == 0]
    ended = sum(cell.text.rstrip().endswith(":") for cell in firsts)
    begun = sum(row[-1].column == 1 and row[-1].text.startswith(":") for row in grid.rows)
    if max(ended, begun) < _MOSTLY * len(grid.rows):
        return ()
    return (Paragraph("\n".join(" ".join(cell.text for cell in row) for row in grid.rows)),)


def _table(grid: Grid) -> Table:
    leftwards = runs_leftwards("".join(cell.text for row in grid.rows for cell in row))
    extents = _extents(grid)
    right = tuple(_holds_numbers(grid, column) for column in range(grid.columns))
    if leftwards:
        extents, right = extents[::-1], right[::-1]
    return Table(
        rows=tuple(_row(row, grid.columns, leftwards=leftwards) for row in grid.rows),
        columns=grid.columns,
        head=grid.head,
        right=right,
        extents=extents,
        leftwards=leftwards,
    )


def _row(cells: tuple[GridCell, ...], columns: int, *, leftwards: bool) -> tuple[Cell, ...]:
    if not leftwards:
        return tuple(Cell(cell.text, cell.column, cell.span, cell.down) for cell in cells)
    return tuple(
        Cell(cell.text, columns - cell.column - cell.span, cell.span, cell.down) for cell in reversed(cells)
    )


def _extents(grid: Grid) -> tuple[tuple[float, float], ...]:
    """What each column's cells cover; a column that only spans fill covers what is between its edges."""
    walls = (grid.box.x0, *grid.edges, grid.box.x1)
    found = []
    for column in range(grid.columns):
        boxes = [cell.box for row in grid.rows for cell in row if (cell.column, cell.span) == (column, 1)]
        box = box_of(boxes) if boxes else None
        found.append((box.x0, box.x1) if box else (walls[column], walls[column + 1]))
    return tuple(found)


def _holds_numbers(grid: Grid, column: int) -> bool:
    """Whether most cells of a column below the head are numbers."""
    texts = [
        cell.text for row in grid.rows[grid.head :] for cell in row if (cell.column, cell.span) == (column, 1)
    ]
    return bool(texts) and sum(is_amount(text) for text in texts) * 2 > len(texts)
