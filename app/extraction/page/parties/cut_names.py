"""Names that may be only a part of a name, because it goes on over a line: read, but not trusted."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec

from app.extraction.page.parties.areas import same_style, standing_at
from app.extraction.page.parties.names import PARTICLES
from app.extraction.page.parties.odd_names import is_odd
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.legal_forms import has_legal_form, legal_form_end
from app.extraction.page.text.lines import fold, has_digit
from app.extraction.page.text.scan import Scan, Seg
from app.model.evidence import Box

_DOUBT: Final = 0.4
"""The most a name may score that looks cut: nothing is booked unseen on it."""
_TIGHT: Final = 0.6  # of the height: the widest gap between two lines of one name
_ALIGNED: Final = 4.0  # points
_WORD: Final = 4  # letters of a word that names have once
_LONGEST: Final = 60  # characters of a line that may be the other half


def doubted(name: Text, found: Scan) -> Text:
    """The name as it is, or with little trust where another line seems to belong to it, or it is odd."""
    own = next(standing_at(name.place, found), None)
    cut = own is not None and (_is_begun_above(name, own, found) or _goes_on_below(name, own, found))
    odd = _is_mere_form(name.value) or name.value[:1].islower() or is_odd(name, found)
    odd = odd or _says_itself_twice(name.value)
    if not cut and not odd:
        return name
    return msgspec.structs.replace(name, score=min(name.score, _DOUBT))


def _says_itself_twice(name: str) -> bool:
    """Whether a name begins anew inside itself: two names of two columns, read as one."""
    words = [word for word in fold(name).split() if len(word) >= _WORD]
    return any(words[:2] == [*pair] for pair in pairwise(words[1:]))


def _is_begun_above(name: Text, own: Seg, found: Scan) -> bool:
    """A line of the same style right above, where the name's own line holds little beside its legal form."""
    above = next((seg for seg in _segs(found, own.line.page) if _is_above(seg.box, own.box)), None)
    if (
        above is None
        or any(label.leads and not label.begins_words for label in above.labels)
        or has_digit(above.text)
        or has_legal_form(above.text)
    ):
        return False
    return has_legal_form(f" {name.value}") and same_style(above, own) and len(above.text) < _LONGEST


def _goes_on_below(name: Text, own: Seg, found: Scan) -> bool:
    """The name ends in a small word, or the line right below is nothing but the rest of a legal form."""
    last = fold(name.value.split()[-1])
    if last in PARTICLES and len(last) > 1:
        return True
    below = next((seg for seg in _segs(found, own.line.page) if _is_above(own.box, seg.box)), None)
    if below is None or not same_style(below, own):
        return False
    text = below.text.strip()
    if has_legal_form(text) and not has_legal_form(name.value) and not below.labelled:
        return True
    return text[:1].islower() or _is_mere_form(text)


def _is_mere_form(text: str) -> bool:
    """Whether a text is a legal form and nothing else, or the last word of one."""
    first, *more = text.split() or [""]
    if not more and first.endswith("."):
        return True
    return has_legal_form(f" {first}") and legal_form_end(f" {text}") == len(text) + 1


def _segs(found: Scan, page: int) -> Iterator[Seg]:
    return (seg for segs in found.segs for seg in segs if seg.line.page == page)


def _is_above(upper: Box, lower: Box) -> bool:
    gap, height = lower.top - upper.bottom, lower.bottom - lower.top
    centred = abs(upper.x0 + upper.x1 - lower.x0 - lower.x1) / 2
    aligned = min(abs(upper.x0 - lower.x0), abs(upper.x1 - lower.x1), centred) < _ALIGNED
    return aligned and -height / 2 < gap < _TIGHT * height
