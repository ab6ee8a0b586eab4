"""The text page of pdfium to words: cut where the geometry says so, whatever the spacing in the file."""

import ctypes
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

from app.reading.pdf import native
from app.reading.pdf.frame import Rect, around
from app.reading.pdf.ink import Ink, InkWell
from app.reading.pdf.ruler import HYPHEN_AT_END, RUN, Ruler
from app.reading.pdf.spelling import spelled
from app.reading.pdf.tracking import Span, is_tracked, phrases, words_of

# Control, private use and replacement characters; U+0002 is pdfium's hyphen at a line's end.
_UNREADABLE: Final = re.compile(r"[\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd-\uffff]")
_HYPHEN_IN_TEXT: Final = "\ufffe"  # what pdfium calls the same when it is asked for the whole text
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
    item: int | None
    """The text object it begins in; `None` for characters that belong to none."""


class TextLayer(NamedTuple):
    """The words of a page, and whether its characters have meanings at all."""

    runs: list[Run]
    is_garbled: bool
    """Most characters come from fonts that do not say what their shapes mean: only a picture can be read."""


def read_text(textpage: Any) -> TextLayer:  # noqa: ANN401 - a foreign handle
    """The words of a text page in the order of the content stream."""
    text = _characters(textpage)
    unreadable = len(_UNREADABLE.findall(text))
    if unreadable and unreadable > _GARBLED * (unreadable + sum(map(len, RUN.findall(text)))):
        return TextLayer([], is_garbled=True)
    handle = native.address(textpage)
    ruler = Ruler(handle, InkWell(handle))
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
            bytes(units).decode("utf-16-le", "surrogatepass")[:count].replace(_HYPHEN_IN_TEXT, HYPHEN_AT_END)
        )
        return text if len(text) == count else "".join(map(chr, units[:count]))
    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index) or 0x20) for index in range(count))


def _runs(phrase: list[Span], text: str, ruler: Ruler) -> Iterator[Run]:
    """The words of a phrase, those that are set wide put together."""
    for start, end, rect, ink, item in (
        words_of(phrase, ruler.rect) if is_tracked(phrase, ruler.rect) else phrase
    ):
        yield Run(_spelled(text[start:end]), rect, ink, item)


def _spelled(word: str) -> str:
    """The word without its inner spaces, pdfium's hyphens and the halves of surrogate pairs put right."""
    if word.isascii() and word.isalnum():
        return word
    word = "".join(word.replace(HYPHEN_AT_END, "-").split())
    if word.isascii():
        return word
    return spelled(word.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Runs with those put together that touch: a space in the file that nobody sees."""
    last: Run | None = None
    for run in runs:
        if last is None:
            last = run
        elif _touch(last, run):
            last = last._replace(text=last.text + run.text, rect=around([last.rect, run.rect]))
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
    return [letters[0]._replace(text=text, rect=around([letter.rect for letter in letters]))]
