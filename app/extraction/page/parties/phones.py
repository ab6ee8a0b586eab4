"""Telephone numbers that no label announces: in the issuer's block, or beside its address in the net."""

import re
from collections.abc import Iterator
from typing import Final

from app.extraction.page.parties.areas import PartyArea
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.dates import find_dates
from app.extraction.page.text.scan import Scan, Seg

_PIECE: Final = re.compile(r"[^,;|·•]+")
_PHONE: Final = re.compile(
    r"\s*(?:[TPM][.:]? )?"
    r"(?P<phone>[+(]\d[\d ()./-]{6,20}\d|0\d[\d ()./-]{5,16}\d|\d{2,3}(?: \d{2,4}){2,4})\s*"
)
"""With country, area or a zero in front, or in groups: `+39 02 4711`, `(272) 454-5423`, `91 963 13 85`."""
_DIGITS: Final = range(8, 14)
_SURE: Final = 0.8


def bare_phone(area: PartyArea | None, email: Text | None, found: Scan) -> Text | None:
    """The first number of a telephone's shape that stands alone in a block, or beside an e-mail address."""
    return next((text for seg in _places(area, email, found) for text in _phones(seg)), None)


def _places(area: PartyArea | None, email: Text | None, found: Scan) -> Iterator[Seg]:
    yield from area.segs if area else ()
    for segs in found.segs if email else ():
        for seg in segs:
            if email and seg.line.page == email.place.page and abs(seg.box.top - email.place.box.top) < 1:
                yield seg


def _phones(seg: Seg) -> Iterator[Text]:
    for piece in () if seg.headed or seg.city else _PIECE.finditer(seg.text):
        match = _PHONE.fullmatch(piece.group())
        if match and sum(map(str.isdigit, match["phone"])) in _DIGITS and not any(find_dates(piece.group())):
            start = seg.start + piece.start() + match.start("phone")
            end = start + len(match["phone"])
            yield Text(match["phone"], seg.line.place(start, end), _SURE)
