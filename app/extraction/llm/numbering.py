"""The words of the pages with their ids, as a model is given them.

A line of the page is a line of the text; `[n]` stands before each of its segments and is the id of the first
word that follows, whose neighbours count on. Text that nobody sees on the page is no part of it.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from app.extraction.page.text.layout import lines
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan, scan
from app.model.document import Page, Word
from app.model.evidence import Box

MOST_WORDS: Final = 8_000
"""Of one inquiry; of longer documents the middle is left out."""
_EDGE_PAGES: Final = 2
"""Pages of a long document, the first and the last, where its header and its sums stand."""
_ABOVE: Final = 4
_BELOW: Final = 2
"""Lines around a table that belong to its question: its head, and the sums under it."""
MARKS: Final = str.maketrans("[]<>", "()‹›")
"""What the text itself is marked with, so that no word of a page can pass for a mark."""
_PROSE: Final = 9
"""Words of a line that make it running text."""
_COPY: Final = 0.9
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

    def lines_at(self, page: int, box: Box) -> list[int]:
        """The numbers of the lines that have words in a rectangle."""
        return [
            line.number
            for line in self.found.lines
            if line.page == page
            and any(word.x0 < box.x1 and box.x0 < word.x1 and _same_height(word, box) for word in line.words)
        ]

    def span(self, line: TextLine, ids: Iterable[int]) -> tuple[int, int]:
        """The characters of a line from the first to the last of these words."""
        places = sorted(word_id - self.firsts[line.number] for word_id in ids)
        first, last = places[0], places[-1]
        return line.starts[first], line.starts[last] + len(line.words[last].text)


def _same_height(word: Word, box: Box) -> bool:
    return box.top <= (word.top + word.bottom) / 2 <= box.bottom


def numbered(pages: Sequence[Page]) -> Numbered:
    """The words of pages with ids, line by line."""
    found = scan([(page, lines(page)) for page in pages])
    firsts, following = [], 1
    for line in found.lines:
        firsts.append(following)
        following += len(line.words)
    return Numbered(found, tuple(firsts))


def whole(words: Numbered) -> Sequence[TextLine]:
    """All lines, but for the middle of very long documents."""
    if words.count <= MOST_WORDS:
        return words.found.lines
    half = MOST_WORDS // 2
    return [
        line
        for line in words.found.lines
        if words.firsts[line.number] <= half or words.firsts[line.number] > words.count - half
    ]


def edges(words: Numbered, also: Collection[int]) -> Sequence[TextLine]:
    """The lines of the first page, the last one, and some others; a page that repeats another is left out."""
    pages = sorted({line.page for line in words.found.lines})
    kept = {*pages[:1], *pages[-1:], *also} if len(pages) > _EDGE_PAGES else set(pages)
    seen: set[tuple[str, ...]] = set()
    lines: list[TextLine] = []
    for page in pages:
        own = [line for line in words.found.lines if line.page == page]
        said = tuple(line.folded for line in own if len(line.folded) > 1)
        new = not any(_alike(said, other) for other in seen)
        seen.add(said)
        lines += [line for line in own if not _is_prose(line)] if page in kept and new else []
    return lines


def _is_prose(line: TextLine) -> bool:
    """Whether a line is running text without a figure or a company in it: terms, thanks, advertisement."""
    figures = any(map(str.isdigit, line.text))
    return len(line.words) >= _PROSE and not figures and not has_legal_form(line.text)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two pages say the same but for a few lines, as a duplicate does."""
    here, there = set(one), set(other)
    return bool(here) and len(here & there) >= _COPY * len(here | there)


def around(words: Numbered, numbers: Iterable[int]) -> Sequence[TextLine]:
    """Some lines with what stands a little above the first and a little below the last, page by page."""
    touched: dict[int, list[int]] = {}
    for number in numbers:
        touched.setdefault(words.found.lines[number].page, []).append(number)
    return [
        line
        for line in words.found.lines
        if (own := touched.get(line.page)) and min(own) - _ABOVE <= line.number <= max(own) + _BELOW
    ]


def as_text(words: Numbered, lines: Iterable[TextLine]) -> str:
    """The text that a model is given of some lines."""
    parts: list[str] = []
    page = 0
    for line in lines:
        if line.page != page:
            page = line.page
            parts.append(_NEW_PAGE.format(number=page))
        parts.append(" ".join(_segments(words, line)))
    return "\n".join(parts)


def _segments(words: Numbered, line: TextLine) -> Iterable[str]:
    first = words.firsts[line.number]
    for seg in words.found.segs[line.number]:
        yield f"[{first + bisect_right(line.starts, seg.start) - 1}]{seg.text.translate(MARKS)}"
