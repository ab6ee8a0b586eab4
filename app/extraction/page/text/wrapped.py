"""Labels over two lines, as narrow columns break them: `Fecha de` over `expedición`."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.extraction.page.text.lexicon import Label, with_phrase
from app.extraction.page.text.lines import GAP, TextLine, has_digit
from app.model.evidence import Box

_REACH: Final = 2  # lines further down, since other columns have heights of their own
_FLUSH: Final = 2.0  # points
_TIGHT: Final = 0.45  # of a line's height: the widest gap between two lines of one label
_LONGEST: Final = 3  # words of its second line

Labels = tuple[Label, ...]


def joined(lines: Sequence[TextLine], labels: Sequence[Labels]) -> tuple[Labels, ...]:
    """The labels by line, those that go on under themselves with their whole meaning.

    What a label goes on with is no label of its own any more.
    """
    found = [list(on_line) for on_line in labels]
    for number, on_line in enumerate(labels):
        for label in on_line:
            for below, start, end in _under(label, lines) if _may_go_on(label) else ():
                whole = with_phrase(label, below, start, end)
                if whole is not None:
                    found[number] = [other for other in found[number] if other.start < label.start]
                    found[number].append(whole)
                    rest = found[below.number - lines[0].number]
                    rest[:] = [other for other in rest if not start <= other.start < end]
                    break
    return tuple(tuple(on_line) for on_line in found)


def _may_go_on(label: Label) -> bool:
    """Whether nothing but letters stands in the label's segment, no colon ends it, and it is no title."""
    start, end = label.line.segment_at(label.start)
    return (
        label.leads
        and not label.names_paper
        and not has_digit(text := label.line.text[start:end])
        and ":" not in text
    )


def _under(label: Label, lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, int, int]]:
    """The segment right under a label's, where nothing stands right of it, or a colon ends it.

    What stands right of the colon is the rest of the value: that goes on under itself as well.
    """
    start, _ = label.line.segment_at(label.start)
    own = label.line.boxes[label.line.text.count(GAP, 0, start)]
    first = label.line.number - lines[0].number + 1
    for line in lines[first : first + _REACH]:
        if line.page != label.line.page:
            return
        for start, end, box in _segments(line):
            text = line.text[start:end]
            ends = end == len(line.text) or text.endswith(":")
            if ends and _is_next(own, box) and not has_digit(text) and len(text.split()) <= _LONGEST:
                yield line, start, end


def _segments(line: TextLine) -> Iterator[tuple[int, int, Box]]:
    start = 0
    for text, box in zip(line.text.split(GAP), line.boxes, strict=True):
        yield start, start + len(text), box
        start += len(text) + len(GAP)


def _is_next(upper: Box, lower: Box) -> bool:
    height = upper.bottom - upper.top
    gap = lower.top - upper.bottom
    return abs(upper.x0 - lower.x0) < _FLUSH and -height / 2 < gap < _TIGHT * height
