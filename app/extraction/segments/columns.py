"""Columns of running text: where a page is to be read down one side before the other.

A table has empty strips between its columns too. What tells the two apart: lines of a text fill their column
and are made of words; rows of a table stand on one height across the strip, and rules run across it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import Final, NamedTuple

from app.extraction.page.text.layout import Line, Segment, box_of, font_size, is_vertical
from app.extraction.segments.direction import runs_leftwards
from app.model.document import Page
from app.model.evidence import Box
from app.model.segment import Region

_STRIP: Final = 7.0
"""Points: no gutter between columns is narrower."""
_FEWEST: Final = 5
"""Lines on each side of a gutter."""
_WORDS: Final = 3.0
"""Words of a usual line of running text."""
_FULL: Final = 0.6
"""Of the widest lines: a line of running text is at least so wide."""
_MOSTLY: Final = 0.45
"""Of a side's lines are running text; the rest are headings, ends of paragraphs, tables."""
_DIGITS: Final = 0.25
"""Of the signs of a running text at most."""
_ALIGNED: Final = 0.5
"""Of the shorter side's lines: when fewer stand beside a line of the other side, the two are independent."""
_ASIDE: Final = 0.4
"""Of the wider side: a column narrower than this stands beside the text."""
_CENTRED: Final = 0.06
_MOST_ABOVE: Final = 6
"""Lines from the top of a stretch among which a title over all columns is looked for."""
_LARGER: Final = 1.12
_DEEPEST: Final = 6
_LONG: Final = 8
"""Lines of a text that may have notes in its margin."""
_STEP: Final = 4.0
_CANDIDATES: Final = 24
_LEVEL: Final = 3.0


class Zone(NamedTuple):
    """Lines that are read before those of the next zone."""

    lines: tuple[Line, ...]
    region: Region


class _Gutter(NamedTuple):
    at: float
    first: int
    last: int
    """Of the lines it runs along, the last one excluded."""
    aside: bool


def zones(page: Page, lines: Sequence[Line]) -> list[Zone]:
    """The lines of a page in groups, in reading order."""
    level = [line for line in lines if not is_upright(line)]
    upright = [line for line in lines if is_upright(line)]
    found = list(_split(page, level, Region.BODY, 0))
    return found + ([Zone(tuple(upright), Region.SIDEBAR)] if upright and level else [])


def is_upright(line: Line) -> bool:
    """Whether a line is a word set along the height of the page."""
    return len(line.words) == 1 and is_vertical(line.words[0])


def _split(page: Page, lines: Sequence[Line], region: Region, depth: int) -> Iterator[Zone]:
    gutter = _gutter(page, lines) if depth < _DEEPEST else None
    if gutter is None:
        if lines:
            yield Zone(tuple(lines), region)
        return
    yield from _split(page, lines[: gutter.first], region, depth + 1)
    run = lines[gutter.first : gutter.last]
    left, right = _side(run, gutter.at, before=True), _side(run, gutter.at, before=False)
    sides: list[tuple[Sequence[Line], Region]] = [(left, region), (right, region)]
    if gutter.aside:
        sides = _main_first(left, right, region)
    elif runs_leftwards("".join(line.text for line in run)):
        sides.reverse()
    for side, own in sides:
        yield from _split(page, side, own, depth + 1)
    yield from _split(page, lines[gutter.last :], region, depth + 1)


def _main_first(
    left: Sequence[Line], right: Sequence[Line], region: Region
) -> list[tuple[Sequence[Line], Region]]:
    wide, narrow = (left, right) if _width(left) >= _width(right) else (right, left)
    return [(wide, region), (narrow, Region.SIDEBAR)]


def _width(lines: Sequence[Line]) -> float:
    box = box_of(line.box for line in lines)
    return box.x1 - box.x0


def _side(lines: Sequence[Line], at: float, *, before: bool) -> list[Line]:
    """What of some lines stands on one side of a gutter, as lines of their own."""
    kept = []
    for line in lines:
        own = tuple(segment for segment in line.segments if (segment.box.x0 < at) is before)
        if own:
            words = tuple(word for segment in own for word in segment.words)
            kept.append(Line(words, *box_of(segment.box for segment in own), line.page, own))
    return sorted(kept, key=lambda line: line.top + line.bottom)


def _gutter(page: Page, lines: Sequence[Line]) -> _Gutter | None:
    """The gutter with the most text along it."""
    best: tuple[int, _Gutter] | None = None
    for at in _candidates(lines):
        for first, last in _runs(lines, at):
            first, last = _trimmed(lines, at, first, last)  # noqa: PLW2901 - the part with text on both sides
            run = lines[first:last]
            left, right = _parts(run, at, before=True), _parts(run, at, before=False)
            if min(len(left), len(right)) < _FEWEST or (best and len(left) + len(right) <= best[0]):
                continue
            if _parts_texts(run, at) and not _is_crossed(page, run, at):
                narrow, wide = sorted((_extent(left), _extent(right)))
                best = (len(left) + len(right), _Gutter(at, first, last, narrow < _ASIDE * wide))
    return best[1] if best else _margin(page, lines)


def _margin(page: Page, lines: Sequence[Line]) -> _Gutter | None:
    """The gutter between a text and the few notes in its margin: no line of the page crosses it."""
    if len(lines) < _LONG:
        return None
    starts = Counter(round(segment.box.x0) for line in lines for segment in line.segments)
    ends = Counter(round(segment.box.x1) for line in lines for segment in line.segments)
    for at in (starts.most_common(1)[0][0] - _STRIP / 2 - 1, ends.most_common(1)[0][0] + _STRIP / 2 + 1):
        if any(_stands_across(segment.box, at) for line in lines for segment in line.segments):
            continue
        left, right = _parts(lines, at, before=True), _parts(lines, at, before=False)
        narrow, wide = sorted((left, right), key=len)
        main = _side(lines, at, before=wide is left)
        aside = 1 < len(narrow) < len(main) / 2 and _extent(narrow) < _ASIDE * _extent(wide)
        if aside and len(main) >= _LONG and _is_prose(main):
            return None if _is_crossed(page, lines, at) else _Gutter(at, 0, len(lines), aside=True)
    return None


def _candidates(lines: Sequence[Line]) -> list[float]:
    """The middles of the gaps within lines and between the edges of lines, those that come most often."""
    counted: Counter[int] = Counter()
    for line in lines:
        for one, other in pairwise(line.segments):
            if other.box.x0 - one.box.x1 >= _STRIP:
                counted[round((other.box.x0 - _STRIP / 2) / _STEP)] += 1
                counted[round((one.box.x1 + other.box.x0) / 2 / _STEP)] += 1
    return [place * _STEP for place, times in counted.most_common(_CANDIDATES) if times > 1]


def _runs(lines: Sequence[Line], at: float) -> Iterator[tuple[int, int]]:
    """Stretches of lines none of which crosses a strip."""
    first = 0
    for index, line in enumerate(lines):
        if any(
            segment.box.x0 < at + _STRIP / 2 and segment.box.x1 > at - _STRIP / 2 for segment in line.segments
        ):
            if index > first:
                yield first, index
            first = index + 1
    if len(lines) > first:
        yield first, len(lines)


def _stands_across(box: Box, at: float) -> bool:
    return box.x0 < at + _STRIP / 2 and box.x1 > at - _STRIP / 2


def _trimmed(lines: Sequence[Line], at: float, first: int, last: int) -> tuple[int, int]:
    """The stretch from where both sides have begun to where one has ended, as near as lines tell."""
    lefts = [i for i in range(first, last) if lines[i].x0 < at]
    rights = [i for i in range(first, last) if lines[i].x1 > at]
    if not lefts or not rights:
        return first, first
    begin = _begin(lines, lefts, rights)
    titles = [at for at in range(begin, min(begin + _MOST_ABOVE, last)) if _is_title(lines, at)]
    begin = titles[-1] + 1 if titles else begin
    return begin, max(lefts[-1], rights[-1]) + 1


def _is_title(lines: Sequence[Line], at: int) -> bool:
    """Whether a line stands in larger letters in the middle over what follows: over all columns."""
    line, below = lines[at], lines[at + 1 :]
    if len(line.segments) > 1 or not below:
        return False
    box = box_of(other.box for other in below)
    centred = abs(line.x0 + line.x1 - box.x0 - box.x1) < _CENTRED * (box.x1 - box.x0)
    usual = median(font_size(other.words[0]) for other in below)
    return centred and font_size(line.words[0]) > _LARGER * usual


def _begin(lines: Sequence[Line], lefts: Sequence[int], rights: Sequence[int]) -> int:
    """Lines well above the other side's first, such as a heading over a column, stay outside."""
    start = max(lefts[0], rights[0])
    first = min(lefts[0], rights[0])
    while start > first and lines[start].top - lines[start - 1].bottom < 2 * (
        lines[start].bottom - lines[start].top
    ):
        start -= 1
    return start


def _parts(run: Sequence[Line], at: float, *, before: bool) -> list[Segment]:
    return [segment for line in run for segment in line.segments if (segment.box.x0 < at) is before]


def _extent(segments: Sequence[Segment]) -> float:
    box = box_of(segment.box for segment in segments)
    return box.x1 - box.x0


def _parts_texts(run: Sequence[Line], at: float) -> bool:
    """Whether what is on the two sides are texts, or at least have nothing to do with each other."""
    left, right = _side(run, at, before=True), _side(run, at, before=False)
    prose = _is_prose(left), _is_prose(right)
    if all(prose):
        return True
    both = len(left) + len(right) - len(run)
    return any(prose) and both < _ALIGNED * min(len(left), len(right))


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether enough of some lines are full of words; the others may be headings and tables."""
    if len(lines) < _FEWEST:
        return False
    usual = quantiles((line.x1 - line.x0 for line in lines), n=5)[-1]
    full = [line for line in lines if line.x1 - line.x0 >= _FULL * usual and _is_worded(line)]
    return len(full) >= max(_FEWEST, _MOSTLY * len(lines))


def _is_worded(line: Line) -> bool:
    text = line.text
    digits = sum(c.isdigit() for c in text)
    return len(line.words) >= _WORDS and digits <= _DIGITS * len(text) and not text.endswith(":")


def _is_crossed(page: Page, run: Sequence[Line], at: float) -> bool:
    """Whether a drawn rule runs across the gutter, between its ends."""
    top, bottom = run[0].bottom, run[-1].top
    return any(
        ruling.x0 < at - _STRIP and ruling.x1 > at + _STRIP and top < ruling.top < bottom
        for ruling in page.rulings
        if ruling.bottom - ruling.top < _LEVEL
    )


def zone_box(zone: Zone) -> Box:
    """What a zone's lines cover."""
    return box_of(line.box for line in zone.lines)
