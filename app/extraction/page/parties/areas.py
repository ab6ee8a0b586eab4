"""Blocks that tell of a party: what belongs to one, and what it says of who it is."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.text.addresses import CityLine
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import EMAIL
from app.extraction.page.text.layout import Block
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lines import Place, fold, plain
from app.extraction.page.text.scan import ALIGNED, Scan, Seg

SELLER: Final = "seller"
BUYER: Final = "buyer"
PARTIES: Final = (SELLER, BUYER, "ship_to")
LONG_ENOUGH: Final = 4
"""Words of a name that needs no second line."""
SAME_SIZE: Final = 0.2
"""Points that one font size may differ from itself."""
TELLS: Final = (
    "name", "address", "city", "zip_code", "province", "country", "vat_id", "fiscal_code", "phone", "fax",
    "email", "web", "sdi_code",
)  # fmt: skip
"""Labels of what is told of a party."""
_TELLING: Final = 3  # letters of a name that is looked for elsewhere
ROWS: Final = 9  # lines that an address may have
_CONTACT: Final = (
    "vat_id", "fiscal_code", "buyer_vat", "iban", "bic", "email", "phone", "fax", "web", "sdi_code",
    "attention", "address",
    "payment_terms", "payment_method",
)  # fmt: skip
_NO_ADDRESS: Final = (
    "vat_id",
    "fiscal_code",
    "iban",
    "bic",
    "phone",
    "fax",
    "other_number",
    "number",
    "date",
)
OTHER_LABELS: Final = frozenset({
    "vat_id", "fiscal_code", "email", "phone", "fax", "web", "iban", "bic", "bank", "address", "city",
    "zip_code", "province", "country", "sdi_code", "buyer_vat", "number", "date", "due_date",
    "other_number", "other_date", "po_number", "total", "net", "tax", "due", "payment_terms",
    "payment_method", "currency", "cig", "cup",
})  # fmt: skip


class PartyArea(msgspec.Struct, frozen=True, eq=False):
    """The segments that tell of one party, top to bottom."""

    segs: tuple[Seg, ...]
    kind: str | None
    """`seller`, `buyer`, `ship_to`, or `None` when no label says it."""
    score: float
    name: Text | None
    name_start: int = 0

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.segs[0].line.page


class Columns(msgspec.Struct, frozen=True):
    """The blocks of the document in terms of its segments."""

    stacks: tuple[tuple[Seg, ...], ...]
    stack_of: dict[int, int]
    """Index of the stack by `id` of a segment."""


def columns(found: Scan, blocks: Sequence[Block]) -> Columns:
    """Match laid-out blocks with scanned segments."""
    by_box = {(seg.line.page, seg.box): seg for segs in found.segs for seg in segs}
    stacks = []
    for block in blocks:
        stack = tuple(
            seg for part in block.segments if (seg := by_box.get((block.page, part.box))) is not None
        )
        if stack:
            stacks.append(stack)
    return Columns(tuple(stacks), {id(seg): index for index, stack in enumerate(stacks) for seg in stack})


def down(seg: Seg, found: Scan, grid: Columns) -> Iterator[Seg]:
    """What follows under a segment in its column, until something else begins."""
    last, rows = seg, 0
    line_height = max(seg.box.bottom - seg.box.top, 6.0)
    for number in range(seg.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != seg.line.page or line.box.top - last.box.bottom > 2.2 * line_height or rows >= ROWS:
            return
        below = next((other for other in found.segs[number] if _same_column(other, last, grid)), None)
        if below is None:
            continue
        if any(label.leads and label.closes and label.means(*PARTIES, "addressee") for label in below.labels):
            return
        if below.bilingual and below.labels[0].means(*PARTIES):
            return
        yield below
        last, rows = below, rows + 1


def _same_column(one: Seg, other: Seg, grid: Columns) -> bool:
    if abs(one.box.x0 - other.box.x0) < ALIGNED:
        return True
    index = grid.stack_of.get(id(one))
    return index is not None and index == grid.stack_of.get(id(other))


def says_other(seg: Seg) -> bool:
    """Whether a segment is a label, or begins with the label of something that is no name."""
    if not seg.labels or not seg.labels[0].leads:
        return False
    label = seg.labels[0]
    if label.means(*_CONTACT) or (label.closes and label.means(*OTHER_LABELS)):
        return True
    if label.means("greeting"):
        return True
    if label.means("bank") and any(other.means("iban", "bic") for other in seg.labels):
        return True
    return (label.closes and label.end >= seg.end - 2) or seg.bilingual


def seg_above(seg: Seg, found: Scan, *, flush_left: bool = True) -> Seg | None:
    """The segment right above another in its column, which may be set flush right or centred."""
    height = seg.box.bottom - seg.box.top
    for number in range(seg.line.number - 1, max(seg.line.number - 4, -1), -1):
        for other in found.segs[number]:
            gap = seg.box.top - other.box.bottom
            aligned = abs(other.box.x0 - seg.box.x0) < ALIGNED or (not flush_left and is_aligned(other, seg))
            if other.line.page == seg.line.page and aligned and -1 < gap < 1.5 * height:
                return other
    return None


def is_aligned(one: Seg, other: Seg) -> bool:
    """Whether two segments are set flush left, flush right or centred over each other."""
    upper, lower = one.box, other.box
    middle = abs(upper.x0 + upper.x1 - lower.x0 - lower.x1) / 2
    return min(abs(upper.x0 - lower.x0), abs(upper.x1 - lower.x1), middle) < ALIGNED


def stands_in(seg: Seg, area: PartyArea | None) -> bool:
    """Whether a segment is of an area, whole or but for a label before it."""
    return area is not None and any(
        part.line is seg.line and part.start < seg.end and seg.start < part.end for part in area.segs
    )


def city_of(area: PartyArea) -> tuple[Seg, CityLine] | None:
    """The line of an area with postcode and city."""
    for seg in area.segs:
        if seg.labels and seg.labels[0].leads and seg.labels[0].means(*_NO_ADDRESS):
            continue
        hit = seg.city
        if hit:
            return seg, hit
    return None


def told_of(area: PartyArea) -> tuple[Seg, ...]:
    """The segments of an area up to the last that tells of a party."""
    last = 0
    for index, seg in enumerate(area.segs):
        named = bool(seg.labels) and seg.labels[0].leads and seg.labels[0].means(*TELLS)
        if named or seg.city or seg.is_street or EMAIL.search(seg.text):
            last = index
    return area.segs[: last + 1]


def supported(area: PartyArea) -> bool:
    """Whether more than a name stands in the block: an address, a VAT number, a legal form."""
    if area.name and has_legal_form(area.name.value):
        return True
    kinds = ("vat_id", "fiscal_code", "name", "address", "city")
    return any(
        seg.city is not None
        or seg.country is not None
        or seg.is_street
        or EMAIL.search(seg.text)
        or any(label.means(*kinds) for label in seg.labels)
        for seg in area.segs
    )


def same_name(one: str, other: str) -> bool:
    """Whether two printed names are the same but for case, accents and punctuation."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return plain(fold(name))


def mentions(found: Scan, name: str) -> int:
    """On how many lines a name is repeated."""
    key = _plain(name)
    return sum(key in text for text in found.plain) if len(key) > _TELLING else 0


def same_style(one: Seg, other: Seg) -> bool:
    """Whether two segments are set in the same size and weight."""
    first, second = one.line.words_of(one.start, one.end)[0], other.line.words_of(other.start, other.end)[0]
    return first.bold == second.bold and abs(first.size - second.size) <= SAME_SIZE


def standing_at(place: Place, found: Scan) -> Iterator[Seg]:
    """The segment that holds a place."""
    for segs in found.segs:
        for seg in segs:
            level = abs(seg.box.top - place.box.top) < 1 and seg.line.page == place.page
            if level and seg.box.x0 <= place.box.x0 + 1 and place.box.x0 < seg.box.x1:
                yield seg
                return
