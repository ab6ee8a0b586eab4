"""Phrases whose letters are set wide: where their words really end.

A text page has spaces wherever letters stand apart, so a caption that its designer spaced out falls into
pieces of any length. Where the letters of a phrase keep a distance, only a clearly wider gap parts two words.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, pairwise
from statistics import median
from typing import Final

from app.reading.pdf.frame import Rect
from app.reading.pdf.ink import Ink

Span = tuple[int, int, Rect, Ink, int | None]
"""Where a word begins and ends in the text of the page, where it stands, its ink and its text object."""
Measure = Callable[[int], Rect]

_LEVEL: Final = 0.06  # of the height, that the feet of one phrase differ
_PHRASE: Final = 1.0  # of the height: a wider gap parts two phrases
_TRACKED: Final = 0.05  # of the height: letters further apart are set wide
_SAMPLE: Final = 12  # letters that tell how wide a phrase is set
_FEW: Final = 2  # letters, which may be kerned
_WIDER: Final = 1.6  # times the letters' distance, and
_SPACE: Final = 0.08  # of the height more, is a gap between words


def phrases(spans: Iterator[Span]) -> Iterator[list[Span]]:
    """Words that follow each other on one line, in one size, without a wide gap."""
    phrase: list[Span] = []
    for span in spans:
        if phrase and not _follows(phrase[-1], span):
            yield phrase
            phrase = []
        phrase.append(span)
    if phrase:
        yield phrase


def _follows(left: Span, right: Span) -> bool:
    (_, _, one, ink, _), (_, _, other, its, _) = left, right
    height = one.top - one.bottom
    return (
        not (ink.direction or its.direction or ink.oblique or its.oblique)
        and ink.size == its.size
        and abs(one.bottom - other.bottom) < _LEVEL * height
        and -_LEVEL * height < other.left - one.right < _PHRASE * height
    )


def is_tracked(phrase: Sequence[Span], rect: Measure) -> bool:
    """Whether the letters of a phrase of several pieces are set wide."""
    return len(phrase) > 1 and _distance(phrase, rect) > _TRACKED * _height(phrase)


def words_of(phrase: Sequence[Span], rect: Measure) -> Iterator[Span]:
    """The words of a phrase that is set wide: its pieces, put together where no space parts them.

    A word is as wide as it was set: the distance behind its last letter belongs to it.
    """
    usual = _distance(phrase, rect)
    least = _WIDER * usual + _SPACE * _height(phrase)
    word = phrase[0]
    for left, right in pairwise(phrase):
        if right[2].left - left[2].right > least:
            yield _widened(word, usual)
            word = right
        else:
            word = (word[0], right[1], _around(word[2], right[2]), *word[3:])
    yield _widened(word, usual)


def _around(one: Rect, other: Rect) -> Rect:
    return Rect(
        min(one.left, other.left),
        min(one.bottom, other.bottom),
        max(one.right, other.right),
        max(one.top, other.top),
    )


def _widened(word: Span, by: float) -> Span:
    start, end, rect, ink, item = word
    return start, end, rect._replace(right=rect.right + by), ink, item


def _height(phrase: Sequence[Span]) -> float:
    rect = phrase[0][2]
    return rect.top - rect.bottom


def _distance(phrase: Sequence[Span], rect: Measure) -> float:
    """How far the letters of a phrase stand apart; its pieces, where each is one letter."""
    longer = (span for span in phrase if span[1] - span[0] > 1)
    first = next(longer, None)
    if first is None:
        return median(other[2].left - one[2].right for one, other in pairwise(phrase))
    start, end, *_ = first
    if end - start > _FEW and rect(start + 1).left - rect(start).right <= _TRACKED / 2 * _height(phrase):
        return 0.0
    letters = (index for span in chain((first,), longer) for index in range(span[0], span[1] - 1))
    return median(rect(index + 1).left - rect(index).right for index in islice(letters, _SAMPLE))
