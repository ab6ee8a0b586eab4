"""Names over two lines, made whole by another place of the document that prints them on one."""

from collections.abc import Iterator
from typing import Final

from app.extraction.page.areas import is_aligned
from app.extraction.page.candidates import Text
from app.extraction.page.layout import box_of
from app.extraction.page.scan import Scan, Seg
from app.extraction.page.text import Place, fold, has_digit

_SHORTEST: Final = 4  # letters of a part that is no chance find
_NEAR: Final = 1.0  # of the height: the widest gap between two lines of one name


def whole(name: Text, found: Scan) -> Text:
    """The name with the line above or below it, where both stand side by side elsewhere."""
    key = fold(name.value)
    lines = [line for line in found.lines if len(key) >= _SHORTEST and key in line.folded != key]
    if not lines:
        return name
    for own in _standing_at(name.place, found):
        for other in _neighbours(own, found):
            above = other.box.top < own.box.top
            both = f"{other.text} {name.value}" if above else f"{name.value} {other.text}"
            if any(fold(both) in line.folded for line in lines):
                hull = box_of([name.place.box, other.box])
                place = name.place
                return Text(both, Place(place.page, hull, both, place.origin, place.certainty), name.score)
    return name


def _standing_at(place: Place, found: Scan) -> Iterator[Seg]:
    """The segment that holds a place."""
    for segs in found.segs:
        for seg in segs:
            level = abs(seg.box.top - place.box.top) < 1 and seg.line.page == place.page
            if level and seg.box.x0 <= place.box.x0 + 1 and place.box.x0 < seg.box.x1:
                yield seg
                return


def _neighbours(own: Seg, found: Scan) -> Iterator[Seg]:
    """The segments right above and right below in the same column."""
    height = own.box.bottom - own.box.top
    for number in range(max(own.line.number - 4, 0), min(own.line.number + 5, len(found.lines))):
        for seg in found.segs[number]:
            gap = max(seg.box.top - own.box.bottom, own.box.top - seg.box.bottom)
            near = seg.line.page == own.line.page and -1 < gap < _NEAR * height and is_aligned(seg, own)
            if near and not seg.labels and not has_digit(seg.text):
                yield seg
