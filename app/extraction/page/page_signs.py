"""What each page says of the invoice it belongs to: its number, its title, its place among the pages."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

import msgspec

from app.extraction.page.heading.kind import INVOICES, titles
from app.extraction.page.heading.numbering import LATER_PAGE, numbers, titled_numbers
from app.extraction.page.sums.cast import Totals
from app.extraction.page.sums.totals import choose_totals
from app.extraction.page.text.candidates import Candidate
from app.extraction.page.text.layout import Line
from app.extraction.page.text.lines import fold, plain
from app.extraction.page.text.scan import Scan, scan, targets
from app.model.document import Page
from app.model.evidence import Box

STRONG: Final = 0.55
"""Score of a number that is beyond doubt."""
TITLE: Final = 1.2
"""Prominence of a phrase that is a title and no mention."""
OTHER: Final = 1.5
"""Prominence of the title of another paper."""
NAMED: Final = 0.5
"""Strength of a label that names a total."""
_LIKELY: Final = 0.25  # score of a number that may be one
_FIRST: Final = 0.4  # of prominence, that only titles of the first page of a file are given
_NEAR: Final = 0.7  # nearness of a place number to its label
_COUNTED: Final = re.compile(
    r"[\s:.#n°]*(?P<at>\d{1,3})(?:\s*(?:/|-|[a-z]{1,3})\s*(?P<of>\d{1,3}))?(?![\w.,/])"
)
_BARE: Final = re.compile(r"[-(\[ ]*(?P<at>\d{1,3})\s*/\s*(?P<of>\d{1,3})[-)\] ]*")
_EDGE: Final = 0.1  # of the height of a page, above and below, where a bare counter stands
_TELLING: Final = 4  # characters of a number that is no chance find

Place = tuple[int, int | None]
"""A page's place among its document's pages, from 1, and how many they are."""


class Sheet(msgspec.Struct, frozen=True, dict=True, eq=False, kw_only=True):
    """One page, with what it says of its document."""

    page: Page
    laid: Sequence[Line]
    plain: tuple[str, ...]
    """Its lines without spaces and punctuation."""
    number: str | None = None
    """The number that a label gives the document, beyond doubt."""
    maybe: str | None = None
    """The number that it most likely has, however weakly it is named."""
    title: float = 0.0
    """Prominence of an invoice's title."""
    other: float = 0.0
    """Prominence of the title of another paper."""
    place: Place | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word on it."""
        return frozenset(word.text for line in self.laid for word in line.words)

    @cached_property
    def _totals(self) -> Totals:
        return choose_totals(scan([(self.page, self.laid)]))

    @property
    def total(self) -> Decimal | None:
        """The total on it alone: named, or proved by its parts."""
        total = self._totals.total
        return total.value if total and (total.label >= NAMED or self.closed) else None

    @property
    def closed(self) -> bool:
        """Whether the sums on it alone add up."""
        return self._totals.closed

    @property
    def is_titled(self) -> bool:
        """Whether it bears the title of an invoice."""
        return self.title >= TITLE

    @property
    def is_other(self) -> bool:
        """Whether it bears the title of another paper and none of an invoice."""
        return self.other >= OTHER and self.title < self.other

    def mentions(self, number: str) -> bool:
        """Whether a document's number stands anywhere on it."""
        key = plain(fold(number))
        return len(key) >= _TELLING and any(key in text for text in self.plain)


def sheets(found: Scan, laid: Iterable[tuple[Page, Sequence[Line]]]) -> list[Sheet]:
    """The pages of a scanned document, each with its signs."""
    said: dict[int, dict[str, object]] = {}
    for candidate in numbers(found, "number"):
        signs = said.setdefault(candidate.place.page, {})
        score = candidate.score if candidate.place.page == 1 else candidate.score / LATER_PAGE
        if score >= STRONG and is_named(candidate):
            signs.setdefault("number", str(candidate.value))
        if score >= _LIKELY:
            signs.setdefault("maybe", str(candidate.value))
    for candidate in titled_numbers(found):
        said.setdefault(candidate.place.page, {}).setdefault("maybe", str(candidate.value))
    for title in titles(found):
        line = title.label.line
        kind = "title" if title.kind in INVOICES else "other"
        said.setdefault(line.page, {}).setdefault(kind, title.score + _FIRST * (line.page != 1))
    for number, place in _places(found).items():
        said.setdefault(number, {})["place"] = place
    plains: dict[int, list[str]] = {}
    for line, text in zip(found.lines, found.plain, strict=True):
        plains.setdefault(line.page, []).append(text)
    return [
        Sheet(page=page, laid=lines, plain=tuple(plains.get(page.number, ())), **said.get(page.number, {}))  # type: ignore[arg-type]  # by its fields' names
        for page, lines in laid
    ]


def _places(found: Scan) -> dict[int, Place]:
    """The places that pages print, `Page 2 of 3`, or `Page 2` or a bare `2/3` at an edge, by page."""
    places: dict[int, Place] = {}
    for label in found.all_labels("page"):
        for target in targets(label, found) if label.leads else ():
            place = _counter(_COUNTED.match(fold(target.text)))
            near = target.line.page == label.line.page and target.nearness > _NEAR
            if place and near and (place[1] or _is_at_edge(label.line.height, label.box)):
                places.setdefault(label.line.page, place)
                break
    for segs in found.segs:
        for seg in segs:
            if seg.line.page not in places and _is_at_edge(seg.line.height, seg.box):
                place = _counter(_BARE.fullmatch(seg.text))
                if place:
                    places[seg.line.page] = place
    return places


def _is_at_edge(height: float, box: Box) -> bool:
    return not _EDGE * height < box.top < (1 - _EDGE) * height


def _counter(match: re.Match[str] | None) -> Place | None:
    if match is None:
        return None
    at, of = int(match["at"]), int(match["of"]) if match["of"] else None
    return (at, of) if at >= 1 and (of is None or at <= of) else None


def is_named(candidate: Candidate) -> bool:
    """Whether a label that means nothing else names the number."""
    return candidate.label is not None and candidate.label.weight("number") >= 1
