"""The text page of pdfium to words: cut where the geometry says so, whatever the spacing in the file."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

from app.reading.pdf.frame import Rect, around
from app.reading.pdf.ink import Ink, InkWell
from app.reading.pdf.spelling import spelled
from app.reading.pdf.tracking import Span, is_tracked, phrases, words_of

_RUN: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]+")
# Control, private use and replacement characters; U+0002 is pdfium's hyphen at a line's end.
_UNREADABLE: Final = re.compile(r"[\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")
# Dots or underscores that lead the eye from a label to its value.
_LEADER: Final = re.compile(r"\.{4,}|…{2,}|_{4,}|(?:\. ){4,}\.?")
# Where two words may have lost the space between them.
_JOINT: Final = re.compile(r"[a-zà-ÿ][A-Z0-9]|[0-9][A-Za-z]|[,;:)%€$£][A-Za-z0-9(]")
# The same between a caption in capitals and a name: it is told by a narrower gap.
_CAPTION_END: Final = re.compile(r"(?<=[A-ZÀ-Þ]{3})[A-ZÀ-Þ](?=[A-ZÀ-Þ][a-zà-ÿ])")
_HYPHEN_AT_END: Final = "\x02"
_HYPHEN_IN_TEXT: Final = "\ufffe"  # what pdfium calls the same when it is asked for the whole text
_WIDE: Final = 0.2  # of the height: a gap that is a space
_TOUCHING: Final = 0.06  # of the height: a gap that is none
_OVERLAPPING: Final = -0.3
_WIDER_THAN_USUAL: Final = 2.5
_SPREAD: Final = 4  # single letters in a row are a word set wide
_SPREAD_GAP: Final = 0.8  # of the height
_GARBLED: Final = 0.5


class Run(NamedTuple):
    """A word in the page's own coordinates."""

    text: str
    rect: Rect
    ink: Ink


class TextLayer(NamedTuple):
    """The words of a page, and whether its characters have meanings at all."""

    runs: list[Run]
    is_garbled: bool
    """Most characters come from fonts that do not say what their shapes mean: only a picture can be read."""


def read_text(textpage: Any, inks: InkWell) -> TextLayer:  # noqa: ANN401 - a foreign handle
    """The words of a text page in the order of the content stream."""
    text = _characters(textpage)
    unreadable, readable = len(_UNREADABLE.findall(text)), sum(map(len, _RUN.findall(text)))
    if unreadable > _GARBLED * (unreadable + readable):
        return TextLayer([], is_garbled=True)
    ruler = _Ruler(textpage, inks)
    runs = [run for phrase in phrases(ruler.words(text)) for run in _runs(phrase, text, ruler) if run.text]
    return TextLayer(list(_gathered(_joined(runs))), is_garbled=False)


def _characters(textpage: Any) -> str:  # noqa: ANN401 - a foreign handle
    """One character (or half of a surrogate pair) for each index of the text page."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    units = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(textpage, 0, count, units) == count + 1:
        text = (
            bytes(units).decode("utf-16-le", "surrogatepass")[:count].replace(_HYPHEN_IN_TEXT, _HYPHEN_AT_END)
        )
        return text if len(text) == count else "".join(map(chr, units[:count]))
    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index) or 0x20) for index in range(count))


class _Ruler:
    """Measures characters of a text page."""

    def __init__(self, textpage: Any, inks: InkWell) -> None:  # noqa: ANN401 - a foreign handle
        self._textpage = textpage
        self._inks = inks
        self._rect = pdfium.FS_RECTF()
        self._pointer = ctypes.byref(self._rect)

    def rect(self, index: int) -> Rect:
        """The box of a character: its advance, and the height of its font."""
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._textpage, index, self._pointer)
        return Rect(rect.left, rect.bottom, rect.right, rect.top)

    def words(self, text: str) -> Iterator[Span]:
        """Where each word begins, ends and stands."""
        plain = _LEADER.sub(lambda dots: " " * len(dots.group()), text.replace(_HYPHEN_AT_END, "-"))
        for match in _RUN.finditer(plain):
            start, end = match.span()
            first, last = self.rect(start), self.rect(end - 1)
            ink = self._inks.of(start)
            if ink.oblique:
                yield start, end, around([self.rect(index) for index in range(start, end)]), ink
            elif not ink.direction and _is_whole(first, last) and not self._has_joint(text, start, end):
                yield start, end, _spanned(first, last), ink
            else:
                for begin, stop in pairwise([start, *self._caption_ends(text, start, end), end]):
                    leftwards = _runs_leftwards(text[begin:stop])
                    yield from self._cut(begin, stop, ink.direction, leftwards=leftwards)

    def _has_joint(self, text: str, start: int, end: int) -> bool:
        for match in _JOINT.finditer(text, start, end):
            left, right = self.rect(match.start()), self.rect(match.start() + 1)
            if right.left - left.right > _WIDE * (left.top - left.bottom):
                return True
        return _HYPHEN_AT_END in text[start:end] or any(self._caption_ends(text, start, end))

    def _caption_ends(self, text: str, start: int, end: int) -> Iterator[int]:
        for match in _CAPTION_END.finditer(text, start, end):
            left, right = self.rect(match.start()), self.rect(match.start() + 1)
            if right.left - left.right > _TOUCHING * (left.top - left.bottom):
                yield match.end()

    def _cut(self, start: int, end: int, turns: int, *, leftwards: bool) -> Iterator[Span]:
        """The parts of a run that stand on different lines or too far apart for one word."""
        rects = [self.rect(index) for index in range(start, end)]
        levelled = [_levelled(rect, turns) for rect in rects]
        if leftwards:
            levelled = [Rect(-rect.right, rect.bottom, -rect.left, rect.top) for rect in levelled]
        for begin, stop in pairwise([0, *_cuts(levelled), len(rects)]):
            yield start + begin, start + stop, around(rects[begin:stop]), self._inks.of(start + begin)


def _runs(phrase: list[Span], text: str, ruler: _Ruler) -> Iterator[Run]:
    """The words of a phrase, those that are set wide put together."""
    for start, end, rect, ink in words_of(phrase, ruler.rect) if is_tracked(phrase, ruler.rect) else phrase:
        yield Run(spelled("".join(_text(text[start:end]).split())), rect, ink)


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
        if wide or not _is_whole(left, right):
            cuts.append(index + 1)
    return cuts


def _is_whole(first: Rect, last: Rect) -> bool:
    """Whether two characters can belong to one level word: side by side, the first at the left."""
    overlap = min(first.top, last.top) - max(first.bottom, last.bottom)
    lower = min(first.top - first.bottom, last.top - last.bottom)
    return overlap > lower / 2 and last.left >= first.left


def _text(word: str) -> str:
    """The word with pdfium's hyphens and the halves of surrogate pairs put right."""
    word = word.replace(_HYPHEN_AT_END, "-")
    return word if word.isascii() else word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _spanned(first: Rect, last: Rect) -> Rect:
    """Around the first and the last character of a level word."""
    bottom, top = min(first.bottom, last.bottom), max(first.top, last.top)
    return Rect(first.left, bottom, last.right, top)


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Runs with those put together that touch: a space in the file that nobody sees."""
    last: Run | None = None
    for run in runs:
        if last is None:
            last = run
        elif _touch(last, run):
            last = Run(last.text + run.text, around([last.rect, run.rect]), last.ink)
        else:
            yield last
            last = run
    if last is not None:
        yield last


def _touch(left: Run, right: Run) -> bool:
    height = left.rect.top - left.rect.bottom
    gap = right.rect.left - left.rect.right
    if left.ink.direction or right.ink.direction:
        return False
    if not _OVERLAPPING * height < gap < _TOUCHING * height:
        return False
    return abs(left.rect.bottom - right.rect.bottom) < _TOUCHING * height and left.ink.size == right.ink.size


def _gathered(runs: Iterator[Run]) -> Iterator[Run]:
    """Runs with words that are set wide, letter by letter, put together."""
    letters: list[Run] = []
    for run in runs:
        if letters and not _is_spread(letters, run):
            yield from _word_of(letters)
            letters = []
        if len(run.text) == 1 and run.text.isalpha():
            letters.append(run)
        else:
            yield run
    yield from _word_of(letters)


def _is_spread(letters: list[Run], run: Run) -> bool:
    last = letters[-1]
    height = last.rect.top - last.rect.bottom
    gap = run.rect.left - last.rect.right
    if len(run.text) != 1 or not 0 < gap < _SPREAD_GAP * height or last.rect.bottom != run.rect.bottom:
        return False
    first = letters[1].rect.left - letters[0].rect.right if len(letters) > 1 else gap
    return gap < _WIDER_THAN_USUAL * first


def _word_of(letters: list[Run]) -> list[Run]:
    if len(letters) < _SPREAD:
        return letters
    text = "".join(letter.text for letter in letters)
    return [Run(text, around([letter.rect for letter in letters]), letters[0].ink)]
