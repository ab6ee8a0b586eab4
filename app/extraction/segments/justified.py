"""Lines of justified text whose spaces are set so wide that they look like gaps between columns."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.extraction.page.text.layout import Line, Segment, box_of, font_size
from app.extraction.segments.prose import is_mark
from app.model.evidence import Box

_WIDEST: Final = 2.0
"""Of the font size: a space that justifying made."""
_HANGING: Final = 4.0
"""Of the font size: how far behind its mark an item begins."""
_FLUSH: Final = 3.0
"""Points."""


def mended(lines: Sequence[Line]) -> list[Line]:
    """The lines, the justified ones whole again.

    A line is one when it fills its column from edge to edge like its neighbours, and their words stand across
    its gaps.
    """
    return [
        _whole(line) if _is_justified(lines, at) or _is_marked(line) else line
        for at, line in enumerate(lines)
    ]


def _is_marked(line: Line) -> bool:
    """Whether a line is the mark of a list's item and, set in, its text."""
    if len(line.segments) != 2 or len(line.segments[0].words) != 1:  # noqa: PLR2004 (a mark and its text)
        return False
    mark, text = line.segments
    near = text.box.x0 - mark.box.x1 < _HANGING * font_size(line.words[0])
    return near and is_mark(mark.text) and any(c.isalpha() for c in text.text)


def _whole(line: Line) -> Line:
    run = Segment(line.words, " ".join(word.text for word in line.words), box_of(line.words))
    return Line(line.words, line.x0, line.top, line.x1, line.bottom, line.page, (run,))


def _is_justified(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    if len(line.segments) == 1:
        return False
    size = font_size(line.words[0])
    gaps = [(one.box.x1, other.box.x0) for one, other in pairwise(line.segments)]
    if any(right - left > _WIDEST * size for left, right in gaps):
        return False
    near = [lines[i] for i in (at - 1, at + 1) if 0 <= i < len(lines)]
    beside = [other for other in near if _is_flush(line, other, size)]
    return bool(beside) and all(_is_crossed(beside, gap) for gap in gaps)


def _is_flush(line: Line, other: Line, size: float) -> bool:
    """Whether another line is the next of the same text: the same left edge, and no longer."""
    tight = max(line.top, other.top) - min(line.bottom, other.bottom) < size
    return tight and abs(line.x0 - other.x0) < 2 * size and abs(line.x1 - other.x1) < _FLUSH


def _is_crossed(others: Sequence[Line], gap: tuple[float, float]) -> bool:
    return any(_covers(word_run.box, gap) for other in others for word_run in other.segments)


def _covers(box: Box, gap: tuple[float, float]) -> bool:
    return box.x0 < gap[0] and box.x1 > gap[1]
