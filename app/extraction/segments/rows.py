"""Lines of a table to rows: which lines are rows, and which belong to the cells of one above or below."""

from collections.abc import Sequence
from typing import Final

from app.extraction.page.text.layout import Line, box_of
from app.extraction.segments.cells import GridCell
from app.extraction.segments.prose import line_added
from app.extraction.segments.runs import FULL, interleaves, is_tight, ruled_between
from app.extraction.segments.table import is_number
from app.model.document import Page

_OPEN: Final = ("-", "–", "/", ",")
"""How a number ends that goes on below: a period, a range."""
_BESIDE: Final = 0.2


def banded(run: Sequence[Line], cells: Sequence[list[GridCell]]) -> tuple[list[Line], list[list[GridCell]]]:
    """Lines and their cells, those made one whose cells stand between each other's lines."""
    lines: list[Line] = []
    banded: list[list[GridCell]] = []
    for at, (line, row) in enumerate(zip(run, cells, strict=True)):
        if at and interleaves(run[at - 1], line) and not _stacks_numbers(banded[-1], row):
            lines[-1] = _both(lines[-1], line)
            banded[-1] = row_joined(banded[-1], row, above=False)
        else:
            lines.append(line)
            banded.append(list(row))
    return lines, banded


def _both(one: Line, other: Line) -> Line:
    box = box_of((one.box, other.box))
    return Line((*one.words, *other.words), *box, one.page, (*one.segments, *other.segments))


def _stacks_numbers(row: Sequence[GridCell], more: Sequence[GridCell]) -> bool:
    return any(
        overlap(one, two) and is_number(one.text) and is_number(two.text) for one in row for two in more
    )


def rows_of(page: Page, run: Sequence[Line], cells: Sequence[list[GridCell]]) -> list[list[GridCell]]:
    """Rows: the full lines, each with the lines of its taller cells above and below."""
    fullest = max(map(len, cells))
    anchors: list[int] = []
    for at, row in enumerate(cells):
        beside = anchors and _is_beside(run[anchors[-1]], run[at]) and not _collide(cells[anchors[-1]], row)
        if _is_row(row, fullest, cells[anchors[-1]] if anchors else ()) and not beside:
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
            rows[home] = row_joined(rows[home], cells[at], above=at < home)
    return [rows[at] for at in sorted(rows)]


def _is_beside(line: Line, other: Line) -> bool:
    """Whether two lines stand on nearly the same height: a cell set a little lower than its row."""
    return line.bottom - other.top > _BESIDE * min(line.bottom - line.top, other.bottom - other.top)


def _collide(row: Sequence[GridCell], other: Sequence[GridCell]) -> bool:
    return any(overlap(one, two) for one in row for two in other if one.column or two.column)


def _is_row(cells: Sequence[GridCell], fullest: int, above: Sequence[GridCell]) -> bool:
    """Whether a line is a row of its own: nearly as full as the fullest, or a number under the last row's.

    A number under nothing belongs to the row above, printed a little lower; one under a text goes on from it.
    """
    if len(cells) >= max(2, FULL * fullest):
        return True
    if len(cells) == 1 or not is_number(cells[-1].text):
        return False
    over = [cell.text for cell in above if overlap(cell, cells[-1])]
    return not above or any(is_number(text) and not text.endswith(_OPEN) for text in over)


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
    if any(ruled_between(page, run[step], run[step + 1]) for step in way):
        return None
    if not all(is_tight(run[step], run[step + 1]) for step in way):
        return None
    return max(run[step + 1].top - run[step].bottom for step in way)


def row_joined(row: Sequence[GridCell], more: Sequence[GridCell], *, above: bool) -> list[GridCell]:
    """A row with the cells of another of its lines, read before or after its own."""
    joined = list(row)
    for cell in more:
        at = next((i for i, own in enumerate(joined) if overlap(own, cell)), None)
        if at is None:
            joined.append(cell)
            continue
        own = joined[at]
        text = line_added(cell.text, own.text) if above else line_added(own.text, cell.text)
        joined[at] = own._replace(text=text, box=box_of((own.box, cell.box)), bold=own.bold and cell.bold)
    return sorted(joined, key=lambda own: own.column)


def overlap(one: GridCell, other: GridCell) -> bool:
    """Whether two cells have a column in common."""
    return one.column < other.column + other.span and other.column < one.column + one.span
