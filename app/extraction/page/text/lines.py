"""Lines as one string each, keeping the way back to the words: every span of characters knows its box."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

import msgspec

from app.extraction.page.text.layout import Line, box_of
from app.model.document import Page, TextOrigin, Word
from app.model.evidence import Box

GAP: Final = "\t"
"""Stands between two segments of a line, where a pattern must not cross."""

_PLAIN: Final = (
    "àáâãäåāăą:a çćĉċč:c ďđð:d èéêëēĕėęě:e ĝğġģ:g ĥħ:h ìíîïĩīĭįı:i ĵ:j ķ:k ĺļľŀł:l ñńņň:n òóôõöøōŏő:o "
    "ŕŗř:r śŝşšßș:s ţťŧț:t ùúûüũūŭůűų:u ŵ:w ýÿŷ:y źżž:z "
    "ά:α έ:ε ή:η ίϊΐ:ι ό:ο ύϋΰ:υ ώ:ω №:# ’‘´`:' –—‑−:-"
)
_FOLDED: Final = {
    ord(variant): plain
    for letters, plain in (pair.rsplit(":", 1) for pair in _PLAIN.split(" "))
    for letter in letters
    for variant in (letter, letter.upper())
    if len(variant) == 1
} | {ord("ſ"): "s", ord("º"): " ", ord("°"): " ", ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2009"): " "}
_GRAVE: Final = "`"  # the one ASCII character that is folded


def fold(text: str) -> str:
    """Lower case without accents, of the same length, so that positions stay true."""
    if text.isascii() and _GRAVE not in text:  # most are, and need no look at each letter
        return text.lower()
    low = text.translate(_FOLDED).lower()
    return low if len(low) == len(text) else "".join(char.lower()[:1] for char in text.translate(_FOLDED))


_DIGIT: Final = re.compile(r"\d")


def has_digit(text: str) -> bool:
    """Whether a digit is in the text."""
    return _DIGIT.search(text) is not None


_NOT_ALNUM: Final = re.compile(r"[\W_]+")


def plain(folded: str) -> str:
    """Letters and digits of a folded text alone."""
    return _NOT_ALNUM.sub("", folded)


class Place(msgspec.Struct, frozen=True):
    """Where something stands: the page, the box of its words, the text as printed."""

    page: int
    box: Box
    text: str
    origin: TextOrigin = TextOrigin.TEXT_LAYER
    certainty: float = 1.0
    """Of the least certain of its words (OCR); 1 for a text layer."""


class TextLine(msgspec.Struct, frozen=True, eq=False):
    """A line of the document as text; segments are parted by `GAP`, words by a space."""

    number: int
    """Position in the document, over all pages."""
    page: int
    text: str
    folded: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    """Position in the text of each word."""
    box: Box
    height: float
    """Of the page, points."""
    width: float
    origin: TextOrigin
    boxes: tuple[Box, ...]
    """Of its segments, from left to right."""
    numeric: bool
    """Whether a digit stands on it; without one it has no amount, date, percentage or identifier."""

    def words_of(self, start: int, end: int) -> Sequence[Word]:
        """The words that a span of characters touches."""
        first = bisect_right(self.starts, start, 1) - 1
        return self.words[first : bisect_right(self.starts, end - 1, first + 1)]

    def box_of(self, start: int, end: int) -> Box:
        """The rectangle around the words of a span."""
        words = self.words_of(start, end)
        if len(words) == 1:
            word = words[0]
            return Box(word.x0, word.top, word.x1, word.bottom)
        return box_of(words)

    def place(self, start: int, end: int) -> Place:
        """The span as evidence."""
        words = self.words_of(start, end)
        certainty = min([word.confidence for word in words])
        text = self.text[start:end].replace(GAP, " ")
        return Place(self.page, box_of(words), text, self.origin, certainty)

    def segment_at(self, position: int) -> tuple[int, int]:
        """The span of the segment in which a character stands."""
        start = self.text.rfind(GAP, 0, position) + 1
        end = self.text.find(GAP, position)
        return start, end if end >= 0 else len(self.text)


def text_line(number: int, line: Line, page: Page) -> TextLine:
    """A laid-out line as text."""
    parts: list[str] = []
    starts: list[int] = []
    position = 0
    for segment in line.segments:
        for index, word in enumerate(segment.words):
            parts.append((" " if index else GAP) if parts else "")
            position += len(parts[-1])
            starts.append(position)
            parts.append(word.text)
            position += len(word.text)
    text = "".join(parts)
    words = tuple(word for segment in line.segments for word in segment.words)
    return TextLine(
        number,
        line.page,
        text,
        fold(text),
        words,
        tuple(starts),
        line.box,
        page.height,
        page.width,
        page.origin,
        tuple([segment.box for segment in line.segments]),
        has_digit(text),
    )
