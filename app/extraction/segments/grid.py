"""Tables by geometry alone: the cells that rules draw, and lines whose segments keep the same columns."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from app.extraction.page.text.layout import Line, Segment, box_of
from app.extraction.segments.cells import Grid, GridCell
from app.extraction.segments.direction import reads
from app.extraction.segments.heads import head_rows
from app.extraction.segments.lattice import ruled_grids
from app.extraction.segments.rows import banded, rows_of
from app.extraction.segments.runs import ruled_between, runs
from app.extraction.segments.strays import without_strays
from app.extraction.segments.table import Table, is_number
from app.model.document import Page
from app.model.evidence import Box

_CLEAR: Final = 0.8
"""The part of a table's lines that must leave a strip empty for it to part two columns."""
_NARROW: Final = 2.0
"""Points: a strip that parts columns is at least this wide."""
_VALUES: Final = 0.5
"""The part of a second column that must be numbers or marks for two columns to be a table, not two texts."""
_SHORT_CELL: Final = 28


def find_grids(
    page: Page, lines: Sequence[Line], before: Table | None = None
) -> tuple[list[Grid], list[Line]]:
    """The tables among some lines of a page, and the lines that are in none of them.

    `before` is the last table of the page before, of which a single row may be left.
    """
    grids, loose = ruled_grids(page, lines, goes_on=before is not None)
    taken: set[int] = set()
    beside: list[Line] = []
    for run in runs(page, loose):
        kept, strays = without_strays(run)
        grid = _grid(page, kept)
        if grid is not None:
            grids.append(grid)
            taken.update(map(id, run))
            beside += strays
    rest = [line for line in loose if id(line) not in taken]
    if before is not None and rest and lines[0] is rest[0] and _is_row_of(before, rest[0]):
        grids.append(_last_row(before, rest.pop(0)))
    return grids, sorted((*rest, *beside), key=lambda line: line.top + line.bottom)


def _is_row_of(table: Table, line: Line) -> bool:
    """Whether each segment of a line stands under a column of its own."""
    columns = [
        [at for at, (x0, x1) in enumerate(table.extents) if segment.box.x0 < x1 and x0 < segment.box.x1]
        for segment in line.segments
    ]
    return (
        len(columns) > 1
        and all(len(at) == 1 for at in columns)
        and len({at[0] for at in columns}) == len(columns)
    )


def _last_row(table: Table, line: Line) -> Grid:
    edges = tuple((one[1] + other[0]) / 2 for one, other in pairwise(table.extents))
    return Grid((tuple(_cells(line.segments, edges)),), table.columns, 0, (line,), line.box, edges)


def _grid(page: Page, run: list[Line]) -> Grid | None:
    edges = _edges(run)
    if not edges:
        return None
    first = next(at for at, line in enumerate(run) if len(line.segments) > 1)
    cells = [
        _cells(_headed(line.segments, edges) if at == first else line.segments, edges)
        for at, line in enumerate(run)
    ]
    if len(edges) == 1 and not (_is_list_of_values(cells) or _is_ruled(page, run)):
        return None
    rows = rows_of(page, *banded(run, cells))
    return Grid(
        rows=tuple(tuple(row) for row in rows),
        columns=len(edges) + 1,
        head=head_rows(rows),
        lines=tuple(run),
        box=box_of(line.box for line in run),
        edges=tuple(edges),
    )


def _edges(run: Sequence[Line]) -> list[float]:
    """Where the columns part: in strips that nearly all lines leave empty, where the fewest reach in."""
    full = [line for line in run if len(line.segments) > 1]
    most = (1 - _CLEAR) * len(full)
    edges = []
    strip: list[_Stretch] = []
    for stretch in _stretches([segment.box for line in full for segment in line.segments]):
        if stretch.covered <= most:
            strip.append(stretch)
            continue
        if strip and strip[-1].end - strip[0].begin >= _NARROW:
            edges.append(_emptiest(strip))
        strip = []
    return edges


class _Stretch(NamedTuple):
    begin: float
    end: float
    covered: int
    """Lines that stand in it."""


def _stretches(boxes: Sequence[Box]) -> Iterator[_Stretch]:
    """From the first to the last box, how many there are side by side."""
    steps = sorted([*((box.x0, 1) for box in boxes), *((box.x1, -1) for box in boxes)])
    covered = 0
    for (x, step), (end, _) in pairwise(steps):
        covered += step
        if end > x:
            yield _Stretch(x, end, covered)


def _emptiest(strip: Sequence[_Stretch]) -> float:
    """The middle of the widest of the emptiest stretches of a strip."""
    best = min(strip, key=lambda it: (it.covered, it.begin - it.end))
    return (best.begin + best.end) / 2


def _cells(segments: Sequence[Segment], edges: Sequence[float]) -> list[GridCell]:
    cells: list[GridCell] = []
    for segment in segments:
        first = sum(edge <= segment.box.x0 + 1 for edge in edges)
        last = max(first, sum(edge < segment.box.x1 - 1 for edge in edges))
        if cells and cells[-1].column + cells[-1].span > first:
            cells[-1] = _joined(cells[-1], segment, last)
        else:
            bold = all(word.bold for word in segment.words)
            cells.append(GridCell(_text(segment), segment.box, first, last - first + 1, bold=bold))
    return cells


def _headed(segments: Sequence[Segment], edges: Sequence[float]) -> Sequence[Segment]:
    """The segments of a first row, heads that stand as near to each other as words told apart."""
    if any(is_number(segment.text) for segment in segments):
        return segments
    return [piece for segment in segments for piece in _pieces(segment, edges)]


def _pieces(segment: Segment, edges: Sequence[float]) -> Iterator[Segment]:
    """A segment by the columns that its words stand in; whole where a word stands across an edge."""
    if any(word.x0 + 1 < edge < word.x1 - 1 for word in segment.words for edge in edges):
        yield segment
        return
    for _, words in groupby(segment.words, key=lambda word: sum(edge < word.x0 + 1 for edge in edges)):
        own = tuple(words)
        yield Segment(own, " ".join(word.text for word in own), box_of(own))


def _text(segment: Segment) -> str:
    return reads([word.text for word in segment.words])


def _joined(cell: GridCell, segment: Segment, last: int) -> GridCell:
    return cell._replace(
        text=f"{cell.text} {_text(segment)}",
        box=box_of((cell.box, segment.box)),
        span=max(cell.span, last - cell.column + 1),
        bold=cell.bold and all(word.bold for word in segment.words),
    )


def _is_list_of_values(rows: Sequence[Sequence[GridCell]]) -> bool:
    """Whether the second of two columns holds values (numbers, dates, marks) rather than another text."""
    seconds = [cell.text for row in rows for cell in row if cell.column == 1]
    values = sum(len(text) <= _SHORT_CELL and is_number(text) for text in seconds)
    labels = sum(cell.text.rstrip().endswith(":") for row in rows for cell in row if cell.column == 0)
    labels = max(labels, sum(text.startswith(":") for text in seconds))
    return bool(seconds) and max(values, labels) >= _VALUES * len(seconds)


def _is_ruled(page: Page, run: Sequence[Line]) -> bool:
    """Whether rules part the lines that have something in both columns."""
    full = [at for at, line in enumerate(run) if len(line.segments) > 1]
    parted = sum(
        any(ruled_between(page, run[at], run[at + 1]) for at in range(first, second))
        for first, second in pairwise(full)
    )
    return len(full) > 2 and parted * 2 >= len(full) - 1  # noqa: PLR2004 (two rows and their heads)
