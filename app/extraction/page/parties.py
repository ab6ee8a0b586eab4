"""Who issues and who receives: blocks of name, address and identifiers, told apart by labels, place and repetition."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.addresses import CityLine, country_of, find_city, looks_like_street
from app.extraction.page.identifiers import EMAIL, find_ibans, find_vat_numbers
from app.extraction.page.layout import Block
from app.extraction.page.legal_forms import has_legal_form, legal_form_end
from app.extraction.page.lexicon import Label
from app.extraction.page.scan import Scan, Seg, targets
from app.extraction.page.text import Place, fold

SELLER: Final = "seller"
BUYER: Final = "buyer"
_PARTIES: Final = (SELLER, BUYER, "ship_to")
_ROWS: Final = 9  # lines that an address may have
_NAME_MAX: Final = 90
_SALUTATION: Final = re.compile(
    r"(?i)^\W*(?:z\.? ?hd\.?|att(?:n|ention)?\b|c/o|herrn?|frau|mr|mrs|ms|m\.|mme|sig\.?(?:ra)?|dr|spett\.?(?: ?le)?|egr|"
    r"an|to|t\.a\.v|an die|firma|kundennummer)\W*$"
)
_SEPARATORS: Final = re.compile(r"\s*(?:[,;|·•*∙●▪]|\s[-–—/]\s|\s{2,})\s*")
_OTHER_LABELS: Final = frozenset({
    "vat_id", "fiscal_code", "email", "phone", "fax", "web", "iban", "bic", "bank", "address", "city", "zip_code",
    "province", "country", "sdi_code", "buyer_vat", "number", "date", "due_date", "other_number", "other_date", "po_number",
    "total", "net", "tax", "due", "payment_terms", "payment_method", "currency", "cig", "cup",
})  # fmt: skip


class Text(msgspec.Struct, frozen=True, eq=False):
    """A value that is a piece of text, and where it stands."""

    value: str
    place: Place
    score: float = 1.0


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


def labelled_areas(found: Scan, grid: Columns) -> list[PartyArea]:
    """The parties that a label announces."""
    areas = []
    for label in found.all_labels(*_PARTIES):
        kinds = [(label.weight(kind), kind) for kind in _PARTIES if label.weight(kind)]
        weight, kind = max(kinds)
        if (
            not label.leads
            or (weight < 1 and not label.closes)
            or label.line.box.top > label.line.height * 0.85
        ):
            continue
        area = _area_of(label, kind, weight, found, grid)
        if area:
            areas.append(area)
    return areas


def _area_of(label: Label, kind: str, weight: float, found: Scan, grid: Columns) -> PartyArea | None:
    for target in targets(label, found):
        seg = next(seg for seg in found.segs[target.line.number] if seg.start <= target.start < seg.end)
        inline = target.line is label.line and target.start >= label.end and seg.start <= label.start
        if inline and not label.closes and weight < 1:
            continue
        if inline and (not label.closes and _is_sentence(target.text)):
            return None
        score = weight * target.nearness * (1.0 if label.closes else 0.7)
        segs = (seg, *_down(seg, found, grid))
        name = _own_name(segs, target.start if inline else None, target.end)
        if name is None and inline:
            continue
        if name or any(find_city(part.text) for part in segs):
            return PartyArea(segs, kind, score, name)
    return None


def _is_sentence(text: str) -> bool:
    return len(text.split()) > 8  # noqa: PLR2004 - longer than a name


def _down(seg: Seg, found: Scan, grid: Columns) -> Iterator[Seg]:
    """What follows under a segment in its column, until something else begins."""
    last, rows = seg, 0
    line_height = max(seg.box.bottom - seg.box.top, 6.0)
    for number in range(seg.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != seg.line.page or line.box.top - last.box.bottom > 2.2 * line_height or rows >= _ROWS:
            return
        below = next((other for other in found.segs[number] if _same_column(other, last, grid)), None)
        if below is None:
            continue
        if any(label.leads and label.closes and label.means(*_PARTIES) for label in below.labels):
            return
        yield below
        last, rows = below, rows + 1


def _same_column(one: Seg, other: Seg, grid: Columns) -> bool:
    if abs(one.box.x0 - other.box.x0) < 4:  # noqa: PLR2004 - points
        return True
    index = grid.stack_of.get(id(one))
    return index is not None and index == grid.stack_of.get(id(other))


def _own_name(segs: Sequence[Seg], start: int | None, end: int | None) -> Text | None:
    """The name in an area: after a label of names, else its first line that is no address and no label."""
    for seg in segs:
        for label in seg.labels:
            if label.means("name") and label.closes and label.end < seg.end:
                text = seg.line.text[label.end : seg.end]
                lead = len(text) - len(text.lstrip(" :.-"))
                return _name_text(seg, label.end + lead, seg.end)
    if start is not None:
        return _name_text(segs[0], start, end or segs[0].end)
    for seg in segs[:4]:
        begin = seg.start
        if seg.headed and seg.labels[0].means(*_OTHER_LABELS):
            continue
        if _SALUTATION.match(seg.text) or _is_address(seg.text) or EMAIL.search(seg.text):
            continue
        return _name_text(seg, begin, seg.end)
    return None


def _name_text(seg: Seg, start: int, end: int) -> Text | None:
    text = seg.line.text[start:end]
    form_end = legal_form_end(text)
    cut = _SEPARATORS.search(text, form_end or 0)
    if cut and (form_end or find_city(text) or looks_like_street(text[cut.end() :])):
        text = text[: cut.start()]
    text = text.rstrip(" ,;:|-–")
    if not any(char.isalpha() for char in text) or len(text) > _NAME_MAX:
        return None
    return Text(text, seg.line.place(start, start + len(text)))


def _is_address(text: str) -> bool:
    return find_city(text) is not None or looks_like_street(text) or country_of(text) is not None


def free_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """Blocks with an address that no label announces, on the first page."""
    used = {id(seg) for area in taken for seg in area.segs}
    areas = []
    for stack in grid.stacks:
        if stack[0].line.page != 1 or any(id(seg) in used for seg in stack):
            continue
        first = next((index for index, seg in enumerate(stack) if find_city(seg.text)), None)
        if first is None or len(stack) > _ROWS + 4:
            continue
        name = _own_name(stack, None, None)
        if name:
            areas.append(PartyArea(stack, None, 0.0, name))
    return areas


def imprint_names(found: Scan) -> Iterator[tuple[Seg, Text]]:
    """Company names with a legal form anywhere on the first page: letterheads, sender lines, footers."""
    for segs in found.segs:
        for seg in segs:
            if seg.line.page > 2 or len(seg.text) < 4:  # noqa: PLR2004 - the imprint of the first or the last page
                continue
            for start, end in _pieces(seg):
                text = seg.line.text[start:end]
                form_end = legal_form_end(text)
                if form_end and len(text[:form_end].split()) <= 9 and text[:1].isalnum():  # noqa: PLR2004 - no sentence
                    yield seg, Text(text[:form_end].strip(), seg.line.place(start, start + form_end))


def _pieces(seg: Seg) -> Iterator[tuple[int, int]]:
    position = seg.start
    text = seg.line.text[seg.start : seg.end]
    for match in re.finditer(r"\s*[;|·•*∙●▪]\s*|\s[-–—/]\s|:\s", text):
        yield position, seg.start + match.start()
        position = seg.start + match.end()
    yield position, seg.end


def city_of(area: PartyArea) -> tuple[Seg, CityLine] | None:
    """The line of an area with postcode and city."""
    for seg in area.segs:
        hit = find_city(seg.text)
        if hit:
            return seg, hit
    return None


def evidence_of_seller(area: PartyArea, found: Scan) -> float:
    """How much a block without a label speaks of the one who issues: contact, numbers, edge of the page."""
    score = 0.0
    text = "\n".join(seg.text for seg in area.segs)
    kinds = {sense.kind for seg in area.segs for label in seg.labels for sense in label.senses}
    score += 0.6 * bool(kinds & {"vat_id", "fiscal_code", "iban"}) + 0.5 * bool(
        kinds & {"phone", "fax", "web"}
    )
    score += 0.2 * bool(EMAIL.search(text)) + 0.5 * any(True for _ in find_ibans(text))
    score += 0.4 * any(True for _ in find_vat_numbers(text))
    box = area.segs[0].box
    height, width = found.lines[0].height, found.lines[0].width
    score += 0.35 if box.top < height * 0.12 else 0.0
    score += 0.3 if box.top > height * 0.85 else 0.0
    score += 0.15 if box.x0 > width * 0.5 else 0.0
    return score


def same_name(one: str, other: str) -> bool:
    """Whether two printed names are the same but for case, accents and punctuation."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(char for char in fold(name) if char.isalnum())


def mentions(found: Scan, name: str) -> int:
    """On how many lines a name is repeated."""
    key = _plain(name)
    return sum(key in _plain(line.text) for line in found.lines) if len(key) > 3 else 0  # noqa: PLR2004 - too short to tell


def has_form(text: str) -> bool:
    """Whether the text is a company's by its legal form."""
    return has_legal_form(text)
