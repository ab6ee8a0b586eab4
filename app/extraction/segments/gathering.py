"""Pages one by one to the parts of the whole document; no page is held longer than its neighbours ask for."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from app.extraction.page.text.layout import Line, lines, repeated
from app.extraction.segments.flow import page_parts
from app.extraction.segments.headings import rank_headings
from app.extraction.segments.numbered import join_items
from app.extraction.segments.part import Part, Sheet
from app.extraction.segments.table import Table, continued, goes_on
from app.extraction.segments.upright import Turn, uprighted
from app.model.document import Page
from app.model.segment import Region

_REACH: Final = 2
"""Pages before and after that a header is looked for on: left and right pages may differ."""


_EDGE: Final = 0.08
"""Of the page's height: where its number stands."""
_NUMBER: Final = re.compile(
    r"(?i)(?:pag(?:ina|e|\.)?|p\.|seite|blatt|p[áa]gina|strona|bladzijde|folio)?\s*[-–—|]?\s*\d{1,4}\s*"
    r"(?:(?:/|of|von|di|de|sur|van|z|-)\s*\d{1,4})?\s*[-–—|]?"
)


class _Leaf(NamedTuple):
    page: Page
    lines: tuple[Line, ...]
    shown: Page
    """As it is displayed, where the text is set on its side."""
    back: Turn


def gathered(pages: Iterable[Page]) -> list[Part]:
    """All parts in reading order, headings ranked, tables that go on over a page marked."""
    parts: list[Part] = []
    last: Table | None = None
    for before, leaf, after in _with_neighbours(_leaf(page) for page in pages):
        edges = _edges(leaf, [*before, *after])
        fresh = page_parts(leaf.page, leaf.lines, edges, last)
        last = _continue(fresh, last)
        _turn_back(fresh, leaf)
        parts += fresh
    join_items(parts)
    rank_headings(parts)
    return parts


def _leaf(page: Page) -> _Leaf:
    upright, back = uprighted(page)
    return _Leaf(upright, lines(upright), page, back)


def _turn_back(parts: Sequence[Part], leaf: _Leaf) -> None:
    """Give parts of a turned page their places on the page as displayed."""
    if leaf.page is leaf.shown:
        return
    pictures = dict(zip(leaf.page.pictures, leaf.shown.pictures, strict=True))
    for part in parts:
        part.box = pictures.get(part.box) or leaf.back(part.box)
        part.sheet = Sheet(leaf.shown.number, leaf.shown.width, leaf.shown.height)


def _with_neighbours(leaves: Iterator[_Leaf]) -> Iterator[tuple[list[_Leaf], _Leaf, list[_Leaf]]]:
    held: deque[_Leaf] = deque(maxlen=2 * _REACH + 1)
    ahead = 0
    for leaf in leaves:
        held.append(leaf)
        ahead += 1
        if ahead > _REACH:
            yield _around(held, len(held) - 1 - _REACH)
            ahead -= 1
    for rest in range(ahead, 0, -1):
        yield _around(held, len(held) - rest)


def _around(held: Sequence[_Leaf], at: int) -> tuple[list[_Leaf], _Leaf, list[_Leaf]]:
    around = list(held)
    return around[max(0, at - _REACH) : at], around[at], around[at + 1 : at + 1 + _REACH]


def _edges(leaf: _Leaf, neighbours: Iterable[_Leaf]) -> dict[int, Region]:
    """Which lines of a page run on a page near it, and along which edge."""
    running = _numbered(leaf)
    for other in neighbours:
        found = repeated([_told(leaf), _told(other)])
        running.update(line for page, line in found if page == 0)
    return {line: _edge(line, running) for line in running}


def _numbered(leaf: _Leaf) -> set[int]:
    """The first or last line of a page, where it says nothing but the page's number."""
    height, ends = leaf.page.height, {0, len(leaf.lines) - 1} if len(leaf.lines) > 1 else set()
    return {
        at
        for at in ends
        if _NUMBER.fullmatch(leaf.lines[at].text.strip())
        and not _EDGE * height < leaf.lines[at].top < (1 - _EDGE) * height
    }


def _told(leaf: _Leaf) -> list[tuple[float, str]]:
    return [(line.top, line.text) for line in leaf.lines]


def _edge(line: int, running: set[int]) -> Region:
    return Region.HEADER if all(above in running for above in range(line)) else Region.FOOTER


def _continue(fresh: Sequence[Part], last: Table | None) -> Table | None:
    """A page's first table in the columns of the last page's last table goes on from it."""
    body = [part for part in fresh if part.table is not None and part.region is Region.BODY]
    first = body[0] if body else None
    if first is not None and first.table is not None and last is not None and goes_on(last, first.table):
        first.table = continued(last, first.table)
        first.continued = True
    if body:
        return body[-1].table
    return None if any(part.region is Region.BODY for part in fresh) else last
