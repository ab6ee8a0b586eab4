"""Blocks of lists put together: lines of an item hang under its text, not under its mark."""

import re
from collections.abc import Sequence
from typing import Final

from app.extraction.page.text.layout import Block, Segment, box_of, font_size
from app.extraction.segments.prose import mark_of

_SECTION: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}")
"""The number of a section, under whose title, and not under which, the title's second line stands."""
_LEADING: Final = 1.0
"""Of the font size: empty height between two items at most."""
_SAME: Final = 1.12


def listed(found: Sequence[Block]) -> list[Block]:
    """The blocks, those of one list as one."""
    joined: list[Block] = []
    for block in sorted(found, key=lambda block: (block.box.top, block.box.x0)):
        at = next((i for i in range(len(joined) - 1, -1, -1) if _goes_on(joined[i], block)), None)
        if at is None:
            joined.append(block)
        else:
            segments = (*joined[at].segments, *block.segments)
            joined[at] = Block(segments, box_of(it.box for it in segments), block.page)
    return joined


def _goes_on(above: Block, below: Block) -> bool:
    """Whether a block is the rest of the last item of another, or that one's next item."""
    last, first = above.segments[-1], below.segments[0]
    size, other = font_size(last.words[0]), font_size(first.words[0])
    gap = first.box.top - last.box.bottom
    if not (-size < gap < _LEADING * size and max(size, other) < _SAME * min(size, other)):
        return False
    if _SECTION.fullmatch(last.words[0].text) and len(last.words) > 1 and mark_of(last) is None:
        return abs(first.box.x0 - last.words[1].x0) < 1 and _is_bold(last) is _is_bold(first)
    items = [run for run in above.segments if mark_of(run) is not None]
    if not items:
        return False
    if mark_of(first) is not None:
        return any(abs(first.box.x0 - it.box.x0) < size / 2 for it in items) or _is_deeper(
            items[-1].box.x0, first.box.x0, size
        )
    return abs(first.box.x0 - items[-1].words[1].x0) < size / 2


def _is_bold(run: Segment) -> bool:
    return all(word.bold for word in run.words)


def _is_deeper(outer: float, inner: float, size: float) -> bool:
    """Whether an item is set in under another, as the first of a list within the list."""
    return size / 2 < inner - outer < 4 * size
