"""The words of the pages with their ids, as a model is given them.

A line of the page is a line of the text; `[n]` stands before each of its segments and is the id of the first
word that follows, whose neighbours count on. Text that nobody sees on the page is no part of it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from app.extraction.page.layout import lines
from app.extraction.page.scan import Scan, scan
from app.extraction.page.text import TextLine
from app.model.document import Page, Word

MOST_WORDS: Final = 8_000
"""Of one inquiry; of longer documents the middle is left out, where no header and no totals stand."""
_NEW_PAGE: Final = "--- page {number}"


class Numbered(msgspec.Struct, frozen=True):
    """Scanned pages, and the id of the first word of each line."""

    found: Scan
    firsts: tuple[int, ...]
    """By line number; ids count from 1."""

    @property
    def count(self) -> int:
        """The highest id."""
        return self.firsts[-1] + len(self.found.lines[-1].words) - 1 if self.firsts else 0

    def line_of(self, word_id: int) -> TextLine | None:
        """The line in which a word stands; `None` for an id that no word has."""
        if not 1 <= word_id <= self.count:
            return None
        return self.found.lines[bisect_right(self.firsts, word_id) - 1]

    def word(self, word_id: int) -> Word | None:
        """The word of an id."""
        line = self.line_of(word_id)
        return None if line is None else line.words[word_id - self.firsts[line.number]]

    def span(self, line: TextLine, ids: Iterable[int]) -> tuple[int, int]:
        """The characters of a line from the first to the last of these words."""
        places = sorted(word_id - self.firsts[line.number] for word_id in ids)
        first, last = places[0], places[-1]
        return line.starts[first], line.starts[last] + len(line.words[last].text)


def numbered(pages: Sequence[Page]) -> Numbered:
    """The words of pages with ids, line by line."""
    found = scan([(page, lines(page)) for page in pages])
    firsts, following = [], 1
    for line in found.lines:
        firsts.append(following)
        following += len(line.words)
    return Numbered(found, tuple(firsts))


def as_text(words: Numbered) -> str:
    """The text that a model is given."""
    parts: list[str] = []
    page = 0
    for line in _kept(words):
        if line.page != page:
            page = line.page
            parts.append(_NEW_PAGE.format(number=page))
        parts.append(" ".join(_segments(words, line)))
    return "\n".join(parts)


def _segments(words: Numbered, line: TextLine) -> Iterable[str]:
    first = words.firsts[line.number]
    for seg in words.found.segs[line.number]:
        yield f"[{first + bisect_right(line.starts, seg.start) - 1}]{seg.text}"


def _kept(words: Numbered) -> Iterable[TextLine]:
    if words.count <= MOST_WORDS:
        return words.found.lines
    half = MOST_WORDS // 2
    return [
        line
        for line in words.found.lines
        if words.firsts[line.number] <= half or words.firsts[line.number] > words.count - half
    ]
