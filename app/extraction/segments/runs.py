"""Which neighbouring lines of a page could be one table."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from app.extraction.page.text.layout import Line, font_size
from app.model.document import Page
from app.model.evidence import Box

FEWEST_LINES: Final = 2
FULL: Final = 0.6
"""The part of the fullest row's cells from which a line is a row of its own."""
_FAR: Final = 2.6
"""Line heights between two lines of one table."""
_FURTHER: Final = 8.0
"""The same between two full rows of three columns and more, which are not there by chance."""
_TIGHT: Final = 0.8
"""Line heights between two lines of one cell."""
_REACH: Final = 3.0
_OVERLAY: Final = 2.5
"""Times as high as the usual line: a stamp across the table."""
_MOST_ABOVE: Final = 3
_MOST_NOTES: Final = 6
"""Lines between two rows that keep to no column."""
_LEVEL: Final = 3.0
_CLOSER: Final = 0.7
_LARGER: Final = 1.12
_BETWEEN: Final = 0.28
"""Of the lower line: two lines that share so much height are one row; lines set solid share less."""


def runs(page: Page, lines: Sequence[Line]) -> Iterator[list[Line]]:
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
    broad = max(len(own.segments) for own in run) > 2  # noqa: PLR2004 (three columns)
    near = line.top - last.bottom < (_FURTHER / 2 if broad else _FAR) * (line.bottom - line.top)
    if not _is_smaller_or_alike(run[-1], line):
        return False  # a heading: what follows is another table
    inside = line.x0 > min(own.x0 for own in run) - _REACH and line.x1 < max(own.x1 for own in run) + _REACH
    return len(line.segments) == 1 and len(notes) < _MOST_NOTES and near and inside


def _whole(run: list[Line], before: Sequence[Line]) -> Iterator[list[Line]]:
    """A run that is a table: without loose lines after its last row, with the first lines of tall cells."""
    run = _without_tail(run)
    if sum(len(line.segments) > 1 for line in run) < FEWEST_LINES:
        return
    for line in before[: -_MOST_ABOVE - 1 : -1]:
        if not is_tight(line, run[0]) or not _is_under_one(run, line) or not _looks_alike(line, run[0]):
            break
        run = [line, *run]
    yield run


def _without_tail(run: list[Line]) -> list[Line]:
    """A run without lone lines after its last row, unless they follow it closer than its rows each other."""
    last = max((at for at, line in enumerate(run) if len(line.segments) > 1), default=-1)
    if last < 1:
        return run[: last + 1]
    rows = [below.top - above.bottom for above, below in pairwise(run[: last + 1])]
    wrapped = min(rows) < 0 or any(len(line.segments) == 1 for line in run[:last])
    closest = max(rows) if wrapped else _CLOSER * min(rows)
    end = last + 1
    while (
        end < len(run) and is_tight(run[end - 1], run[end]) and run[end].top - run[end - 1].bottom <= closest
    ):
        end += 1
    return run[:end]


def _is_smaller_or_alike(above: Line, line: Line) -> bool:
    own, other = (median(font_size(word) for word in it.words) for it in (line, above))
    return own < _LARGER * other


def _looks_alike(one: Line, other: Line) -> bool:
    """Whether two lines are set in letters of one size and, as a whole, of one weight."""
    sizes = [median(font_size(word) for word in line.words) for line in (one, other)]
    heavy = [all(word.bold for word in line.words) for line in (one, other)]
    return max(sizes) < _LARGER * min(sizes) and heavy[0] is heavy[1]


def is_tight(above: Line, below: Line) -> bool:
    """Whether a line follows another as lines of one cell do."""
    return below.top - above.bottom < _TIGHT * min(above.bottom - above.top, below.bottom - below.top)


def _follows(page: Page, run: list[Line], notes: Sequence[Line], line: Line) -> bool:
    height = median(own.bottom - own.top for own in run)
    gap = line.top - max(own.bottom for own in [*run[-2:], *notes])
    if len(line.segments) == 1:
        if not _is_smaller_or_alike(run[-1], line):
            return False
        return not notes and gap < _FAR * height and _is_under_one(run, line)
    rows = [own for own in run if len(own.segments) > 1]
    if interleaves(run[-1], line):
        return True
    if _is_new_head(rows, line):
        return False
    broad = min(len(line.segments), max(len(own.segments) for own in rows)) > 2  # noqa: PLR2004 (three columns)
    if notes or gap > _FAR * height:
        reach = _FURTHER if broad or ruled_between(page, run[-1], line) else 0
        return gap < reach * height and broad and (_is_aligned(rows, line) or _is_alike(rows, line))
    return _shares_columns(rows, line)


def _is_new_head(rows: Sequence[Line], line: Line) -> bool:
    """Whether a line without a number, fuller than the rows above that have some, begins another table."""
    wordy = not any(c.isdigit() for c in line.text)
    fuller = len(line.segments) > max(2, *(len(own.segments) for own in rows[-3:]))
    return wordy and fuller and any(c.isdigit() for own in rows for c in own.text)


def interleaves(above: Line, below: Line) -> bool:
    """Whether two lines stand so much beside each other that they are parts of one row of tall cells."""
    lower = min(above.bottom - above.top, below.bottom - below.top)
    return above.bottom - below.top > _BETWEEN * lower


def _is_alike(rows: Sequence[Line], line: Line) -> bool:
    """Whether a full line has a segment over every one of the last full row, and no other."""
    fullest = max(len(own.segments) for own in rows)
    last = next(own for own in reversed(rows) if len(own.segments) == fullest)
    return len(line.segments) == fullest and all(
        one.box.x0 < other.box.x1 and other.box.x0 < one.box.x1
        for one, other in zip(last.segments, line.segments, strict=True)
    )


def _is_aligned(rows: Sequence[Line], line: Line) -> bool:
    """Whether most segments of a line are flush with segments of the rows above, on one side or centred."""
    boxes = [segment.box for own in rows[-3:] for segment in own.segments]
    flush = sum(any(_is_flush(segment.box, box) for box in boxes) for segment in line.segments)
    return flush >= FULL * len(line.segments)


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


def ruled_between(page: Page, above: Line, below: Line) -> bool:
    """Whether a drawn rule parts two lines."""
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
