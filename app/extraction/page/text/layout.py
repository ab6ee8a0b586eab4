"""Words to lines, segments and blocks, from geometry alone; what repeats on every page is told apart.

A *line* is all that stands on one height of a page, from left to right. A *segment* is a run of its words
separated by no more than a space (and by no ruling): a label, a value, a table's cell. A *block* is a stack
of segments that belong together: an address, a paragraph, a column of labels.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

from app.model.document import Page, Ruling, TextOrigin, Word
from app.model.evidence import Box

_SAME_HEIGHT: Final = 0.4  # of the smaller height: how far the middles of two words of one line may differ
_ALMOST_LEVEL: Final = 0.5  # the same for an amount that has no text of its own
_WITH_CURRENCY: Final = 4  # words of an amount: thousands and currency may stand apart
_GIANT: Final = 4.0  # times as high as most words: a stamp or a watermark across the lines
_NARROWEST_GAP: Final = 0.55  # of the font size: a gap below it is always a space
_INK_GAP: Final = 0.72
"""The same where boxes end with the ink of their letters, as recognition measures them."""
_WIDEST_SPACE: Final = 1.2  # of the font size: a gap above it is never a space, in any font
_SPACES: Final = 1.4  # usual spaces of the page that make a gap
_GLYPH_SHARE: Final = 0.85  # of a box's height that is the font size
_BLOCK_LEADING: Final = 0.8  # of the font size: the widest empty strip between two lines of a block
_OUT_OF_REACH: Final = 60.0  # points: no block, whatever its font, goes on after so much empty height
_SAME_SIZE: Final = 1.35  # font sizes of one block differ by less
_MOSTLY: Final = 0.7  # of the lines of a page: when so many repeat, it is a copy and no header
_SURELY_WIDE: Final = 4  # characters: "1ll" may be slimmer than high, longer words are not
_THOUSANDS: Final = re.compile(r"\D?\d{1,3}")
_HUNDREDS: Final = re.compile(r"\d{3}[.,]\d\d(?!\d)")
_AMOUNT: Final = re.compile(r"\d[.,]\d\d(?!\d)")
_LONE: Final = re.compile(
    r"(?:[A-Z]{3}|[^\w\s])? ?\d[\d .,'’\u00a0\u202f]*[.,]\d\d ?(?:[A-Z]{3}|zł|[^\w\s])?"
)
"""An amount, with its currency, and nothing else."""
_SHORTEST_WALL: Final = 4.0  # points
_BAND: Final = 32.0  # points
_FAR: Final = 15_000.0  # points: no page is longer
_ZONE_DRIFT: Final = 3.0  # points that a repeated header moves from page to page
_ROLL: Final = 56
"""Characters across. Till printers set 24 to 48 a line; invoices on sheets have 65 and more."""
_ROLL_SPACE: Final = 1.6  # of the font size: the widest space between words of the coarse print of a till
_FEWEST_WORDS: Final = 8  # of a page whose width is told by its print
_LONG_ENOUGH: Final = 3  # characters of a word whose width says how wide a character is
_STRAY: Final = 0.02  # of the words, on either side, that may be notes in the margin


_Spaces = tuple[float, float]
"""The widest gap that is a space: between any words of the page, and between the digits of one number."""


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A run of words of one line, separated by single spaces."""

    words: tuple[Word, ...]
    text: str
    box: Box


class Line(msgspec.Struct, frozen=True, dict=True):
    """All words on one height of a page, left to right."""

    words: tuple[Word, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    page: int
    segments: tuple[Segment, ...]

    @property
    def box(self) -> Box:
        """The rectangle around all of its words."""
        return Box(self.x0, self.top, self.x1, self.bottom)

    @cached_property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)


class Block(msgspec.Struct, frozen=True):
    """Segments stacked over each other that belong together, top to bottom."""

    segments: tuple[Segment, ...]
    box: Box
    page: int

    @property
    def text(self) -> str:
        """One line of text per segment."""
        return "\n".join(segment.text for segment in self.segments)


_NEW_BOX: Final = tuple.__new__  # what `Box(...)` comes to, without a call of Python between


def box_of(words: Iterable[Word | Box]) -> Box:
    """The smallest rectangle around words or rectangles."""
    boxes = iter(words)
    first = next(boxes)
    x0, top, x1, bottom = first.x0, first.top, first.x1, first.bottom
    for box in boxes:  # a loop: most are around two or three, and this is asked for every span of a page
        x0 = box.x0 if box.x0 < x0 else x0  # noqa: FURB136 - a call of `min` costs five times as much
        top = box.top if box.top < top else top  # noqa: FURB136
        x1 = box.x1 if box.x1 > x1 else x1  # noqa: FURB136
        bottom = box.bottom if box.bottom > bottom else bottom  # noqa: FURB136
    return _NEW_BOX(Box, (x0, top, x1, bottom))


def font_size(word: Word) -> float:
    """The font size, estimated from the box where the reader did not give it."""
    return word.size or (word.bottom - word.top) * _GLYPH_SHARE


def is_vertical(word: Word) -> bool:
    """Whether the word is set along the height of the page or upside down."""
    slim = word.bottom - word.top > 2 * (word.x1 - word.x0)
    return word.turned or (slim and len(word.text) >= _SURELY_WIDE)


def lines(page: Page) -> tuple[Line, ...]:
    """The lines of a page, top to bottom. Words set vertically become lines of their own, at the end."""
    level = [word for word in page.words if not is_vertical(word)]
    usual = _widest_space(level)
    space = _ROLL_SPACE if is_narrow(level) else usual
    if page.origin is TextOrigin.OCR:
        space = max(space, _INK_GAP)
    spaces = (space, usual)
    walls = _Walls(page.rulings)
    upright = tuple(_line(row, page.number, spaces, walls) for row in _rows(level))
    turned = tuple(_line([word], page.number, spaces, walls) for word in page.words if is_vertical(word))
    return upright + turned


def is_narrow(words: Sequence[Word]) -> bool:
    """Whether the print of a page is as narrow as a till's roll, whatever sheet it was copied onto."""
    return len(words) >= _FEWEST_WORDS and _columns_across(words) <= _ROLL


def _columns_across(words: Sequence[Word]) -> float:
    """How many characters of the usual width fit across the print."""
    widths = [(word.x1 - word.x0) / len(word.text) for word in words if len(word.text) >= _LONG_ENOUGH]
    if not widths or not (usual := median(widths)):
        return _FAR
    stray = int(len(words) * _STRAY)
    left, right = sorted(word.x0 for word in words)[stray], sorted(word.x1 for word in words)[-1 - stray]
    return (right - left) / usual


class _Walls:
    """The upright rulings of a page, found by height."""

    def __init__(self, rulings: Iterable[Ruling]) -> None:
        self._bands: dict[int, set[tuple[float, float, float]]] = {}
        for ruling in rulings:
            if ruling.bottom - ruling.top > max(ruling.x1 - ruling.x0, _SHORTEST_WALL):
                low, high = (
                    int(max(-_FAR, min(side, _FAR)) // _BAND) for side in (ruling.top, ruling.bottom)
                )
                wall = (round(ruling.x0, 1), ruling.top, ruling.bottom)
                for band in range(low, high + 1):
                    self._bands.setdefault(band, set()).add(wall)

    def at(self, box: Box) -> list[float]:
        """Where walls stand across a line, from left to right."""
        middle = (box.top + box.bottom) / 2
        near = self._bands.get(int(middle // _BAND), ())
        return sorted({x for x, top, bottom in near if top < middle < bottom and box.x0 < x < box.x1})


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words of the same height together, each row from left to right."""
    usual = median([word.bottom - word.top for word in words]) if words else 0.0
    giants = [word for word in words if word.bottom - word.top > _GIANT * usual]
    rows = _level_rows([word for word in words if word.bottom - word.top <= _GIANT * usual])
    if giants:
        rows = sorted(rows + _level_rows(giants), key=lambda row: row[0].top + row[0].bottom)
    return rows


def _level_rows(words: Sequence[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: word.top + word.bottom):
        own, tall = (word.top + word.bottom) / 2, word.bottom - word.top
        if rows and own - middle <= _SAME_HEIGHT * min(tall, height):
            row = rows[-1]
            middle += (own - middle) / (len(row) + 1)
            height = max(height, tall)
            row.append(word)
        else:
            rows.append([word])
            middle, height = own, tall
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return _with_lone_amounts(rows)


def _with_lone_amounts(rows: list[list[Word]]) -> list[list[Word]]:
    """The rows, an amount that stands alone a little higher or lower than the text left of it in its row.

    That is how a cell is set whose text is centred, or is larger, beside one that is not.
    """
    kept: list[list[Word]] = []
    for row in rows:
        above = kept[-1] if kept else row
        near = row[0].top < above[0].bottom and above is not row
        if near and (_belongs(row, above) or _belongs(above, row)):
            kept[-1] = sorted(above + row, key=lambda word: word.x0)
        else:
            kept.append(row)
    return kept


def _belongs(amount: Sequence[Word], text: Sequence[Word]) -> bool:
    alone = len(amount) <= _WITH_CURRENCY and _LONE.fullmatch(" ".join(word.text for word in amount))
    if not alone or _AMOUNT.search(text[-1].text) or text[-1].x1 > amount[0].x0:
        return False
    number, words = box_of(amount), box_of(text)
    apart = abs(number.top + number.bottom - words.top - words.bottom) / 2
    return apart <= _ALMOST_LEVEL * min(number.bottom - number.top, words.bottom - words.top)


def _widest_space(words: Sequence[Word]) -> float:
    """The widest gap that is still a space on this page, as a share of the font size."""
    ratios = []
    for left, right in pairwise(words):
        gap = (right.x0 - left.x1) / (font_size(left) or 1.0)
        if 0 < gap < _WIDEST_SPACE and abs(left.bottom - right.bottom) < 1:
            ratios.append(gap)
    usual = median(ratios) if ratios else 0.0
    return min(max(_SPACES * usual, _NARROWEST_GAP), _WIDEST_SPACE)


def _line(row: Sequence[Word], page: int, spaces: _Spaces, walls: _Walls) -> Line:
    box = box_of(row)
    return Line(tuple(row), *box, page, tuple(_segments(row, spaces, walls.at(box))))


def _segments(row: Sequence[Word], spaces: _Spaces, walls: Sequence[float]) -> Iterable[Segment]:
    run = [row[0]]
    for word in row[1:]:
        if _apart(run[-1], word, spaces, walls):
            yield _segment(run)
            run = []
        run.append(word)
    yield _segment(run)


def _apart(left: Word, right: Word, spaces: _Spaces, walls: Sequence[float]) -> bool:
    space, usual = spaces
    if space > _WIDEST_SPACE and left.text[-1:].isdigit() and right.text[:1].isdigit():
        grouped = _HUNDREDS.match(right.text) and _THOUSANDS.fullmatch(left.text)
        space = usual if grouped else _NARROWEST_GAP  # two numbers of a till slip are never one
    if right.x0 - left.x1 > space * min(font_size(left), font_size(right)):
        return True
    return any(left.x1 - 1 <= wall <= right.x0 + 1 for wall in walls)


def _segment(run: Sequence[Word]) -> Segment:
    return Segment(tuple(run), " ".join(word.text for word in run), box_of(run))


def blocks(page_lines: Sequence[Line]) -> tuple[Block, ...]:
    """The blocks of a page in reading order: by height, from left to right where side by side."""
    stacks: list[list[Segment]] = []
    near: list[list[Segment]] = []
    for line in page_lines:
        near = [stack for stack in near if line.top - stack[-1].box.bottom < _OUT_OF_REACH]
        for segment in line.segments:
            stack = next((stack for stack in near if _continues(stack[-1], segment)), None)
            if stack is None:
                stack = []
                stacks.append(stack)
                near.append(stack)
            stack.append(segment)
    page = page_lines[0].page if page_lines else 0
    found = [Block(tuple(stack), box_of(part.box for part in stack), page) for stack in stacks]
    return tuple(sorted(found, key=lambda block: (round(block.box.top / 6), block.box.x0)))


def _continues(above: Segment, below: Segment) -> bool:
    """Whether a segment is the next line of the block that ends with another."""
    (x0, top, x1, bottom), (its_x0, its_top, its_x1, _) = above.box, below.box
    size = font_size(above.words[0])
    edge = size / 2
    if not (  # what most segments of other columns fail at comes first
        abs(x0 - its_x0) < edge or abs(x1 - its_x1) < edge or abs(x0 + x1 - its_x0 - its_x1) / 2 < edge
    ):
        return False
    other = font_size(below.words[0])
    smaller, larger = (size, other) if size < other else (other, size)
    if larger > _SAME_SIZE * smaller:
        return False
    return -size < its_top - bottom < _BLOCK_LEADING * larger and its_top > top + edge


def repeated(pages: Sequence[Sequence[tuple[float, str]]]) -> frozenset[tuple[int, int]]:
    """Which lines are a running header or footer, by position of page and line; given height and text.

    A line runs when the page before or after has the same words (numbers may differ) at the same height, and
    all lines between it and the edge of its page run too. A page that repeats another whole is a copy, not a
    header.
    """
    found: set[tuple[int, int]] = set()
    for number, (here, there) in enumerate(pairwise(pages)):
        head, foot = _common_edge(here, there), _common_edge(here[::-1], there[::-1])
        if head + foot < _MOSTLY * min(len(here), len(there)):
            for page, size in ((number, len(here)), (number + 1, len(there))):
                found.update((page, line) for line in range(head))
                found.update((page, line) for line in range(size - foot, size))
    return frozenset(found)


def _common_edge(here: Sequence[tuple[float, str]], there: Sequence[tuple[float, str]]) -> int:
    count = 0
    for (top, text), (other, said) in zip(here, there, strict=False):
        if abs(top - other) > _ZONE_DRIFT or _shape(text) != _shape(said):
            break
        if text != said and _AMOUNT.search(text):
            break  # the same columns with other amounts: the first rows of a table
        count += 1
    return count


def _shape(text: str) -> str:
    """The text with every number alike."""
    return "".join("0" if char.isdigit() else char for char in text)
