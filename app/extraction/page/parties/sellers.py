"""Who could have issued a document that does not say so: letterheads, imprints, senders, web addresses."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.parties.areas import (
    LONG_ENOUGH,
    SAME_SIZE,
    Columns,
    PartyArea,
    mentions,
    same_name,
    says_other,
    seg_above,
    stands_in,
)
from app.extraction.page.parties.free_areas import is_sender_line
from app.extraction.page.parties.ids import taxed_places
from app.extraction.page.parties.names import goes_to_person, has_price, with_tail
from app.extraction.page.parties.whole_names import whole
from app.extraction.page.text.addresses import CityLine, names_street
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import EMAIL, find_ibans
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.legal_forms import has_legal_form, is_legal_form, legal_form_end
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, fold, has_digit, plain
from app.extraction.page.text.scan import Scan, Seg, once, segs_under

_PAGES: Final = 2  # on which an imprint is sought
_SHORTEST: Final = 4  # characters of a name with its legal form
_NAME_WORDS: Final = 9  # more is a sentence
_HEAD_WORDS: Final = 6  # of a line that may be a letterhead
_TELLING: Final = 3  # letters that are no mere initials
_REPEATED: Final = 0.12  # for each further line that says a name
_HEAD: Final = 0.3  # of the height of a page, where letterheads end
_ONLY_TAXED: Final = 0.45  # for the block of the only one whose tax number is printed
_ADDRESSED: Final = 0.5  # against the block that a letter goes to
_BARS: Final = tuple("·•|–,;")
_LARGER: Final = 1.15  # times the size of the block's letters
_OVER_BLOCK: Final = 0.2  # for a name in larger type over its block
_LOGO: Final = 0.4  # for a name that the letterhead begins
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_GENERIC_DOMAINS: Final = frozenset(
    {"gmail", "hotmail", "yahoo", "outlook", "pec", "gmx", "web", "example", "legalmail", "libero"}
)


def imprint_names(found: Scan) -> Iterator[tuple[Seg, Text]]:
    """Company names with a legal form anywhere on the first page: letterheads, sender lines, footers."""
    for segs in found.segs:
        for seg in segs:
            if seg.line.page > _PAGES or len(seg.text) < _SHORTEST:
                continue
            if seg.labels and seg.labels[0].leads and seg.labels[0].means("bank", "iban", "bic", "ship_to"):
                continue
            for begin, end in _pieces(seg):
                start = _behind_label(seg, begin)
                text = seg.line.text[start:end]
                form_end = legal_form_end(text)
                if (
                    form_end
                    and not _ends_with_state(text[:form_end], seg.city)
                    and any(map(str.isalpha, text.split()[0]))
                    and not is_legal_form(text[:form_end])
                    and len(text[:form_end].split()) <= _NAME_WORDS
                    and text[:1].isalnum()
                ):
                    name = Text(text[:form_end].strip(), seg.line.place(start, start + form_end))
                    name = _with_line_above(name, seg, found) if begin == seg.start else name
                    yield seg, with_tail(name, segs_under(seg, found)) if end == seg.end else name


def _behind_label(seg: Seg, start: int) -> int:
    """Where a text goes on behind a leading `Issued by`."""
    label = seg.labels[0] if seg.labels and start == seg.start else None
    told = label is not None and label.leads and label.means("seller") and label.tokens > 1
    return label.end + 1 if label and told else start


def _ends_with_state(name: str, city: CityLine | None) -> bool:
    """Whether what looks like a legal form is a state in an address: `Adelaide SA 5000`."""
    return city is not None and city.province is not None and name.endswith(city.province)


def _with_line_above(name: Text, seg: Seg, found: Scan) -> Text:
    """A name whose beginning stands on the line above, in the same style, at the head of its block."""
    above = seg_above(seg, found, flush_left=False)
    if above is not None and above.labels == () and not has_digit(above.text):
        name = Text(name.value, name.place, 0.8)  # it may begin on the line above
    if (
        above is None
        or above.labels
        or seg_above(above, found, flush_left=False)
        or len(above.text.split()) > LONG_ENOUGH
    ):
        return name
    first, second = above.line.words_of(above.start, above.end)[0], seg.line.words_of(seg.start, seg.end)[0]
    if has_digit(above.text) or has_legal_form(above.text) or abs(first.size - second.size) > SAME_SIZE:
        return name
    if (
        first.bold != second.bold
        or len(name.value.split()) > LONG_ENOUGH
        or ":" in above.text
        or above.text.endswith(".")
    ):
        return name
    text = f"{above.text} {name.value}"
    place = name.place
    return Text(
        text, Place(place.page, box_of([above.box, place.box]), text, place.origin, place.certainty), 0.85
    )


def _pieces(seg: Seg, *, commas: bool = False) -> Iterator[tuple[int, int]]:
    position = seg.start
    text = seg.line.text[seg.start : seg.end]
    marks = r"\s*[,;|·•*∙●▪]\s*|\s[-–—/]\s|:\s" if commas else r"\s*[;|·•*∙●▪]\s*|\s[-–—/]\s|:\s"
    for match in re.finditer(marks, text):
        yield position, seg.start + match.start()
        position = seg.start + match.end()
    yield position, seg.end


def speaks_of_seller(area: PartyArea, found: Scan) -> float:
    """How much a block looks like the issuer's: contact, account, edge of the page, repetition."""
    text = "\n".join(seg.text for seg in area.segs)
    kinds = {sense.kind for seg in area.segs for label in _telling(seg) for sense in label.senses}
    box, height = area.segs[0].box, area.segs[0].line.height
    score = (
        0.45 * bool(kinds & {"phone", "fax", "web"})
        + 0.2 * bool(EMAIL.search(text))
        + 0.2 * ("www." in text.lower())
    )
    taxed = taxed_places(found) if _charges_tax(found) else set()
    score += 0.15 * bool(kinds & {"vat_id", "fiscal_code"})
    score += _ONLY_TAXED * (bool(taxed) and taxed <= {(seg.line.number, seg.start) for seg in area.segs})
    score += 0.6 * any(True for _ in find_ibans(text))
    score -= _ADDRESSED * goes_to_person(area.segs)
    score += 0.3 * (box.top < height * 0.12) + 0.4 * (box.top > height * 0.8)
    if area.name:
        score += 0.35 * (mentions(found, area.name.value) > 1)
        words = area.segs[0].line.words_of(area.segs[0].start, area.segs[0].end)
        below = area.segs[-1].line.words_of(area.segs[-1].start, area.segs[-1].end)
        score += 0.2 * (words[0].size > below[0].size * 1.1)
    return score


def _telling(seg: Seg) -> Iterator[Label]:
    """The labels that begin a segment, or a piece of it: `12345 Town · Tel. 123`."""
    for label in seg.labels:
        if label.leads or seg.line.text[: label.start].rstrip()[-1:] in _BARS:
            yield label


@once
def _charges_tax(found: Scan) -> bool:
    """Whether a tax is charged: who does not charge any may do without a number."""
    lines = {label.line.number for label in found.all_labels("tax", "vat_id", "tax_rate")}
    return any(hit.value > 0 for number in lines for hit in found.percents[number])


def unlabelled_seller(
    found: Scan,
    grid: Columns,
    free: Sequence[PartyArea],
    buyer: PartyArea | None,
    strangers: Sequence[str] = (),
) -> tuple[PartyArea | None, Text | None]:
    """The best name for the one who issues, with its block; never one of the `strangers`."""
    options = [
        (score, text, area)
        for score, text, area in _seller_names(found, grid, free, buyer)
        if not any(same_name(text.value, stranger) for stranger in strangers)
    ]
    if not options:
        return None, None
    score, text, area = max(options, key=lambda option: option[0])
    return area, msgspec.structs.replace(text, score=min(score / 2, 1.0))


_Option = tuple[float, Text, PartyArea | None]


def _seller_names(
    found: Scan, grid: Columns, free: Sequence[PartyArea], buyer: PartyArea | None
) -> Iterator[_Option]:
    domains = web_names(found, buyer)
    for score, text, area in (
        *_from_imprints(found, grid, buyer),
        *_from_senders(found, grid, buyer),
        *_from_areas(found, free, buyer),
        *_from_heads(found, grid, buyer),
    ):
        if not _is_buyer(text, buyer):
            repeated = min(mentions(found, text.value), 4)
            yield score + domain_bonus(text.value, domains) + _REPEATED * repeated, text, area


def _from_imprints(found: Scan, grid: Columns, buyer: PartyArea | None) -> Iterator[_Option]:
    """Names with a legal form."""
    for seg, named in imprint_names(found):
        if not stands_in(seg, buyer):
            text = whole(named, found)
            score = 0.5 + _name_place(seg)
            score += 0.3 * (seg.city is not None or seg.is_street)
            yield score, text, _area_around(seg, found, grid, text, buyer)


def _from_senders(found: Scan, grid: Columns, buyer: PartyArea | None) -> Iterator[_Option]:
    """Names at the head of a sender's line."""
    for seg, text in sender_names(found):
        yield 1.0, text, _area_around(seg, found, grid, text, buyer)


def _from_areas(found: Scan, free: Sequence[PartyArea], buyer: PartyArea | None) -> Iterator[_Option]:
    """Names of blocks with an address; one that the letterhead begins is likelier."""
    heads = [plain(fold(seg.text)) for seg in _letterhead(found) if _is_large(seg, found)]
    for area in free:
        if area is not buyer and area.name:
            name = plain(fold(area.name.value))
            begun = any(len(head) >= _TELLING and name.startswith(head) for head in heads)
            score = 0.3 + speaks_of_seller(area, found) + _LOGO * begun
            yield score, area.name, area
            above = None if begun else _headline(area.segs[0], found)
            if above is not None:
                yield score + _OVER_BLOCK, _text_of(above), area


def _from_heads(found: Scan, grid: Columns, buyer: PartyArea | None) -> Iterator[_Option]:
    """Texts at the head of the page; what is only a web address is hardly a name."""
    for seg in _letterhead(found):
        if not stands_in(seg, buyer):
            text = whole(with_tail(_text_of(seg), segs_under(seg, found)), found)
            score = 0.25 + 0.2 * _is_large(seg, found) - 0.5 * bool(_DOMAIN.fullmatch(text.value))
            yield score, text, _area_around(seg, found, grid, text, buyer)


def _text_of(seg: Seg) -> Text:
    return Text(seg.text.strip(), seg.line.place(seg.start, seg.end))


def _headline(seg: Seg, found: Scan) -> Seg | None:
    """The line in larger type over a block, aligned with it: whose letterhead the block belongs to."""
    above = seg_above(seg, found, flush_left=False)
    if above is None or above.box.top > above.line.height * _HEAD or not _may_be_name(above):
        return None
    first, second = (part.line.words_of(part.start, part.end)[0] for part in (above, seg))
    return above if first.size > _LARGER * second.size else None


def sender_names(found: Scan) -> Iterator[tuple[Seg, Text]]:
    """Whom the line over an envelope's window names first: `Company · Street 1 · 10115 City`."""
    for segs in found.segs:
        for seg in segs:
            if seg.line.page == 1 and is_sender_line(seg):
                start, end = next(_pieces(seg, commas=True))
                first = seg.line.text[start:end]
                announced = seg.line.text[end : end + 1] == ":"
                if sum(map(str.isalpha, first)) >= _TELLING and not announced and not has_digit(first):
                    yield seg, Text(seg.line.text[start:end].strip(), seg.line.place(start, end))


def _is_buyer(text: Text, buyer: PartyArea | None) -> bool:
    return bool(buyer and buyer.name and same_name(buyer.name.value, text.value))


def _name_place(seg: Seg) -> float:
    height = seg.line.height
    if seg.box.top < height * 0.15:
        return 0.4
    return 0.3 if seg.box.top > height * 0.85 else 0.0


def _letterhead(found: Scan) -> Iterator[Seg]:
    """Short texts without a label at the head of the first page."""
    for segs in found.segs:
        asked = False
        for seg in segs:
            if seg.line.page > 1 or seg.box.top > seg.line.height * 0.2:
                return
            if not asked and _may_be_name(seg):
                yield seg
            asked = seg.headed and seg.labels[-1].colon  # what stands beside it answers that


def _may_be_name(seg: Seg) -> bool:
    """Whether a text is short and neither a label, nor a title, nor an address."""
    return (
        not any(label.closes and (label.leads or label.colon or label.names_paper) for label in seg.labels)
        and not says_other(seg)
        and not has_price(seg)
        and 1 <= len(seg.text.split()) <= _HEAD_WORDS
        and sum(char.isalpha() for char in seg.text) >= _TELLING
        and not has_digit(seg.text)
        and seg.country is None
        and "@" not in seg.text
        and "www." not in seg.text.lower()
        and not (names_street(seg.text) or is_legal_form(seg.text))
    )


def _is_large(seg: Seg, found: Scan) -> bool:
    heights = sorted(line.box.bottom - line.box.top for line in found.lines if line.page == 1)
    return seg.box.bottom - seg.box.top > 1.25 * heights[len(heights) // 2]


def web_names(found: Scan, buyer: PartyArea | None, asked: PartyArea | None = None) -> set[str]:
    """What the web and mail addresses on the pages are named after, the buyer's left out.

    A mailbox at a provider counts for nothing in the block of the one who is `asked` about: anybody has one.
    """
    own = {id(seg.line) for seg in buyer.segs} if buyer else set()
    mailboxes = own | ({id(seg.line) for seg in asked.segs} if asked else set())
    names = set()
    for line in found.lines:
        if "@" in line.folded or "www." in line.folded or "http" in line.folded:
            for match in re.finditer(r"(?:@|www\.|https?://(?:www\.)?)([\w-]+)\.", line.folded):
                if id(line) not in own and match[1] not in _GENERIC_DOMAINS:
                    names.add(match[1].replace("-", ""))
            for match in re.finditer(r"([\w.-]+)@([\w-]+)\.", line.folded):
                if id(line) not in mailboxes and match[2] in _GENERIC_DOMAINS:
                    names.add(re.sub(r"[^a-z]", "", match[1]))
    return names


def domain_bonus(name: str, domains: set[str]) -> float:
    """How much a name agrees with a web address."""
    words = [word for word in re.findall(r"[a-z0-9]+", fold(name)) if len(word) >= _TELLING]
    joined = "".join(words)
    for domain in domains:
        if len(domain) >= _TELLING and (domain in joined or joined in domain):
            return 0.6
        if words and len(words[0]) > _TELLING and words[0] in domain:
            return 0.4
    return 0.0


def _area_around(seg: Seg, found: Scan, grid: Columns, text: Text, buyer: PartyArea | None) -> PartyArea:
    """The block that a name stands in; the block below too, where it stands alone as letterheads do."""
    stack = _stack_of(seg, grid, buyer)
    if stack[-1] is seg and (below := next(iter(segs_under(seg, found)), None)) is not None:
        stack = (*stack, *_stack_of(below, grid, buyer))
    at = next((number for number, part in enumerate(stack) if part is seg), 0)
    return PartyArea(stack[max(at - 1, 0) : at + 8], None, 0.5, text)


def _stack_of(seg: Seg, grid: Columns, buyer: PartyArea | None) -> tuple[Seg, ...]:
    index = grid.stack_of.get(id(seg))
    if index is None:
        return (seg,)
    return tuple(part for part in grid.stacks[index] if not stands_in(part, buyer)) or (seg,)
