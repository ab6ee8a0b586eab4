"""A net of rules that holds several tables: titles run across it, and columns differ between them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from app.extraction.page.text.layout import Line, Segment, box_of
from app.extraction.segments.cells import Grid, GridCell
from app.extraction.segments.heads import head_rows
from app.model.document import Word
from app.model.evidence import Box

_FEWEST_TITLES: Final = 2
Row = tuple[GridCell, ...]


def unboxed(grid: Grid) -> tuple[list[Grid], list[Line]]:
    """The tables in a net, and the lines between them; one table and no line where it is one."""
    parted = groupby(grid.rows, key=lambda row: _is_title(row, grid))
    blocks = [list(rows) for title, rows in parted if not title]
    titles = [row[0] for row in grid.rows if _is_title(row, grid)]
    if len(titles) < _FEWEST_TITLES or len({_columns(block) for block in blocks}) < _FEWEST_TITLES:
        return [grid], []
    loose = [line for title in titles for line in _lines_of(title, grid.lines)]
    return [_grid(grid, block) for block in blocks], loose


def _lines_of(title: GridCell, lines: Sequence[Line]) -> Iterator[Line]:
    """The words of a title as lines of their own; its box is no larger than they are."""
    for line in lines:
        words = tuple(word for word in line.words if _holds(title.box, word))
        if words:
            box = box_of(words)
            yield Line(words, *box, line.page, (Segment(words, " ".join(word.text for word in words), box),))


def _is_title(row: Row, grid: Grid) -> bool:
    return len(row) == 1 and row[0].span == grid.columns


def _columns(rows: Sequence[Row]) -> tuple[int, ...]:
    """Where the cells of a block begin."""
    return tuple(sorted({cell.column for row in rows for cell in row}))


def _grid(grid: Grid, rows: Sequence[Row]) -> Grid:
    """A block as a table of its own columns."""
    begins = _columns(rows)
    number = {column: at for at, column in enumerate(begins)}
    fitted = tuple(
        tuple(
            cell._replace(
                column=number[cell.column],
                span=max(1, sum(cell.column <= column < cell.column + cell.span for column in begins)),
            )
            for cell in row
        )
        for row in rows
    )
    box = box_of(cell.box for row in rows for cell in row)
    cells = [cell.box for row in rows for cell in row]
    own = tuple(line for line in grid.lines if any(_holds(box, word) for word in line.words for box in cells))
    walls = (grid.box.x0, *grid.edges)
    edges = tuple(walls[column] for column in begins if column)
    return Grid(fitted, len(begins), head_rows(fitted), own, box, edges)


def _holds(box: Box, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom
