"""Tables by geometry alone: lines whose segments keep the same columns, with or without drawn rules."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final, NamedTuple

from app.extraction.page.layout import Line, Segment, box_of
from app.extraction.segments.direction import reads
from app.extraction.segments.prose import line_added
from app.extraction.segments.table import is_number
from app.model.document import Page
from app.model.evidence import Box

_FAR: Final = 2.6
"""Line heights between two lines of one table."""
_FURTHER: Final = 8.0
"""The same between two full rows of three columns and more, which are not there by chance."""
_TIGHT: Final = 0.8
"""Line heights between two lines of one cell."""
_CLEAR: Final = 0.8
"""The part of a table's lines that must leave a strip empty for it to part two columns."""
_NARROW: Final = 2.0
"""Points: a strip that parts columns is at least this wide."""
_FEWEST_LINES: Final = 2
_VALUES: Final = 0.5
"""The part of a second column that must be numbers or marks for two columns to be a table, not two texts."""
_SHORT_CELL: Final = 28
_REACH: Final = 3.0
_FULL: Final = 0.6
"""The part of the fullest row's cells from which a line is a row of its own."""
_OVERLAY: Final = 2.5
"""Times as high as the usual line: a stamp across the table."""
_MOST_ABOVE: Final = 3
_MOST_NOTES: Final = 6
"""Lines between two rows that keep to no column."""
_LEVEL: Final = 2.0
_BESIDE: Final = 0.2


class GridCell(NamedTuple):
    """A cell: where it stands, its text, and how many columns and rows it spans."""

    text: str
    box: Box
    column: int
    span: int
    down: int = 1


class Grid(NamedTuple):
    """A table of one page, row by row, the empty cells left out."""

    rows: tuple[tuple[GridCell, ...], ...]
    columns: int
    head: int
    """How many of the first rows are column heads."""
    lines: tuple[Line, ...]
    box: Box
    edges: tuple[float, ...]
    """Where the columns part, in points."""


def find_grids(page: Page, lines: Sequence[Line]) -> list[Grid]:
    """The tables of a page, top to bottom; no line is in two of them."""
    grids = []
    for run in _runs(page, lines):
        grid = _grid(page, run)
        if grid is not None:
            grids.append(grid)
    return grids


def _runs(page: Page, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Neighbouring lines that could be one table.

    Lines of several segments that keep the same columns, with what stands between them: lone segments of one
    column, and a few notes across the columns if the table goes on below them.
    """
    usual = median(line.bottom - line.top for line in lines) if lines else 0.0
    level = [line for line in lines if line.bottom - line.top < _OVERLAY * usual]
    run: list[Line] = []
    notes: list[Line] = []
    begun = 0
    for at, line in enumerate(level):
        if run and _follows(page, run, notes, line):
            run += [*notes, line]
            notes = []
        elif run and _may_be_note(run, notes, line):
            notes.append(line)
        else:
            yield from _whole(run, level[:begun])
            run, notes, begun = ([line] if len(line.segments) > 1 else []), [], at
    yield from _whole(run, level[:begun])


def _may_be_note(run: Sequence[Line], notes: Sequence[Line], line: Line) -> bool:
    """Whether a lone line may stand between two rows: within the table's width, with no wide gap above."""
    last = (notes or run)[-1]
    near = line.top - last.bottom < _FAR * (line.bottom - line.top)
    inside = line.x0 > min(own.x0 for own in run) - _REACH and line.x1 < max(own.x1 for own in run) + _REACH
    return len(line.segments) == 1 and len(notes) < _MOST_NOTES and near and inside


def _whole(run: list[Line], before: Sequence[Line]) -> Iterator[list[Line]]:
    """A run that is a table: without loose lines after its last row, with the first lines of tall cells."""
    while run and len(run[-1].segments) == 1 and not _is_tight(run[-2], run[-1]):
        run = run[:-1]
    if sum(len(line.segments) > 1 for line in run) < _FEWEST_LINES:
        return
    for line in before[: -_MOST_ABOVE - 1 : -1]:
        if not _is_tight(line, run[0]) or not _is_under_one(run, line):
            break
        run = [line, *run]
    yield run


def _is_tight(above: Line, below: Line) -> bool:
    return below.top - above.bottom < _TIGHT * min(above.bottom - above.top, below.bottom - below.top)


def _follows(page: Page, run: list[Line], notes: Sequence[Line], line: Line) -> bool:
    height = median(own.bottom - own.top for own in run)
    gap = line.top - max(own.bottom for own in [*run[-2:], *notes])
    if len(line.segments) == 1:
        return not notes and gap < _FAR * height and _is_under_one(run, line)
    rows = [own for own in run if len(own.segments) > 1]
    if _is_new_head(rows, line):
        return False
    broad = min(len(line.segments), max(len(own.segments) for own in rows)) > 2  # noqa: PLR2004 (three columns)
    if notes or gap > _FAR * height:
        reach = _FURTHER if broad or _ruled_between(page, run[-1], line) else 0
        return gap < reach * height and broad and _is_aligned(rows, line)
    return _shares_columns(rows, line)


def _is_new_head(rows: Sequence[Line], line: Line) -> bool:
    """Whether a line without a number, fuller than the rows above that have some, begins another table."""
    wordy = not any(c.isdigit() for c in line.text)
    fuller = len(line.segments) > max(2, *(len(own.segments) for own in rows[-3:]))
    return wordy and fuller and any(c.isdigit() for own in rows for c in own.text)


def _is_aligned(rows: Sequence[Line], line: Line) -> bool:
    """Whether most segments of a line are flush with segments of the rows above, on one side or centred."""
    boxes = [segment.box for own in rows[-3:] for segment in own.segments]
    flush = sum(any(_is_flush(segment.box, box) for box in boxes) for segment in line.segments)
    return flush >= _FULL * len(line.segments)


def _is_flush(one: Box, other: Box) -> bool:
    left, right = abs(one.x0 - other.x0), abs(one.x1 - other.x1)
    return min(left, right, abs(one.x0 + one.x1 - other.x0 - other.x1) / 2) < _REACH


def _is_under_one(run: Sequence[Line], line: Line) -> bool:
    """Whether a lone segment stands over or under at most one segment of the run's fullest line."""
    if len(line.segments) > 1:
        return False
    only = line.segments[0].box
    widest = max(run, key=lambda own: len(own.segments))
    under = [
        own for own in widest.segments if only.x0 < own.box.x1 + _REACH and own.box.x0 - _REACH < only.x1
    ]
    return len(under) <= 1 and only.x1 > widest.x0 - _REACH and only.x0 < widest.x1 + _REACH


def _ruled_between(page: Page, above: Line, below: Line) -> bool:
    return any(
        above.top < ruling.top <= below.bottom and ruling.x1 - ruling.x0 > (above.x1 - above.x0) / 3
        for ruling in page.rulings
        if ruling.bottom - ruling.top < _LEVEL
    )


def _shares_columns(rows: Sequence[Line], line: Line) -> bool:
    """Whether most segments of a line stand over or under segments of the last rows."""
    near = [segment.box for own in rows[-3:] for segment in own.segments]
    shared = sum(_stands_with(segment.box, near) for segment in line.segments)
    return shared * 2 >= len(line.segments)


def _stands_with(box: Box, others: Sequence[Box]) -> bool:
    return any(
        min(abs(box.x0 - other.x0), abs(box.x1 - other.x1)) < _REACH
        or (box.x0 < other.x1 and other.x0 < box.x1)
        for other in others
    )


def _grid(page: Page, run: list[Line]) -> Grid | None:
    edges = _edges(run)
    if not edges:
        return None
    cells = [_cells(line.segments, edges) for line in run]
    if len(edges) == 1 and not _is_list_of_values(cells):
        return None
    rows = _rows(page, run, cells)
    return Grid(
        rows=tuple(tuple(row) for row in rows),
        columns=len(edges) + 1,
        head=_head_rows(rows),
        lines=tuple(run),
        box=box_of(line.box for line in run),
        edges=tuple(edges),
    )


def _edges(run: Sequence[Line]) -> list[float]:
    """Where the columns part: the middles of the strips that nearly all lines leave empty."""
    full = [line for line in run if len(line.segments) > 1]
    most = (1 - _CLEAR) * len(full)
    boxes = [segment.box for line in full for segment in line.segments]
    steps = sorted([*((box.x0, 1) for box in boxes), *((box.x1, -1) for box in boxes)])
    edges, covered, empty_from = [], 0, float("-inf")
    for x, step in steps:
        was_clear, covered = covered <= most, covered + step
        if was_clear and covered > most:
            if x - empty_from >= _NARROW and empty_from > float("-inf"):
                edges.append((empty_from + x) / 2)
        elif not was_clear and covered <= most:
            empty_from = x
    return edges


def _cells(segments: Sequence[Segment], edges: Sequence[float]) -> list[GridCell]:
    cells: list[GridCell] = []
    for segment in segments:
        first = sum(edge <= segment.box.x0 + 1 for edge in edges)
        last = max(first, sum(edge < segment.box.x1 - 1 for edge in edges))
        if cells and cells[-1].column + cells[-1].span > first:
            cells[-1] = _joined(cells[-1], segment, last)
        else:
            cells.append(GridCell(_text(segment), segment.box, first, last - first + 1))
    return cells


def _text(segment: Segment) -> str:
    return reads([word.text for word in segment.words])


def _joined(cell: GridCell, segment: Segment, last: int) -> GridCell:
    box = box_of((cell.box, segment.box))
    return GridCell(f"{cell.text} {_text(segment)}", box, cell.column, max(cell.span, last - cell.column + 1))


def _is_list_of_values(rows: Sequence[Sequence[GridCell]]) -> bool:
    """Whether the second of two columns holds values (numbers, dates, marks) rather than another text."""
    seconds = [cell.text for row in rows for cell in row if cell.column == 1]
    values = sum(len(text) <= _SHORT_CELL and is_number(text) for text in seconds)
    labels = sum(cell.text.rstrip().endswith(":") for row in rows for cell in row if cell.column == 0)
    return bool(seconds) and max(values, labels) >= _VALUES * len(seconds)


def _rows(page: Page, run: Sequence[Line], cells: Sequence[list[GridCell]]) -> list[list[GridCell]]:
    """Rows: the full lines, each with the lines of its taller cells above and below."""
    fullest = max(map(len, cells))
    anchors: list[int] = []
    for at, row in enumerate(cells):
        beside = anchors and _is_beside(run[anchors[-1]], run[at]) and not _collide(cells[anchors[-1]], row)
        if _is_row(row, fullest) and not beside:
            anchors.append(at)
    anchors = anchors or [0]
    rows = {at: list(cells[at]) for at in anchors}
    homes = {at: _home(page, run, at, anchors) for at in range(len(run)) if at not in rows}
    for at, home in homes.items():
        if home is None:
            rows[at] = list(cells[at])
    below = [at for at, home in homes.items() if home is not None and at > home]
    above = [at for at, home in homes.items() if home is not None and at < home]
    for at in (*below, *reversed(above)):  # from a row outwards
        home = homes[at]
        if home is not None:
            rows[home] = _row_joined(rows[home], cells[at], above=at < home)
    return [rows[at] for at in sorted(rows)]


def _is_beside(line: Line, other: Line) -> bool:
    """Whether two lines stand on nearly the same height: a cell set a little lower than its row."""
    return line.bottom - other.top > _BESIDE * min(line.bottom - line.top, other.bottom - other.top)


def _collide(row: Sequence[GridCell], other: Sequence[GridCell]) -> bool:
    return any(_overlap(one, two) for one in row for two in other if one.column or two.column)


def _is_row(cells: Sequence[GridCell], fullest: int) -> bool:
    """Whether a line is a row of its own: nearly as full as the fullest, or ending in a number."""
    if len(cells) >= max(2, _FULL * fullest):
        return True
    return len(cells) > 1 and is_number(cells[-1].text)


def _home(page: Page, run: Sequence[Line], at: int, anchors: Sequence[int]) -> int | None:
    """The row that a line carries on: the one above unless the line is closer to the one below."""
    above = max((anchor for anchor in anchors if anchor < at), default=None)
    below = min((anchor for anchor in anchors if anchor > at), default=None)
    up = _closeness(page, run, at, above)
    down = _closeness(page, run, at, below)
    if up is None or (down is not None and down < up - 1):
        return below if down is not None else None
    return above


def _closeness(page: Page, run: Sequence[Line], at: int, anchor: int | None) -> float | None:
    """The widest gap on the way from a line to a row; `None` when a rule or too wide a gap is in between."""
    if anchor is None:
        return None
    way = range(min(at, anchor), max(at, anchor))
    if any(_ruled_between(page, run[step], run[step + 1]) for step in way):
        return None
    if not all(_is_tight(run[step], run[step + 1]) for step in way):
        return None
    return max(run[step + 1].top - run[step].bottom for step in way)


def _row_joined(row: Sequence[GridCell], more: Sequence[GridCell], *, above: bool) -> list[GridCell]:
    """A row with the cells of another of its lines, read before or after its own."""
    joined = list(row)
    for cell in more:
        at = next((i for i, own in enumerate(joined) if _overlap(own, cell)), None)
        if at is None:
            joined.append(cell)
            continue
        own = joined[at]
        text = line_added(cell.text, own.text) if above else line_added(own.text, cell.text)
        joined[at] = GridCell(text, box_of((own.box, cell.box)), own.column, own.span)
    return sorted(joined, key=lambda own: own.column)


def _overlap(one: GridCell, other: GridCell) -> bool:
    return one.column < other.column + other.span and other.column < one.column + one.span


def _head_rows(rows: Sequence[Sequence[GridCell]]) -> int:
    """One, when the first row has no number in it and a later one has."""
    if len(rows) < _FEWEST_LINES or any(is_number(cell.text) for cell in rows[0]):
        return 0
    return int(any(is_number(cell.text) for row in rows[1:] for cell in row) and len(rows[0]) > 1)
