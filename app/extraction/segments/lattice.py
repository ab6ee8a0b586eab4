"""Tables whose cells are drawn: rules that cross each other, and the words between them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from app.extraction.page.text.layout import Line, box_of
from app.extraction.segments.cells import Grid, GridCell
from app.extraction.segments.direction import reads
from app.extraction.segments.heads import head_rows
from app.extraction.segments.prose import line_added
from app.extraction.segments.strays import part_of
from app.extraction.segments.table import is_number
from app.extraction.segments.unboxed import unboxed
from app.model.document import Page, Ruling, Word
from app.model.evidence import Box

_LEVEL: Final = 3.0
"""Points: a thicker rule is an area."""
_SNAP: Final = 2.5
"""Points: rules that are so near to each other are one, or meet."""
_SMALLEST: Final = 6.0
"""Points: no row or column of text is smaller."""
_MOST_RULES: Final = 3000
_MOST_LINES: Final = 4
"""Of a row that stands alone on its page."""
_FEWEST: Final = 2
"""Rows and columns with something in them."""


class _Rule(NamedTuple):
    at: float
    """Of a level rule its height, of an upright one its place across."""
    low: float
    high: float


def ruled_grids(page: Page, lines: Sequence[Line], *, goes_on: bool = False) -> tuple[list[Grid], list[Line]]:
    """The drawn tables that hold some of the lines, and what of the lines stands outside of them.

    A single row is a table only as the first thing of a page on which one may go on.
    """
    levels = _merged(_Rule((it.top + it.bottom) / 2, it.x0, it.x1) for it in page.rulings if _is_level(it))
    uprights = _merged(
        _Rule((it.x0 + it.x1) / 2, it.top, it.bottom) for it in page.rulings if _is_upright(it)
    )
    grids: list[Grid] = []
    rest = list(lines)
    if len(levels) + len(uprights) > _MOST_RULES:
        return [], rest
    for across, down in _connected(levels, uprights):
        walls = _Walls(across, down)
        inside, outside = _parted(rest, walls.box)
        first = goes_on and bool(inside) and inside[0] is lines[0]
        grid = _grid(walls, inside, alone=first) if inside else None
        if grid is not None:
            blocks, titles = unboxed(grid)
            grids += blocks
            rest = sorted([*outside, *titles], key=lambda line: line.top + line.bottom)
    return grids, rest


def _is_level(ruling: Ruling) -> bool:
    return ruling.bottom - ruling.top < _LEVEL and ruling.x1 - ruling.x0 > _SMALLEST


def _is_upright(ruling: Ruling) -> bool:
    return ruling.x1 - ruling.x0 < _LEVEL and ruling.bottom - ruling.top > _SMALLEST / 2


def _merged(rules: Iterable[_Rule]) -> list[_Rule]:
    """Rules on one line that touch or overlap as one."""
    lined: list[list[_Rule]] = []
    for rule in sorted(rules):
        if lined and rule.at - lined[-1][0].at < _SNAP:
            lined[-1].append(rule)
        else:
            lined.append([rule])
    return [whole for line in lined for whole in _whole(line)]


def _whole(line: Iterable[_Rule]) -> Iterator[_Rule]:
    held: _Rule | None = None
    for rule in sorted(line, key=lambda rule: rule.low):
        if held and rule.low <= held.high + _SNAP:
            held = _Rule(held.at, held.low, max(held.high, rule.high))
            continue
        if held:
            yield held
        held = rule
    if held:
        yield held


def _connected(
    levels: Sequence[_Rule], uprights: Sequence[_Rule]
) -> Iterator[tuple[list[_Rule], list[_Rule]]]:
    """Rules that cross or touch each other, directly or through others, from the top of the page."""
    across, down = list(levels), list(uprights)
    while across:
        group = [across.pop(0)]
        walls: list[_Rule] = []
        grown = True
        while grown:
            fresh = [wall for wall in down if any(_meet(level, wall) for level in group)]
            down = [wall for wall in down if wall not in fresh]
            walls += fresh
            more = [level for level in across if any(_meet(level, wall) for wall in fresh)]
            across = [level for level in across if level not in more]
            group += more
            grown = bool(more)
        if len(group) > 1 and len(walls) > _FEWEST:
            yield group, walls


def _meet(level: _Rule, wall: _Rule) -> bool:
    return (
        level.low - _SNAP <= wall.at <= level.high + _SNAP
        and wall.low - _SNAP <= level.at <= wall.high + _SNAP
    )


class _Walls:
    """A net of rules: the places of its rows and columns, and which of them are parted where."""

    def __init__(self, levels: Sequence[_Rule], uprights: Sequence[_Rule]) -> None:
        self._levels, self._uprights = levels, uprights
        self.rows = _places(level.at for level in levels)
        self.columns = _places(wall.at for wall in uprights)
        self.box = Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    def parts_columns(self, row: int, column: int) -> bool:
        """Whether a wall stands at the right of a place."""
        middle, at = (self.rows[row] + self.rows[row + 1]) / 2, self.columns[column + 1]
        return any(abs(wall.at - at) < _SNAP and wall.low < middle < wall.high for wall in self._uprights)

    def parts_rows(self, row: int, column: int) -> bool:
        """Whether a rule runs below a place."""
        middle, at = (self.columns[column] + self.columns[column + 1]) / 2, self.rows[row + 1]
        return any(abs(level.at - at) < _SNAP and level.low < middle < level.high for level in self._levels)


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _SMALLEST / 2:
            places.append(value)
    return places


def _parted(lines: Sequence[Line], box: Box) -> tuple[list[Line], list[Line]]:
    """Lines by whether they stand inside; one that does in part is two."""
    inside: list[Line] = []
    outside: list[Line] = []
    for line in lines:
        within = [segment for segment in line.segments if _is_inside(segment.box, box)]
        if len(within) == len(line.segments):
            inside.append(line)
        elif within:
            inside.append(part_of(line, within))
            outside.append(part_of(line, [segment for segment in line.segments if segment not in within]))
        else:
            outside.append(line)
    return inside, outside


def _is_inside(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.top + inner.bottom) / 2
    return outer.x0 < x < outer.x1 and outer.top < y < outer.bottom


def _grid(walls: _Walls, lines: Sequence[Line], *, alone: bool) -> Grid | None:
    """The table of a net; `None` where its fields hold rows of their own, or it parts nothing."""
    fields = _fields(walls)
    if fields is None:
        return None
    placed = _placed(walls, fields, lines)
    if placed is None:
        return None
    rows = [
        tuple(cell for field, cell in sorted(placed.items()) if field[0] == row)
        for row in range(len(walls.rows) - 1)
    ]
    told = [(row, cells) for row, cells in enumerate(rows) if cells]
    columns = {cell.column for _, cells in told for cell in cells}
    if len(columns) < _FEWEST or (len(told) < _FEWEST and not (alone and _is_one_row(walls, lines))):
        return None
    kept = _without_empty_rows(told)
    return Grid(
        rows=kept,
        columns=len(walls.columns) - 1,
        head=head_rows(kept),
        lines=tuple(lines),
        box=walls.box,
        edges=tuple(walls.columns[1:-1]),
    )


def _is_one_row(walls: _Walls, lines: Sequence[Line]) -> bool:
    """Whether a net is the only row of its table on this page, rather than frames around texts."""
    return len(walls.rows) == _FEWEST and len(lines) <= _MOST_LINES


def _without_empty_rows(told: Sequence[tuple[int, tuple[GridCell, ...]]]) -> tuple[tuple[GridCell, ...], ...]:
    """The rows that hold something; cells reach over those that are left."""
    numbers = [row for row, _ in told]
    return tuple(
        tuple(
            cell._replace(down=max(1, sum(row <= number < row + cell.down for number in numbers)))
            for cell in cells
        )
        for row, cells in told
    )


Field = tuple[int, int]
Fields = dict[Field, tuple[Field, int, int]]
"""By place in the net: where its field begins, and how many columns and rows that spans."""


def _fields(walls: _Walls) -> Fields | None:
    """The fields of a net; `None` where one is no rectangle."""
    height, width = len(walls.rows) - 1, len(walls.columns) - 1
    found: Fields = {}
    for row in range(height):
        for column in range(width):
            if (row, column) in found:
                continue
            span = 1
            while column + span < width and not walls.parts_columns(row, column + span - 1):
                span += 1
            down = 1
            while row + down < height and not walls.parts_rows(row + down - 1, column):
                down += 1
            for place in ((row + y, column + x) for y in range(down) for x in range(span)):
                if place in found:
                    return None
                found[place] = ((row, column), span, down)
    return found


def _placed(walls: _Walls, fields: Fields, lines: Sequence[Line]) -> dict[Field, GridCell] | None:
    """What stands in each field; `None` where numbers stand stacked, as in rows that no rule parts."""
    held: dict[Field, list[list[Word]]] = {}
    for line in lines:
        fresh: dict[Field, list[Word]] = {}
        for word in line.words:
            fresh.setdefault(_field_of(walls, fields, word), []).append(word)
        for field, words in fresh.items():
            held.setdefault(field, []).append(words)
    stacked = sum(_stacks_numbers(texts) for texts in held.values())
    if stacked > 1:
        return None
    return {field: _cell(field, fields[field], texts) for field, texts in held.items()}


def _field_of(walls: _Walls, fields: Fields, word: Word) -> Field:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    row = max(0, min(sum(place <= y for place in walls.rows) - 1, len(walls.rows) - 2))
    column = max(0, min(sum(place <= x for place in walls.columns) - 1, len(walls.columns) - 2))
    return fields[row, column][0]


def _stacks_numbers(texts: Sequence[Sequence[Word]]) -> bool:
    said = [" ".join(word.text for word in words) for words in texts]
    return any(is_number(one) and is_number(other) for one, other in pairwise(said))


def _cell(field: Field, span: tuple[Field, int, int], texts: Sequence[Sequence[Word]]) -> GridCell:
    text = ""
    for words in texts:
        said = reads([word.text for word in words])
        text = line_added(text, said) if text else said
    words = [word for line in texts for word in line]
    return GridCell(text, box_of(words), field[1], span[1], span[2], all(word.bold for word in words))
