"""Who gave a till slip: the shop or company at its head, which no label announces."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

from app.extraction.page.parties.areas import PartyArea, mentions
from app.extraction.page.parties.names import PARTICLES
from app.extraction.page.parties.sellers import domain_bonus, web_names
from app.extraction.page.text.addresses import country_of, find_city, looks_like_street
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import EMAIL
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.legal_forms import has_legal_form, is_legal_form, legal_form_end
from app.extraction.page.text.lines import TextLine, fold
from app.extraction.page.text.scan import Scan

_HEAD_LINES: Final = 14
_LETTERS: Final = 3
_DIGITS: Final = 0.34
"""The part of a line's letters and digits that are digits, from which it is no name."""
_LEAST: Final = 0.25
"""Score of a line that is taken for the name."""
_UNDER_ADDRESS: Final = 0.8
"""Taken off what stands under the first line of an address: the rest of it."""
_STRAY: Final = 2.5
"""Usual distances between lines, from which a line stands apart from those below it."""
_LARGE: Final = 1.25
_ENDS_HEAD: Final = (
    "number", "date", "other_date", "title_invoice", "title_receipt", "total", "net", "tax", "change",
    "tendered", "due", "payment_method", "other_number", "po_number",
)  # fmt: skip
_NO_NAME: Final = (
    "greeting", "phone", "fax", "email", "web", "vat_id", "fiscal_code", "address", "city", "zip_code",
    "country", "copy", "original", "bank", "iban",
)  # fmt: skip
_REGISTERED: Final = re.compile(
    r"\s*\(?(?<![\w&])(?=[A-Z0-9]*\d{4})(?:[A-Z]{1,3})?\d[\dA-Z]{4,}(?:-[A-Z0-9])?\)?\s*$"
    r"|\s*\([\w. :]*\d{4,}[\w-]*\)?\s*$"
)
"""The number of a company's entry in a register, behind its name."""
_GOES_ON: Final = ("&", "+", ",")
_LONGEST: Final = 60


class _Line(msgspec.Struct, frozen=True, eq=False):
    """A line of the head that could be the name."""

    line: TextLine
    text: str
    end: int
    score: float


def shop_area(found: Scan) -> PartyArea | None:
    """The head of the slip with the best name in it; `None` where no line could be one."""
    head = _head(found)
    pitch = _pitch(found.lines)
    options = [option for index, line in enumerate(head) if (option := _option(index, head, found, pitch))]
    if not options:
        return None
    best = max(options, key=lambda option: option.score)
    if best.score < _LEAST:
        return None
    name = _with_rest(best, head)
    segs = tuple(seg for line in head for seg in found.segs[line.number])
    return PartyArea(segs, "seller", best.score, name)


def _head(found: Scan) -> list[TextLine]:
    """The lines down to the first that tells of the purchase; a title at the very top is passed over."""
    head: list[TextLine] = []
    for line in found.lines[:_HEAD_LINES]:
        if _tells_of_purchase(line, found):
            if any(_may_be_name(other, found) for other in head):
                break
            continue
        head.append(line)
    return head


def _tells_of_purchase(line: TextLine, found: Scan) -> bool:
    if any(hit.money for hit in found.amounts[line.number]) or found.dates[line.number]:
        return True
    return any(label.leads and label.means(*_ENDS_HEAD) for label in found.labels[line.number])


def _may_be_name(line: TextLine, found: Scan) -> bool:
    text = _without_register(line.text)
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    if letters < _LETTERS or digits > _DIGITS * (letters + digits) or len(text) > _LONGEST:
        return False
    if any(label.leads and label.means(*_NO_NAME) for label in found.labels[line.number]):
        return False
    if EMAIL.search(text) or "www." in text.lower() or is_legal_form(text):
        return False
    if has_legal_form(text):
        return True
    return find_city(text) is None and country_of(text) is None and not looks_like_street(text)


def _option(index: int, head: Sequence[TextLine], found: Scan, pitch: float) -> _Line | None:
    line = head[index]
    if not _may_be_name(line, found):
        return None
    text = _without_register(line.text)
    score = 1.0 * has_legal_form(text) + 0.2 * min(mentions(found, text) - 1, 2)
    score += domain_bonus(text, web_names(found, None)) + 0.4 * _is_large(line, found)
    before = head[index - 1] if index else None
    after = head[index + 1] if index + 1 < len(head) else None
    opens = before is None or _apart(before, line, pitch) or not _may_be_name(before, found)
    under = _is_under_address(index, head, found)
    score += 0.5 * (opens and not under) - 0.06 * index - _UNDER_ADDRESS * under
    score -= 0.7 * (after is not None and _apart(line, after, pitch) and not _is_large(line, found))
    score += 0.3 * (after is not None and _is_told_of(after, found))
    score -= 0.3 * (text == text.lower()) + 0.5 * any(map(str.isdigit, text.split()[0]))
    return _Line(line, text, len(text), score)


def _is_under_address(index: int, head: Sequence[TextLine], found: Scan) -> bool:
    """Whether a line with a number stands between the line and another that could be the name."""
    names = [number for number in range(index) if _may_be_name(head[number], found)]
    numbered = [
        number
        for number in range(index)
        if any(map(str.isdigit, head[number].text)) and not _REGISTERED.search(head[number].text)
    ]
    return any(first <= number for first in names[:1] for number in numbered)


def _is_told_of(line: TextLine, found: Scan) -> bool:
    """Whether a line says more of the party above it: its register entry, tax number or street."""
    labelled = any(label.means("vat_id", "fiscal_code", "address") for label in found.labels[line.number])
    return labelled or bool(_REGISTERED.search(line.text)) or looks_like_street(line.text)


def _apart(above: TextLine, below: TextLine, pitch: float) -> bool:
    return below.box.top - above.box.top > _STRAY * pitch


def _pitch(lines: Sequence[TextLine]) -> float:
    """The usual distance from one line to the next."""
    steps = [below.box.top - above.box.top for above, below in pairwise(lines)]
    return median(steps) if steps else 12.0


def _is_large(line: TextLine, found: Scan) -> bool:
    heights = [other.box.bottom - other.box.top for other in found.lines]
    return line.box.bottom - line.box.top > _LARGE * median(heights)


def _without_register(text: str) -> str:
    return _REGISTERED.sub("", text.replace("\t", " ")).strip(" *-=_.:;,|")


def _with_rest(best: _Line, head: Sequence[TextLine]) -> Text:
    """The name with the line it goes on over: after a joining sign, or where that is the legal form."""
    text, boxes = best.text, [best.line.box]
    end = legal_form_end(text)
    if end and end < len(text):
        text = text[:end].rstrip(" ,;")
    above = next((line for line in head if line.number == best.line.number - 1), None)
    if above is not None and text.startswith(_GOES_ON):
        text, boxes = f"{_without_register(above.text)} {text}", [above.box, *boxes]
    following = next((line for line in head if line.number == best.line.number + 1), None)
    if following is not None and not end:
        rest = _without_register(following.text)
        joins = text.endswith(_GOES_ON) or fold(text.split()[-1]) in PARTICLES
        if (joins and not any(map(str.isdigit, rest))) or is_legal_form(rest):
            text, boxes = f"{text} {rest}", [*boxes, following.box]
    place = best.line.place(0, len(best.line.text))
    score = min(0.45 + 0.25 * best.score, 0.95)
    return Text(text, msgspec.structs.replace(place, box=box_of(boxes), text=text), score)
