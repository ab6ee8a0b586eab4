"""What stands beside a table on the heights of its rows, and is none of its columns: an address, a stamp."""

from collections.abc import Sequence
from typing import Final

from app.extraction.page.text.layout import Line, Segment, box_of
from app.model.evidence import Box

_FEWEST_ROWS: Final = 4


def without_strays(run: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """A run without what one of its rows alone has at the side, and that as lines of its own."""
    full = [line for line in run if len(line.segments) > 1]
    stray = [box for line in full for box in _outer(line) if _is_alone(full, box)]
    if len(full) < _FEWEST_ROWS or not stray:
        return list(run), []
    kept: list[Line] = []
    left: list[Line] = []
    for line in run:
        out = [segment for segment in line.segments if any(_shares(segment.box, box) for box in stray)]
        rest = [segment for segment in line.segments if segment not in out]
        kept += [line] if not out else [part_of(line, rest)] if rest else []
        left += [part_of(line, out)] if out else []
    return kept, left


def part_of(line: Line, segments: Sequence[Segment]) -> Line:
    """Some segments of a line as a line."""
    words = tuple(word for segment in segments for word in segment.words)
    return Line(words, *box_of(segment.box for segment in segments), line.page, tuple(segments))


def _outer(line: Line) -> tuple[Box, Box]:
    return line.segments[0].box, line.segments[-1].box


def _is_alone(full: Sequence[Line], box: Box) -> bool:
    return sum(any(_shares(segment.box, box) for segment in line.segments) for line in full) == 1


def _shares(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1
