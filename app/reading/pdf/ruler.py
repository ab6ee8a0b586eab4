"""Measures the characters of a text page: where each word begins, ends and stands."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from app.reading.pdf import native
from app.reading.pdf.frame import Rect, around, rects_of
from app.reading.pdf.ink import InkWell
from app.reading.pdf.tracking import Span

HYPHEN_AT_END: Final = "\x02"
"""What a text page has for the hyphen at a line's end."""
RUN: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]+")
"""Characters without a space or one that means nothing."""
# Dots or underscores that lead the eye from a label to its value.
_LEADER: Final = re.compile(r"\.{4,}|…{2,}|_{4,}|(?:\. ){4,}\.?")
_LEADERS: Final = (
    4 * ".",
    2 * "…",
    4 * "_",
    4 * ". ",
)  # the shortest, which are found faster than the pattern
# Where two words may have lost the space between them.
_JOINT: Final = re.compile(r"[a-zà-ÿ][A-Z0-9]|[0-9][A-Za-z]|[,;:)%€$£][A-Za-z0-9(]")
# The same between a caption in capitals and a name: it is told by a narrower gap.
_CAPTION_END: Final = re.compile(r"(?<=[A-ZÀ-Þ]{3})[A-ZÀ-Þ](?=[A-ZÀ-Þ][a-zà-ÿ])")
_WIDE: Final = 0.2  # of the height: a gap that is a space
_NARROW: Final = 0.06
_WIDER_THAN_USUAL: Final = 2.5


class Ruler:
    """Measures characters of a text page: the ends of all words at once, others when they are asked for."""

    def __init__(self, textpage: int, inks: InkWell) -> None:
        self._textpage = textpage
        self._inks = inks
        self._rects: dict[int, Rect] = {}
        self._box = native.Cell("4f")

    def rect(self, index: int) -> Rect:
        """The box of a character: its advance, and the height of its font."""
        rect = self._rects.get(index)
        if rect is None:
            native.char_box(self._textpage, index, self._box.fields[0])
            left, top, right, bottom = self._box.values
            rect = self._rects[index] = Rect(left, bottom, right, top)
        return rect

    def _measured(self, indices: Sequence[int]) -> list[Rect]:
        return rects_of(native.char_boxes(self._textpage, indices))

    def words(self, text: str) -> Iterator[Span]:
        """Where each word begins, ends and stands."""
        plain = text.replace(HYPHEN_AT_END, "-")
        if any(leader in plain for leader in _LEADERS):
            plain = _LEADER.sub(lambda dots: " " * len(dots.group()), plain)
        starts, ends = [], []
        for match in RUN.finditer(plain):
            starts.append(match.start())
            ends.append(match.end())
        captions = self._gaps(_CAPTION_END, text, _NARROW)
        torn = self._torn(text, starts, captions)
        firsts, lasts = self._measured(starts), self._measured([end - 1 for end in ends])
        self._rects.update(zip(starts, firsts, strict=True))
        items = native.text_objects(self._textpage, starts)
        inks = self._inks.of(items, starts)
        for start, end, first, last, ink, item in zip(starts, ends, firsts, lasts, inks, items, strict=True):
            if ink.oblique:
                yield start, end, around(self._measured(range(start, end))), ink, item
            elif (rect := _spanned(first, last)) and not ink.direction and start not in torn:
                yield start, end, rect, ink, item
            else:
                within = captions[bisect(captions, start) : bisect(captions, end - 1)]
                for begin, stop in pairwise([start, *within, end]):
                    leftwards = _runs_leftwards(text[begin:stop])
                    yield from self._cut(begin, stop, ink.direction, leftwards=leftwards)

    def _torn(self, text: str, starts: Sequence[int], captions: Sequence[int]) -> set[int]:
        """Where words begin that a line's end, a caption's end or a gap as wide as a space goes through."""
        hyphens = [match.start() for match in re.finditer(HYPHEN_AT_END, text)]
        tears = (*hyphens, *captions, *self._gaps(_JOINT, text, _WIDE))
        return {starts[bisect(starts, tear) - 1] for tear in tears}

    def _gaps(self, joint: re.Pattern[str], text: str, width: float) -> list[int]:
        """The characters before which, at a joint, stands a gap of more than a width in heights."""
        lefts = [match.start() for match in joint.finditer(text)]
        rights = [left + 1 for left in lefts]
        measured = zip(rights, self._measured(lefts), self._measured(rights), strict=True)
        return [at for at, one, other in measured if other.left - one.right > width * (one.top - one.bottom)]

    def _cut(self, start: int, end: int, turns: int, *, leftwards: bool) -> Iterator[Span]:
        """The parts of a run that stand on different lines or too far apart for one word."""
        rects = self._measured(range(start, end))
        levelled = [_levelled(rect, turns) for rect in rects]
        if leftwards:
            levelled = [Rect(-rect.right, rect.bottom, -rect.left, rect.top) for rect in levelled]
        begins = [0, *_cuts(levelled)]
        indices = [start + begin for begin in begins]
        items = native.text_objects(self._textpage, indices)
        inks = self._inks.of(items, indices)
        for begin, stop, ink, item in zip(begins, [*begins[1:], len(rects)], inks, items, strict=True):
            yield start + begin, start + stop, around(rects[begin:stop]), ink, item


def _runs_leftwards(word: str) -> bool:
    """Whether a word belongs to a script that is written from the right."""
    return not word.isascii() and any(unicodedata.bidirectional(char) in {"R", "AL"} for char in word)


def _levelled(rect: Rect, turns: int) -> Rect:
    """A rectangle as it would stand if the writing were level."""
    left, bottom, right, top = rect
    if turns == 1:
        return Rect(-top, left, -bottom, right)
    if turns == 2:  # noqa: PLR2004 - upside down
        return Rect(-right, -top, -left, -bottom)
    if turns == 3:  # noqa: PLR2004 - upwards
        return Rect(bottom, -right, top, -left)
    return rect


def _cuts(rects: list[Rect]) -> list[int]:
    """Where one word ends and another begins among the characters of a run."""
    gaps = [right.left - left.right for left, right in pairwise(rects)]
    usual = max(median(gaps), 0.0) if gaps else 0.0
    cuts = []
    for index, gap in enumerate(gaps):
        left, right = rects[index], rects[index + 1]
        wide = gap > _WIDE * (left.top - left.bottom) and gap > _WIDER_THAN_USUAL * usual
        if wide or not _spanned(left, right):
            cuts.append(index + 1)
    return cuts


def _spanned(first: Rect, last: Rect) -> Rect | None:
    """Around two characters that can belong to one level word: side by side, the first at the left."""
    left, bottom, _, top = first
    its_left, its_bottom, right, its_top = last
    if its_left < left:
        return None
    if bottom == its_bottom and top == its_top:  # nearly always, and told faster than the rest
        return Rect(left, bottom, right, top) if bottom < top else None
    overlap = min(top, its_top) - max(bottom, its_bottom)
    if overlap <= min(top - bottom, its_top - its_bottom) / 2:
        return None
    return Rect(left, min(bottom, its_bottom), right, max(top, its_top))
