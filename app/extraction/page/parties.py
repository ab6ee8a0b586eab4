"""Who issues and who receives: blocks of name, address and identifiers, told apart by labels, place and repetition."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.addresses import CityLine, country_of, find_city, looks_like_street
from app.extraction.page.identifiers import EMAIL, find_ibans, find_vat_numbers
from app.extraction.page.layout import Block, box_of
from app.extraction.page.legal_forms import has_legal_form, legal_form_end
from app.extraction.page.lexicon import Label
from app.extraction.page.scan import Scan, Seg, Target, row_segments, targets
from app.extraction.page.text import Place, fold

SELLER: Final = "seller"
BUYER: Final = "buyer"
_PARTIES: Final = (SELLER, BUYER, "ship_to")
_ROWS: Final = 9  # lines that an address may have
_NAME_MAX: Final = 90
_SECTION_GAP: Final = 40.0  # points without a line that end a section
_OPEN: Final = ("addressee",)
_CONTACT: Final = (
    "vat_id", "fiscal_code", "buyer_vat", "iban", "bic", "email", "phone", "fax", "web", "sdi_code", "attention", "address",
)  # fmt: skip
_SENDER_PIECES: Final = 3
_WINDOW: Final = 75.0  # points from the sender's line to the recipient
_SMALL: Final = 8.5  # points: sender lines are set smaller than text
_PERSON: Final = re.compile(r"(?i)^(?:m|mme|mr|mrs|ms|herrn?|frau|sig|sig\.ra|sr|sra|dr|ing|dott)\.? \w")
_SENTENCE: Final = 3  # lower-case words that no name has
_HOUSE: Final = re.compile(r"^\D{3,} \d{1,4} ?[a-zA-Z]?(?:[-/]\d{1,4})?$")
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
_NUMBERED: Final = re.compile(
    r"\d{5,}|^\W*\w+\s*[.:#]+\s*\d|^[^\W\d]+(?:nr|nummer)\b|^[^\W\d]+[.-](?:nr|no)\b", re.IGNORECASE
)
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
    for label in found.all_labels(*_PARTIES, "addressee"):
        weight, kind = max((label.weight(kind), kind) for kind in (*_PARTIES, "addressee"))
        closes = label.closes or _rest(label, found) is None
        if not label.leads or (not closes and kind not in _OPEN and label.tokens < 2):  # noqa: PLR2004 - a phrase
            continue
        area = _area_of(label, BUYER if kind == "addressee" else kind, weight, found, grid)
        if area:
            areas.append(area)
    return areas


def _area_of(label: Label, kind: str, weight: float, found: Scan, grid: Columns) -> PartyArea | None:
    """The area that a label opens: after it, under it, or right of it, whichever reads as a party."""
    options = []
    inline = _rest(label, found)
    if inline:
        segs = (inline, *_down(inline, found, grid))
        name = _name_from(segs, max(label.end, inline.start))
        if name and (label.closes or len(name.value.split()) <= 8):  # noqa: PLR2004 - longer is a sentence
            options.append(PartyArea(segs, kind, weight * (1.0 if label.closes else 0.7), name))
    else:
        below = _first_below(label, found)
        if below:
            section = (below, *_down(below, found, grid))
            name = _name_from(section, None)
            if name:
                options.append(PartyArea(section, kind, weight * _below_score(label, below), name))
        beside = next(iter(row_segments(label, found)), None)
        if beside and not says_other(beside) and not (beside.headed and beside.labels[0].means(*_PARTIES)):
            segs = (beside, *_down(beside, found, grid))
            near = beside.box.x0 - label.box.x1 < 0.25 * label.line.width
            name = _name_from(segs, None)
            if name:
                options.append(PartyArea(segs, kind, weight * (0.9 if near else 0.55), name))
    section_area = _section(label, kind, weight, found)
    if section_area:
        options.append(section_area)
    return max(options, key=lambda area: area.score + 0.1 * (city_of(area) is not None), default=None)


def _rest(label: Label, found: Scan) -> Seg | None:
    """The label's segment when something follows the label in it."""
    start, end = label.line.segment_at(label.start)
    if not any(char.isalnum() for char in label.line.text[label.end : end]):
        return None
    if not label.colon and any(
        other.end >= end - 2 and other.start >= label.end and other.means(*_kinds(label))
        for other in _labels_of(label, found)
    ):
        return None  # a heading in two languages
    rest = label.line.text[label.end : end]
    for other in _labels_of(label, found):
        if label.end <= other.start < end and (
            other.means(*_kinds(label), "attention") or other.end >= end - 2
        ):
            rest = rest.replace(label.line.text[other.start : other.end], "")
    if not label.colon and not any(char.isalnum() for char in rest):
        return None  # a heading in two languages
    cut = label.line.text[label.end : end]
    begin = label.end + len(cut) - len(cut.lstrip(" :.,-#"))
    return Seg(label.line, begin, end, label.line.box_of(begin, end), ())


def _kinds(label: Label) -> tuple[str, ...]:
    return tuple(sense.kind for sense in label.senses if sense.kind in _PARTIES)


def _labels_of(label: Label, found: Scan) -> tuple[Label, ...]:
    return found.labels[label.line.number]


def _below_score(label: Label, below: Seg) -> float:
    if below.headed and below.labels[0].means(*_OTHER_LABELS):
        return 0.45
    return 1.0 if abs(below.box.x0 - label.box.x0) < 4 else 0.85  # noqa: PLR2004 - points


def _first_below(label: Label, found: Scan) -> Seg | None:
    """The segment under a label, in its column or little to the right of its beginning."""
    box, height = label.box, max(label.box.bottom - label.box.top, 6.0)
    for number in range(label.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != label.line.page or line.box.top > box.bottom + 3.2 * height:
            return None
        if line.box.top < box.top + height / 2:
            continue
        for seg in found.segs[number]:
            indented = box.x0 - 4 < seg.box.x0 < box.x0 + 25
            if indented or (seg.box.x0 < box.x1 and box.x0 < seg.box.x1):
                if seg.headed and seg.labels[0].means(*_PARTIES):
                    return None
                return seg
    return None


def _section(label: Label, kind: str, weight: float, found: Scan) -> PartyArea | None:
    """The lines under a heading in which labels name the party's parts."""
    if _rest(label, found) is not None and not label.closes:
        return None
    right = min(
        (
            other.box.x0
            for other in found.labels[label.line.number]
            if other.start > label.line.segment_at(label.start)[1] and other.leads and other.means(*_PARTIES)
        ),
        default=label.line.width,
    )
    segs: list[Seg] = []
    bottom = label.box.bottom
    for number in range(label.line.number + 1, min(label.line.number + 30, len(found.lines))):
        line = found.lines[number]
        inside = [seg for seg in found.segs[number] if label.box.x0 - 20 < seg.box.x0 < right - 4]
        if line.page != label.line.page or line.box.top - bottom > _SECTION_GAP:
            break
        if any(
            label.leads and label.closes and _ends_section(label) for seg in inside for label in seg.labels
        ):
            break
        if sum(seg.headed and not seg.labels[0].colon for seg in inside) >= 3:  # noqa: PLR2004 - the head of a table
            break
        segs.extend(inside)
        bottom = max(bottom, line.box.bottom) if inside else bottom
    name = _labelled_name(segs, found)
    return PartyArea(tuple(segs), kind, weight * 1.05, name) if name else None


def _ends_section(label: Label) -> bool:
    return any(label.weight(kind) >= 1 for kind in (*_PARTIES, "net", "total"))


def _labelled_name(segs: Sequence[Seg], found: Scan) -> Text | None:
    for seg in segs:
        for label in seg.labels:
            if label.means("name") and label.closes and label.leads:
                for target in targets(label, found):
                    if any(
                        part.line is target.line and part.start <= target.start <= part.end for part in segs
                    ):
                        return _joined_name(target, segs)
    return None


def _joined_name(target: Target, segs: Sequence[Seg]) -> Text | None:
    """A labelled name with the lines it wraps onto."""
    text, end_line = target.text.strip(" :.-"), target.line
    at = next(
        index
        for index, seg in enumerate(segs)
        if seg.line is target.line and seg.start <= target.start <= seg.end
    )
    box = target.line.box_of(target.start, target.end)
    lead = target.line.box_of(*target.line.segment_at(target.start)).x0
    for seg in segs[at + 1 : at + 3]:
        wraps = seg.line.box.top - end_line.box.bottom < (box.bottom - box.top) and seg.line is not end_line
        if (
            not wraps
            or min(abs(seg.box.x0 - left) for left in (box.x0, lead)) > 4
            or seg.text.endswith(":")
            or seg.labels
            or any(char.isdigit() for char in seg.text)
            or seg.box.x1 > box.x1 + 4
        ):
            break
        text, end_line = f"{text} {seg.text}", seg.line
        place = target.line.place(target.start, target.end)
        hull = box_of([box, seg.box])
        return Text(text, Place(place.page, hull, text, place.origin, place.certainty))
    return Text(text, target.line.place(target.start, target.end)) if any(map(str.isalpha, text)) else None


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
        if any(
            label.leads and label.closes and label.means(*_PARTIES, "addressee") for label in below.labels
        ):
            return
        yield below
        last, rows = below, rows + 1


def _same_column(one: Seg, other: Seg, grid: Columns) -> bool:
    if abs(one.box.x0 - other.box.x0) < 4:  # noqa: PLR2004 - points
        return True
    index = grid.stack_of.get(id(one))
    return index is not None and index == grid.stack_of.get(id(other))


def _name_from(segs: Sequence[Seg], start: int | None) -> Text | None:
    """The name in an area: the first line that is no address, no number, no label and no salutation."""
    if start is not None and any(char.isalpha() for char in segs[0].line.text[start : segs[0].end]):
        return _name_text(segs[0], start, segs[0].end)
    for index, seg in enumerate(segs[:5]):
        if says_other(seg):
            continue
        if seg.labels and seg.labels[0].means("title_invoice", "title_credit_note") and seg.labels[0].leads:
            return None
        if _house_number(segs, index):
            continue
        if (
            _SALUTATION.match(seg.text)
            or _is_address(seg.text)
            or EMAIL.search(seg.text)
            or _NUMBERED.search(seg.text)
        ):
            continue
        name = _name_text(seg, seg.start, seg.end)
        if name:
            return _with_second_line(name, segs[index : index + 2])
    return None


def _house_number(segs: Sequence[Seg], index: int) -> bool:
    """Whether a line ends as a street does and the city follows."""
    following = segs[index + 1].text if index + 1 < len(segs) else ""
    return bool(_HOUSE.search(segs[index].text)) and find_city(following) is not None


def says_other(seg: Seg) -> bool:
    """Whether a segment is a label, or begins with the label of something that is no name."""
    if not seg.labels or not seg.labels[0].leads:
        return False
    label = seg.labels[0]
    if label.means(*_CONTACT) or (label.closes and label.means(*_OTHER_LABELS)):
        return True
    return label.closes and label.end >= seg.end - 2


def _with_second_line(name: Text, segs: Sequence[Seg]) -> Text:
    """A company's name over two lines of one style: the legal form stands on the second."""
    if len(segs) > 1 and _PERSON.match(name.value) and has_legal_form(segs[1].text):
        return _name_text(segs[1], segs[1].start, segs[1].end) or name
    if len(segs) < 2 or has_legal_form(name.value) or len(name.value.split()) > 4:  # noqa: PLR2004 - long enough alone
        return name
    first, second = (
        segs[0].line.words_of(segs[0].start, segs[0].end)[0],
        segs[1].line.words_of(segs[1].start, segs[1].end)[0],
    )
    end = legal_form_end(segs[1].text)
    if end != len(segs[1].text.rstrip()) or first.bold != second.bold or abs(first.size - second.size) > 0.2:  # noqa: PLR2004
        return name
    if segs[1].box.top - segs[0].box.bottom > segs[0].box.bottom - segs[0].box.top:
        return name
    place = name.place
    text = f"{name.value} {segs[1].text.strip()}"
    return Text(
        text, Place(place.page, box_of([place.box, segs[1].box]), text, place.origin, place.certainty), 0.85
    )


def _name_text(seg: Seg, start: int, end: int) -> Text | None:
    text = seg.line.text[start:end]
    form_end = legal_form_end(text)
    cut = _SEPARATORS.search(text, form_end or 0)
    if cut and (form_end or find_city(text) or looks_like_street(text[cut.end() :])):
        text = text[: cut.start()]
    text = text.rstrip(" ,;:|-–")
    if (
        seg.line.text[start:end].rstrip().endswith(":")
        or sum(char.isalpha() for char in text) < 2
        or len(text) > _NAME_MAX
    ):  # noqa: PLR2004 - a lone letter is no name
        return None
    words = text.split()
    if not form_end and (
        any(map(str.isdigit, words[0])) or sum(word[0].islower() for word in words) >= _SENTENCE
    ):
        return None
    return Text(text, seg.line.place(start, start + len(text)))


def _is_address(text: str) -> bool:
    return find_city(text) is not None or looks_like_street(text) or country_of(text) is not None


def window_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """The recipient in the window of the envelope: the block under a line that gives the sender's whole address."""
    if any(area.kind == BUYER and supported(area) for area in taken):
        return []
    areas = []
    for segs in found.segs:
        for seg in segs:
            if seg.line.page > 1 or seg.box.top > seg.line.height * 0.45:
                return areas
            if not _is_sender_line(seg):
                continue
            first = _first_in_window(seg, found)
            block = (first, *_down(first, found, grid)) if first else ()
            name = _name_from(block, None) if block else None
            if name:
                areas.append(PartyArea(block, BUYER, 0.9, name))
    return areas


def _is_sender_line(seg: Seg) -> bool:
    pieces = [piece for piece in re.split(r"\s*[,;|·•∙●▪]\s*|\s[-–—/]\s", seg.text) if piece]
    streets = sum(
        looks_like_street(piece) or bool(re.search(r"\D \d{1,4} ?[a-z]?$", piece)) for piece in pieces
    )
    return (
        len(pieces) >= _SENDER_PIECES
        and streets > 0
        and any(map(str.isdigit, pieces[-1] + pieces[-2]))
        and not (seg.labels and seg.labels[0].leads)
    )


def _first_in_window(sender: Seg, found: Scan) -> Seg | None:
    """The first line of the block under a sender line; the rest of a sender line that wraps is passed over."""
    bottom, size = sender.box.bottom, sender.line.words_of(sender.start, sender.end)[0].size
    for number in range(sender.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != sender.line.page or line.box.top > sender.box.bottom + _WINDOW:
            return None
        for seg in found.segs[number]:
            if abs(seg.box.x0 - sender.box.x0) > 12:  # noqa: PLR2004 - points
                continue
            words = line.words_of(seg.start, seg.end)
            wrapped = abs(words[0].size - size) < 0.1 and seg.box.top - bottom < 3 and size < _SMALL  # noqa: PLR2004 - points
            if wrapped:
                bottom = seg.box.bottom
                continue
            return None if says_other(seg) else seg
    return None


def free_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """Blocks with an address that no label announces, on the first page."""
    used = {id(seg) for area in taken for seg in area.segs}
    areas = []
    for stack in grid.stacks:
        if stack[0].line.page != 1 or any(id(seg) in used for seg in stack):
            continue
        first = next((index for index, seg in enumerate(stack) if find_city(seg.text)), None)
        if first is None and _is_foreign_address(stack):
            first = len(stack) - 1
        if first is None or len(stack) > _ROWS + 4:
            continue
        name = _name_from(stack[: first + 1], None)
        whole = stack
        if name is None and (above := _above(stack[0], found)) is not None:
            whole = (above, *stack)
            name = _name_from(whole, None)
        if name:
            areas.append(PartyArea(whole, None, 0.0, name))
    return areas


def named_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """Blocks that no label of a party announces, though one in them announces a name."""
    used = {id(seg) for area in taken for seg in area.segs}
    areas = []
    for label in found.all_labels("name"):
        seg = next((seg for seg in found.segs[label.line.number] if label in seg.labels), None)
        if seg is None or id(seg) in used or not (label.leads and label.colon and label.weight("name") >= 1):
            continue
        stack = grid.stacks[grid.stack_of[id(seg)]] if id(seg) in grid.stack_of else (seg,)
        name = _labelled_name(stack, found)
        if name and not any(id(part) in used for part in stack):
            areas.append(PartyArea(stack, None, 0.0, name))
            used.update(id(part) for part in stack)
    return areas


def _is_foreign_address(stack: Sequence[Seg]) -> bool:
    """A street and a country, though no postcode of a known shape."""
    streets = any(looks_like_street(seg.text) for seg in stack[:3])
    return streets and any(country_of(seg.text) for seg in stack)


def _above(seg: Seg, found: Scan) -> Seg | None:
    """The segment right above another in its column."""
    height = seg.box.bottom - seg.box.top
    for number in range(seg.line.number - 1, max(seg.line.number - 4, -1), -1):
        for other in found.segs[number]:
            gap = seg.box.top - other.box.bottom
            if (
                other.line.page == seg.line.page
                and abs(other.box.x0 - seg.box.x0) < 4
                and -1 < gap < 1.5 * height
            ):  # noqa: PLR2004
                return other
    return None


def imprint_names(found: Scan) -> Iterator[tuple[Seg, Text]]:
    """Company names with a legal form anywhere on the first page: letterheads, sender lines, footers."""
    for segs in found.segs:
        for seg in segs:
            if seg.line.page > 2 or len(seg.text) < 4:  # noqa: PLR2004 - the imprint of the first or the last page
                continue
            if seg.labels and seg.labels[0].leads and seg.labels[0].means("bank", "iban", "bic", "ship_to"):
                continue
            for start, end in _pieces(seg):
                text = seg.line.text[start:end]
                form_end = legal_form_end(text)
                if form_end and len(text[:form_end].split()) <= 9 and text[:1].isalnum():  # noqa: PLR2004 - no sentence
                    name = Text(text[:form_end].strip(), seg.line.place(start, start + form_end))
                    yield seg, _with_line_above(name, seg, found) if start == seg.start else name


def _with_line_above(name: Text, seg: Seg, found: Scan) -> Text:
    """A name whose beginning stands on the line above, in the same style, at the head of its block."""
    above = _above(seg, found)
    if above is None or above.labels or _above(above, found) or len(above.text.split()) > 4:  # noqa: PLR2004
        return name
    first, second = above.line.words_of(above.start, above.end)[0], seg.line.words_of(seg.start, seg.end)[0]
    if any(map(str.isdigit, above.text)) or has_legal_form(above.text) or abs(first.size - second.size) > 0.2:  # noqa: PLR2004
        return name
    if first.bold != second.bold or len(name.value.split()) > 5 or ":" in above.text or above.text.endswith("."):  # noqa: PLR2004
        return name
    text = f"{above.text} {name.value}"
    place = name.place
    return Text(
        text, Place(place.page, box_of([above.box, place.box]), text, place.origin, place.certainty), 0.85
    )


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
        if seg.labels and seg.labels[0].leads and seg.labels[0].means(*_NO_ADDRESS):
            continue
        hit = find_city(seg.text)
        if hit:
            return seg, hit
    return None


def speaks_of_seller(area: PartyArea, found: Scan) -> float:
    """How much a block without a label looks like the one who issues: contact, account, edge of the page, repetition."""
    text = "\n".join(seg.text for seg in area.segs)
    kinds = {sense.kind for seg in area.segs for label in seg.labels if label.leads for sense in label.senses}
    box, height = area.segs[0].box, area.segs[0].line.height
    score = (
        0.45 * bool(kinds & {"phone", "fax", "web"})
        + 0.2 * bool(EMAIL.search(text))
        + 0.2 * ("www." in text.lower())
    )
    score += 0.15 * bool(kinds & {"vat_id", "fiscal_code"}) + 0.6 * any(True for _ in find_ibans(text))
    score += 0.3 * (box.top < height * 0.12) + 0.4 * (box.top > height * 0.8)
    if area.name:
        score += 0.35 * (mentions(found, area.name.value) > 1)
        words = area.segs[0].line.words_of(area.segs[0].start, area.segs[0].end)
        below = area.segs[-1].line.words_of(area.segs[-1].start, area.segs[-1].end)
        score += 0.2 * (words[0].size > below[0].size * 1.1)
    return score


def supported(area: PartyArea) -> bool:
    """Whether more than a name stands in the block: an address, a VAT number, a legal form."""
    if area.name and has_legal_form(area.name.value):
        return True
    kinds = ("vat_id", "fiscal_code", "name", "address", "city")
    return any(
        find_city(seg.text) is not None
        or looks_like_street(seg.text)
        or EMAIL.search(seg.text)
        or any(label.means(*kinds) for label in seg.labels)
        for seg in area.segs
    )


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
