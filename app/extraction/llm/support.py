"""What on the page bears a value out, besides that it stands there: its label, its shape, its check digits.

A model that errs, or lies, names other values of the same page. A label that calls the value by another name,
a street where a name should be, a number whose check digits fail: each of them tells. The figures are shares
of trust, 0 for none; values that the reader found itself are weighed by the same scales.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from app.extraction.llm.fields import Kind
from app.extraction.llm.grounding import Grounded
from app.extraction.page.parties.sellers import domain_bonus, web_names
from app.extraction.page.sums.roles import Role, roles
from app.extraction.page.text.addresses import country_of, find_city, looks_like_street
from app.extraction.page.text.identifiers import EMAIL, find_ibans, vat_holds
from app.extraction.page.text.legal_forms import has_legal_form, is_legal_form
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import fold, plain
from app.extraction.page.text.scan import Scan, Seg, segs_under, targets

NOTHING: Final = 0.0
_PLAIN: Final = 0.5  # of a value of the right shape that no label names, either way
_NAMED: Final = 0.9  # of one that a label of its own names
_OWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "invoice.number": frozenset({"number"}),
    "invoice.date": frozenset({"date"}),
    "invoice.due_date": frozenset({"due_date"}),
    "invoice.po_number": frozenset({"po_number"}),
    "vendor.vat_number": frozenset({"vat_id", "tax", "fiscal_code"}),
    "buyer.vat_number": frozenset({"vat_id", "buyer_vat", "tax", "fiscal_code"}),
    "vendor.fiscal_code": frozenset({"fiscal_code", "vat_id"}),
    "vendor.iban": frozenset({"iban"}),
})  # fmt: skip
"""The labels that name a field's value."""
_STRANGE: Final = frozenset({
    "number", "date", "due_date", "other_date", "po_number", "other_number", "vat_id", "buyer_vat",
    "fiscal_code", "iban", "bic", "phone", "fax", "zip_code", "total", "net", "tax", "due",
})  # fmt: skip
"""Labels that name values of other fields."""
ROLE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"financials.subtotal": "net", "financials.tax_amount": "tax", "financials.total": "total"}
)
_FIRST_PLACES: Final = 2  # places after a label where its value may stand
_NUMBERED: Final = re.compile(r"\d{5,}|\d[.,]\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_FEW_DIGITS: Final = 4
_LONG_NAME: Final = 10  # words that no name has
_DOMAIN: Final = 0.3  # of trust: the domain of an address on the pages has the name
_SENTENCE: Final = 6  # words of a segment that is a sentence
_SEVERAL: Final = 3
_AMONG_HEADS: Final = 0.25  # of the trust in a name that stands as heads of columns do
_LOWER: Final = 0.25  # of the trust in a number that is lost towards the foot of a page
_LATER: Final = 0.8  # of the trust in a number that stands on another page than the first
_OTHER_NAME: Final = 0.45
_SELLERS_NAME: Final = frozenset({"seller", "name"})
_BUYERS_NAME: Final = frozenset({"buyer", "addressee", "name", "ship_to", "attention"})


class Page(msgspec.Struct, frozen=True):
    """Scanned pages with what their labels name, found once for all values."""

    found: Scan
    named: Mapping[tuple[int, int], tuple[tuple[str, float], ...]]
    """By line and character where a value begins: the kinds that labels give it, with their weight."""
    roles: tuple[Role, ...]


def page_of(found: Scan) -> Page:
    """The labels and sums of scanned pages."""
    named: dict[tuple[int, int], list[tuple[str, float]]] = {}
    for labels in found.labels:
        for label in labels:
            for line_number, start, nearness in _places(label, found):
                senses = [(sense.kind, sense.weight * nearness) for sense in label.senses]
                named.setdefault((line_number, start), []).extend(senses)
    return Page(found, {key: tuple(value) for key, value in named.items()}, tuple(roles(found)))


def _places(label: Label, found: Scan) -> Iterable[tuple[int, int, float]]:
    for count, target in enumerate(targets(label, found)):
        if count == _FIRST_PLACES:
            return
        start = target.start
        while start < target.end and not target.line.text[start].isalnum():
            start += 1
        yield target.line.number, start, target.nearness


def support(value: Grounded, page: Page) -> float:
    """How much bears out that a value on the page is that of its field, 0 to 1."""
    weigh = _BY_KIND.get(value.kind)
    return _PLAIN if weigh is None else weigh(value, page)


def kinds_at(value: Grounded, page: Page) -> dict[str, float]:
    """The kinds that labels give the place where a value stands, with the strongest weight of each."""
    start = value.start
    while start < value.spans[0].end and not value.line.text[start].isalnum():
        start += 1
    kinds: dict[str, float] = {}
    for kind, weight in page.named.get((value.line.number, start), ()):
        kinds[kind] = max(weight, kinds.get(kind, 0.0))
    return kinds


def _labelled(value: Grounded, page: Page) -> float:
    """By the labels: its own speaks for it, another's against it, and none leaves it open."""
    kinds = kinds_at(value, page)
    named = _OWN.get(value.path, frozenset())
    own = max((kinds.get(kind, 0.0) for kind in named), default=0.0)
    other = max((kinds.get(kind, 0.0) for kind in _STRANGE - named), default=0.0)
    if own and own >= other and not (own < 1 and _in_prose(value)):
        return _NAMED * min(1.0, 0.4 + own)
    return NOTHING if other or _in_prose(value) else _PLAIN


def _in_prose(value: Grounded) -> bool:
    """Whether the value is a word of a sentence, which tells of many things: to a model even what to do."""
    start, end = value.line.segment_at(value.start)
    return len(value.line.text[start:end].split()) >= _SENTENCE


def _number(value: Grounded, page: Page) -> float:
    text = str(value.value)
    shared = _labelled(value, page) or _nameless(value, page)
    if _NUMBERED.fullmatch(text) and not shared > _PLAIN:
        return NOTHING if "." in text or "," in text else shared * 0.8
    dates = page.found.dates[value.line.number]
    if any(hit.start <= value.start < hit.end for hit in dates):
        return NOTHING
    place = value.place
    height = 1 - _LOWER * place.box.top / value.line.height
    return shared * height * (1.0 if place.page == 1 else _LATER)


def _nameless(value: Grounded, page: Page) -> float:
    """A number by another name, where nothing on the pages is called the document's own."""
    known = any(label.weight("number") >= 1 for label in page.found.all_labels("number"))
    return NOTHING if known or "other_number" not in kinds_at(value, page) else _OTHER_NAME


def _vat(value: Grounded, page: Page) -> float:
    held = vat_holds(str(value.value)) if str(value.value)[:2].isalpha() else False
    shared = _labelled(value, page)
    accounts = find_ibans(value.line.text)
    if any(hit.start <= value.start < hit.end for hit in accounts):
        return NOTHING
    return min(1.0, shared + 0.3) if held and shared else shared * 0.9


def _iban(value: Grounded, page: Page) -> float:
    """Only accounts whose check digits hold are ever found on a page."""
    shared = _labelled(value, page)
    return min(1.0, shared + 0.3) if shared else NOTHING


def _money(value: Grounded, page: Page) -> float:
    """By the labels of sums; proofs by arithmetic are made elsewhere, over all sums together."""
    wanted = ROLE_OF.get(value.path)
    if wanted is None:
        return _PLAIN
    own, other = NOTHING, NOTHING
    for role in page.roles:
        if role.line is value.line and role.hit.start <= value.start < role.hit.end:
            fits = role.kind == wanted or (wanted == "total" and role.kind == "due")
            own = max(own, role.score) if fits else own
            other = other if fits else max(other, role.score)
    return min(own, 1.0) if own >= other else NOTHING


def _currency(value: Grounded, page: Page) -> float:
    """By the amounts it stands with."""
    meant = [hit.currency for hits in page.found.amounts for hit in hits if hit.currency]
    if not meant:
        return _PLAIN + 0.2
    return meant.count(str(value.value)) / len(meant)


def _name(value: Grounded, page: Page) -> float:
    return name_support(str(value.value), value, page)


def name_support(text: str, value: Grounded, page: Page) -> float:
    """How much a text at a place looks like the name of a party, and of the right one."""
    if is_no_name(text):
        return NOTHING
    kinds = kinds_at(value, page)
    seller = value.path.startswith("vendor.")
    own, other = (_SELLERS_NAME, _BUYERS_NAME) if seller else (_BUYERS_NAME, _SELLERS_NAME)
    strange = max((weight for kind, weight in kinds.items() if kind in _STRANGE), default=0.0)
    for_it = max((weight for kind, weight in kinds.items() if kind in own), default=0.0)
    against = max((weight for kind, weight in kinds.items() if kind in other - own), default=0.0)
    if strange > for_it or against > for_it or _is_label(value, page):
        return NOTHING
    heads = 0.25 if _heads_address(value, page) else 0.0
    form = 0.3 if has_legal_form(text) else 0.0
    often = min(0.1 * (_mentions(text, page) - 1), 0.3) if seller else 0.0
    domain = _DOMAIN * bool(domain_bonus(text, web_names(page.found, None))) * (1 if seller else -1)
    share = _AMONG_HEADS if _is_among_heads(value, page) else 1.0
    return share * max(NOTHING, min(1.0, 0.3 + 0.4 * for_it + heads + form + often + domain))


def _mentions(text: str, page: Page) -> int:
    """How many lines have the text as whole words."""
    pattern = re.compile(rf"(?<!\w){re.escape(fold(text))}(?!\w)")
    return sum(pattern.search(line.folded) is not None for line in page.found.lines)


def is_no_name(text: str) -> bool:
    """Whether a text is an address, a number, a date or a sentence rather than a name."""
    words = text.split()
    digits = sum(map(str.isdigit, text))
    return (
        len(words) > _LONG_NAME
        or not any(map(str.isalpha, text))
        or digits > _FEW_DIGITS
        or _NUMBERED.search(text) is not None
        or EMAIL.search(text) is not None
        or is_legal_form(text)
        or country_of(text) is not None
        or (not has_legal_form(text) and looks_like_street(text))
        or (find_city(text) is not None and not has_legal_form(text))
        or text.rstrip().endswith((":", "?", "!"))
        or (len(words) > 1 and words[0].islower() and not has_legal_form(text))
        or (words[0].isdigit() and not has_legal_form(text))
        or text.casefold().startswith(("www.", "http"))
    )


def _is_label(value: Grounded, page: Page) -> bool:
    """Whether the words are a label of something, or the head of a column, rather than a value."""
    line = value.line
    for label in page.found.labels[line.number]:
        if label.start == value.start and any(s.weight >= 1 and s.kind in _STRANGE for s in label.senses):
            return True
        inside = value.start <= label.start and label.end <= value.spans[0].end
        if inside and plain(line.folded[label.start : label.end]) == plain(fold(value.spans[0].text)):
            return True
    following = line.text[value.spans[0].end :].lstrip()
    return following.startswith(":") or value.spans[0].text.rstrip().endswith(":")


def _is_among_heads(value: Grounded, page: Page) -> bool:
    """Whether the words are in a row of several that have no number, as the heads of columns stand."""
    segs = page.found.segs[value.line.number]
    return len(segs) >= _SEVERAL and not any(map(str.isdigit, value.line.text))


def _heads_address(value: Grounded, page: Page) -> bool:
    """Whether a street or a city follows below."""
    seg = _seg_of(value, page)
    for _ in range(3):
        below = segs_under(seg, page.found) if seg is not None else []
        if not below:
            return False
        seg = below[0]
        if looks_like_street(seg.text) or find_city(seg.text) is not None:
            return True
    return False


def _seg_of(value: Grounded, page: Page) -> Seg | None:
    last = value.spans[-1]
    return next((seg for seg in page.found.segs[last.line.number] if seg.start <= last.start < seg.end), None)


_BY_KIND: Final[Mapping[Kind, Callable[[Grounded, Page], float]]] = MappingProxyType({
    Kind.NAME: _name, Kind.NUMBER: _number, Kind.DATE: _labelled, Kind.MONEY: _money,
    Kind.CURRENCY: _currency, Kind.VAT_NUMBER: _vat, Kind.FISCAL_CODE: _labelled, Kind.IBAN: _iban,
})  # fmt: skip
