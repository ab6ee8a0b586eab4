"""Pages whose text is set on its side or upside down, turned so that it reads, and boxes turned back."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from app.extraction.page.text.layout import is_vertical
from app.model.document import Page, Ruling, Word
from app.model.evidence import Box

Turn = Callable[[Box], Box]
_MOSTLY: Final = 0.6
_FEWEST: Final = 6
"""Words from which a page has a direction."""


def uprighted(page: Page) -> tuple[Page, Turn]:
    """The page as it is read, and how its boxes come back to the page as displayed."""
    turned = [word for word in page.words if word.turned]
    if len(turned) < max(_FEWEST, _MOSTLY * len(page.words)):
        return page, _same
    width, height = page.width, page.height
    if sum(is_vertical(word) and _is_slim(word) for word in turned) * 2 < len(turned):
        return _turned(page, _half(width, height), (width, height)), _half(width, height)
    if _runs_upwards(turned):
        return _turned(page, _clockwise(height), (height, width)), _counter_clockwise(height)
    return _turned(page, _counter_clockwise(width), (height, width)), _clockwise(width)


def _same(box: Box) -> Box:
    return box


def _is_slim(word: Word) -> bool:
    return word.bottom - word.top > word.x1 - word.x0


def _runs_upwards(words: Sequence[Word]) -> bool:
    """Whether of two words beside each other, the second mostly stands above the first."""
    steps = [one.top - other.top for one, other in pairwise(words) if one.x0 < other.x1 and other.x0 < one.x1]
    return sum(step > 0 for step in steps) * 2 >= len(steps)


def _half(width: float, height: float) -> Turn:
    return lambda box: Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)


def _clockwise(height: float) -> Turn:
    return lambda box: Box(height - box.bottom, box.x0, height - box.top, box.x1)


def _counter_clockwise(width: float) -> Turn:
    return lambda box: Box(box.top, width - box.x1, box.bottom, width - box.x0)


def _turned(page: Page, turn: Turn, size: tuple[float, float]) -> Page:
    return msgspec.structs.replace(
        page,
        width=size[0],
        height=size[1],
        words=tuple(_word(word, turn) for word in page.words),
        rulings=tuple(Ruling(*turn(Box(it.x0, it.top, it.x1, it.bottom))) for it in page.rulings),
        pictures=tuple(turn(box) for box in page.pictures),
    )


def _word(word: Word, turn: Turn) -> Word:
    x0, top, x1, bottom = turn(Box(word.x0, word.top, word.x1, word.bottom))
    return msgspec.structs.replace(word, x0=x0, top=top, x1=x1, bottom=bottom, turned=not word.turned)
