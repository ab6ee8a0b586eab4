"""Which of the parties on the page is the seller and which the buyer, and what belongs to each."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.parties.areas import (
    BUYER,
    SELLER,
    TELLS,
    Columns,
    PartyArea,
    city_of,
    mentions,
    same_name,
    standing_at,
    stands_in,
    supported,
)
from app.extraction.page.parties.cut_names import doubted
from app.extraction.page.parties.free_areas import free_areas, named_areas, window_areas
from app.extraction.page.parties.ids import all_ids, ids_of, told_by_check_digits
from app.extraction.page.parties.labelled_areas import labelled_areas
from app.extraction.page.parties.names import name_from
from app.extraction.page.parties.phones import bare_phone
from app.extraction.page.parties.postal import address_of, country_of_party
from app.extraction.page.parties.sellers import (
    domain_bonus,
    imprint_names,
    speaks_of_seller,
    unlabelled_seller,
    web_names,
)
from app.extraction.page.parties.whole_names import whole
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import compact
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lines import fold, has_digit
from app.extraction.page.text.scan import Scan, Seg
from app.model.options import Options, Perspective

_OWN: Final = 0.4  # how much a lone block may speak of the issuer and still be the buyer's
_UNWITNESSED: Final = 0.6  # the most a name may score for which nothing else speaks
_TELLING: Final = 4  # letters of a word that tells a company from others
_FLUSH: Final = 12.0  # points between the left edges of a letterhead and of the address under it
_MENTIONS: Final = 2
_STREET_LINES: Final = 4
_SHIPPED: Final = 0.8  # score of the buyer whom only the place of delivery names
_SURE: Final = 0.9  # score of a label that needs no address beside the name


class Cast(msgspec.Struct, frozen=True):
    """A party with its values by field name of `Party`."""

    area: PartyArea | None
    values: dict[str, Text]


def cast_parties(found: Scan, grid: Columns, options: Options) -> tuple[Cast, Cast]:
    """The seller and the buyer."""
    labelled = labelled_areas(found, grid)
    labelled += window_areas(found, grid, labelled)
    free = free_areas(found, grid, labelled)
    free += named_areas(found, grid, [*labelled, *free])
    labelled = [_with_address(area, [*free, *labelled]) for area in labelled]
    seller, buyer = _apart(labelled)
    goods = best(labelled, "ship_to")
    named = best(labelled, BUYER, bare=True)
    if buyer is None:
        buyer = (
            named
            if named and named.score >= _SURE
            else _unlabelled_buyer(free, found, grid, seller, goods) or named
        )
    name = seller.name if seller else None
    if seller is None:
        others = [goods.name.value] if goods and goods.name else []
        seller, name = unlabelled_seller(found, grid, free, buyer, others)
        seller = _where_addressed(seller, name, [*labelled, *free], grid)
    if name is None and (seller := best(labelled, SELLER, bare=True)):
        name = seller.name
    buyer_name = buyer.name if buyer else None
    ids = all_ids(found)
    strangers = [
        area
        for area in (*labelled, *free)
        if area.name and name and not same_name(area.name.value, name.value)
    ]
    own = ids_of(ids, seller, buyer, SELLER, strangers)
    seller = _beside_numbers(seller, own, [*labelled, *free], grid, found)
    if "phone" not in own and (phone := bare_phone(seller, own.get("email"), found)):
        own["phone"] = phone
    cast = (
        collect(found, seller, name, own),
        collect(found, buyer, buyer_name, ids_of(ids, buyer, seller, BUYER)),
    )
    return _by_own_company(cast, options)


def _with_address(area: PartyArea, others: Sequence[PartyArea]) -> PartyArea:
    """A party of which a label tells the mere name, with the block elsewhere that has its address."""
    if area.name is None or city_of(area) or (supported(area) and not has_legal_form(area.name.value)):
        return area
    name = area.name.value
    same = [other for other in others if other.name and same_name(other.name.value, name)]
    block = next((other for other in same if city_of(other)), None)
    return msgspec.structs.replace(area, segs=block.segs, name=block.name) if block else area


def _where_addressed(
    area: PartyArea | None, name: Text | None, areas: Sequence[PartyArea], grid: Columns
) -> PartyArea | None:
    """The block of the issuer; where its letterhead has no address, the block that has it.

    That is one with the same name elsewhere, or one without a name under the letterhead.
    """
    if area is None or name is None or city_of(area):
        return area
    same = [other for other in areas if other.name and same_name(other.name.value, name.value)]
    named = next((other for other in same if city_of(other)), None)
    return named or _under_letterhead(name, areas, grid) or area


def _under_letterhead(name: Text, areas: Sequence[PartyArea], grid: Columns) -> PartyArea | None:
    """The first block under a name, flush left with it, if it is an address that nobody else's name heads."""
    place = name.place
    for stack in grid.stacks:
        first = stack[0]
        near = first.line.page == place.page and 0 < first.box.top - place.box.bottom < first.line.height / 5
        if not near or abs(first.box.x0 - place.box.x0) > _FLUSH:
            continue
        address = has_digit(first.text) and any(seg.city for seg in stack[:_STREET_LINES])
        taken = any(stands_in(seg, area) for seg in stack for area in areas)
        if address and not taken and not first.headed:
            return PartyArea(stack, None, 0.5, None)
    return None


def _beside_numbers(
    area: PartyArea | None, ids: dict[str, Text], areas: Sequence[PartyArea], grid: Columns, found: Scan
) -> PartyArea | None:
    """The block of the issuer; where it has no address, the one with an address and the issuer's numbers."""
    if area is not None and city_of(area):
        return area
    places = [ids[kind].place for kind in ("vat_number", "fiscal_code", "phone", "email") if kind in ids]
    own = {id(seg) for place in places for seg in standing_at(place, found)}
    for stack in (part for block in grid.stacks for part in _of_parties(block)):
        told = any(id(seg) in own for seg in stack)
        taken = any(stands_in(seg, other) for seg in stack for other in areas if other is not area)
        if told and not taken and any(seg.city for seg in stack):
            return PartyArea(stack, None, 0.5, None)
    return area


def _of_parties(stack: Sequence[Seg]) -> Iterator[tuple[Seg, ...]]:
    """The parts of a stack between lines with labels of other things: of numbers, of dates, of sums."""
    part: list[Seg] = []
    for seg in stack:
        if seg.headed and not seg.labels[0].means(*TELLS):
            yield tuple(part)
            part = []
        else:
            part.append(seg)
    yield tuple(part)


def best(areas: Sequence[PartyArea], kind: str, *, bare: bool = False) -> PartyArea | None:
    """The best labelled area of a kind; one that is a mere name only when `bare`."""
    fitting = [area for area in areas if area.kind == kind and (bare or supported(area))]
    return max(fitting, key=lambda area: area.score + 0.15 * (city_of(area) is not None), default=None)


def _apart(labelled: Sequence[PartyArea]) -> tuple[PartyArea | None, PartyArea | None]:
    """The best labelled seller and buyer; who is called the shipper and is billed as well is the buyer."""
    seller, buyer = best(labelled, SELLER), best(labelled, BUYER)
    if not (seller and buyer and seller.name and buyer.name and seller.score < buyer.score):
        return seller, buyer
    billed = buyer.name.value
    if not same_name(seller.name.value, billed):
        return seller, buyer
    others = [area for area in labelled if not (area.name and same_name(area.name.value, billed))]
    return best(others, SELLER), buyer


def _unlabelled_buyer(
    free: Sequence[PartyArea],
    found: Scan,
    grid: Columns,
    seller: PartyArea | None,
    goods: PartyArea | None,
) -> PartyArea | None:
    """The block of whoever the goods go to, else the one that looks least like the issuer's."""
    if goods and goods.name:
        for area in free:
            if area.name and same_name(area.name.value, goods.name.value):
                return msgspec.structs.replace(area, score=_SHIPPED)
        if len(free) <= 1:
            return msgspec.structs.replace(goods, score=_SHIPPED)
    beside = _beside_the_only_address(free, found, grid) if seller is None else None
    return beside or _free_buyer(free, found, seller)


def _beside_the_only_address(free: Sequence[PartyArea], found: Scan, grid: Columns) -> PartyArea | None:
    """The mere name right of the only address on the paper, which the issuer has to print."""
    if len(free) != 1 or sum(seg.city is not None for segs in found.segs for seg in segs) > 1:
        return None
    first = free[0].segs[0]
    height = first.box.bottom - first.box.top
    for stack in grid.stacks:
        head = stack[0]
        level = head.line.page == first.line.page and abs(head.box.top - first.box.top) < height / 2
        if level and head.box.x0 > first.box.x1 and not any(seg.labels for seg in stack):
            name = name_from(stack, None)
            if name and mentions(found, name.value) == 1:
                return PartyArea(stack, BUYER, _UNWITNESSED, name)
    return None


def _free_buyer(free: Sequence[PartyArea], found: Scan, seller: PartyArea | None) -> PartyArea | None:
    """The address in the upper half that looks least like the issuer's."""
    ranked = sorted(
        (_as_seller(area, found), -number, area)
        for number, area in enumerate(free)
        if area.segs[0].box.top < area.segs[0].line.height * 0.5
        and not (seller and seller.name and area.name and same_name(seller.name.value, area.name.value))
    )
    if not ranked or (own := ranked[0][2].name) is None:
        return None
    score, _, area = ranked[0]
    names = [other.name for other in free if other.name] + [text for _, text in imprint_names(found)]
    others = [name for name in names if not same_name(name.value, own.value)]
    if seller is None and not others and (score > _OWN or _is_brand(own.value, found)):
        return None
    return msgspec.structs.replace(area, score=max(0.8 - score, 0.3))


def _is_brand(name: str, found: Scan) -> bool:
    """Whether a company is spoken of all over a paper by the first word of its name."""
    word = fold(name).split()[0].strip(".,")
    said = sum(word in line.folded for line in found.lines)
    return has_legal_form(name) and len(word) >= _TELLING and said > _MENTIONS


def _as_seller(area: PartyArea, found: Scan) -> float:
    """How much a free block looks like the issuer's; a block without a street is hardly anybody's."""
    domains = web_names(found, None, area)
    street = any(seg.is_street or re.search(r"\D \d{1,4} ?[A-Za-z]?\b", seg.text) for seg in area.segs[:5])
    bonus = domain_bonus(area.name.value, domains) if area.name else 0.0
    low = area.segs[0].box.top > area.segs[0].line.height * 0.4
    return speaks_of_seller(area, found) + bonus + (0.0 if street else 0.4) + 0.3 * low


def collect(found: Scan, area: PartyArea | None, name: Text | None, ids: dict[str, Text]) -> Cast:
    """What an area, a name and the numbers that are a party's say of it."""
    values: dict[str, Text] = {}
    if name:
        values["name"] = _witnessed(doubted(whole(name, found), found), found, ids)
    if area:
        values.update(address_of(area, found))
        if "vat_number" not in ids and (alone := told_by_check_digits(area)):
            values["vat_number"] = alone
    values.update(ids)
    country = country_of_party(values, area)
    if country:
        values.setdefault("country", country)
    return Cast(area, values)


def _witnessed(name: Text, found: Scan, ids: dict[str, Text]) -> Text:
    """The name, with less trust where no legal form, tax number or second mention speaks for it."""
    told = "vat_number" in ids or "fiscal_code" in ids or has_legal_form(name.value)
    if told or mentions(found, name.value) > 1:
        return name
    return msgspec.structs.replace(name, score=min(name.score, _UNWITNESSED))


def _by_own_company(cast: tuple[Cast, Cast], options: Options) -> tuple[Cast, Cast]:
    """Exchange the parties when the caller's own company stands on the wrong side."""
    if not options.own_company or options.perspective is None:
        return cast
    side = cast[1] if options.perspective is Perspective.SELLER else cast[0]
    return (cast[1], cast[0]) if _is_company(side, options.own_company) else cast


def _is_company(party: Cast, own: str) -> bool:
    vat, name = party.values.get("vat_number"), party.values.get("name")
    key = compact(own)
    return bool(
        vat and vat.value.endswith(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) and has_digit(key)
    ) or bool(name and same_name(name.value, own))
