"""Which of the parties on the page is the seller and which the buyer, and what belongs to each."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.addresses import country_of, find_city, looks_like_street, trailing_code
from app.extraction.page.identifiers import (
    CODICE_FISCALE,
    EMAIL,
    IdHit,
    compact,
    find_bic,
    find_ibans,
    find_vat_numbers,
    read_labelled_vat,
)
from app.extraction.page.layout import box_of
from app.extraction.page.lexicon import Label
from app.extraction.page.parties import (
    BUYER,
    SELLER,
    Columns,
    PartyArea,
    Text,
    city_of,
    free_areas,
    imprint_names,
    labelled_areas,
    mentions,
    named_areas,
    same_name,
    speaks_of_seller,
    supported,
    window_areas,
)
from app.extraction.page.scan import Scan, Seg, Target, segments_below, targets
from app.extraction.page.text import Place, TextLine, fold
from app.model.options import Options, Perspective

_OWN: Final = 0.4  # how much a lone block may speak of the issuer and still be the buyer's
_SURE: Final = 0.9  # score of a label that needs no address beside the name
_GENERIC_DOMAINS: Final = frozenset(
    {"gmail", "hotmail", "yahoo", "outlook", "pec", "gmx", "web", "example", "legalmail", "libero"}
)
_PHONE: Final = re.compile(r"[\s:.]*(?P<phone>\+?[\d(][\d\s()./-]{5,22}\d)")
_SDI: Final = re.compile(r"[\s:.]*(?P<sdi>[A-Z0-9]{6,7})(?![A-Za-z0-9])")
_FISCAL: Final = re.compile(r"[\s:.,#°ºn-]*(?P<id>[A-Z0-9]{0,6}\d[\dA-Z]*(?:[ ./-]{0,3}[\dA-Z]*\d[\dA-Z]*)*)")


class Cast(msgspec.Struct, frozen=True):
    """A party with its values by field name of `Party`."""

    area: PartyArea | None
    values: dict[str, Text]


class _Found(msgspec.Struct, frozen=True, eq=False):
    """An identifier with the label that announces it, if any."""

    text: Text
    line: TextLine
    start: int
    label: Label | None
    valid: bool
    country: str | None


def cast_parties(found: Scan, grid: Columns, options: Options) -> tuple[Cast, Cast]:
    """The seller and the buyer."""
    labelled = labelled_areas(found, grid)
    labelled += window_areas(found, grid, labelled)
    free = free_areas(found, grid, labelled)
    free += named_areas(found, grid, [*labelled, *free])
    seller, buyer = _best(labelled, SELLER), _best(labelled, BUYER)
    named = _best(labelled, BUYER, bare=True)
    if buyer is None:
        buyer = named if named and named.score >= _SURE else _free_buyer(free, found, seller) or named
    name = seller.name if seller else None
    if seller is None:
        seller, name = _unlabelled_seller(found, grid, free, buyer)
    if name is None and (seller := _best(labelled, SELLER, bare=True)):
        name = seller.name
    buyer_name = buyer.name if buyer else None
    cast = (_collect(found, seller, name, buyer, SELLER), _collect(found, buyer, buyer_name, seller, BUYER))
    return _by_own_company(cast, options)


def _best(areas: Sequence[PartyArea], kind: str, *, bare: bool = False) -> PartyArea | None:
    """The best labelled area of a kind; one that is a mere name only when `bare`."""
    fitting = [area for area in areas if area.kind == kind and (bare or supported(area))]
    return max(fitting, key=lambda area: area.score + 0.15 * (city_of(area) is not None), default=None)


def _free_buyer(free: Sequence[PartyArea], found: Scan, seller: PartyArea | None) -> PartyArea | None:
    """The address in the upper half that looks least like the issuer's."""
    domains = _domains(found, None)
    ranked = sorted(
        (_as_seller(area, found, domains), -number, area)
        for number, area in enumerate(free)
        if area.segs[0].box.top < area.segs[0].line.height * 0.5
        and not (seller and seller.name and area.name and same_name(seller.name.value, area.name.value))
    )
    if not ranked or ranked[0][2].name is None:
        return None
    score, _, area = ranked[0]
    others: list[object] = [other for other in free if other.name and not same_name(other.name.value, area.name.value)]
    others += [text for _, text in imprint_names(found) if not same_name(text.value, area.name.value)]
    if seller is None and not others and score > _OWN:
        return None
    return msgspec.structs.replace(area, score=max(0.8 - score, 0.3))


def _as_seller(area: PartyArea, found: Scan, domains: set[str]) -> float:
    """How much a free block looks like the issuer's; a block without a street is hardly anybody's."""
    street = any(
        looks_like_street(seg.text) or re.search(r"\D \d{1,4} ?[A-Za-z]?\b", seg.text)
        for seg in area.segs[:5]
    )
    bonus = _domain_bonus(area.name.value, domains) if area.name else 0.0
    return speaks_of_seller(area, found) + bonus + (0.0 if street else 0.4)


def _unlabelled_seller(
    found: Scan, grid: Columns, free: Sequence[PartyArea], buyer: PartyArea | None
) -> tuple[PartyArea | None, Text | None]:
    """The best name for the one who issues, with its block."""
    options = list(_seller_names(found, grid, free, buyer))
    if not options:
        return None, None
    score, text, area = max(options, key=lambda option: option[0])
    return area, msgspec.structs.replace(text, score=min(score / 2, 1.0))


def _seller_names(
    found: Scan, grid: Columns, free: Sequence[PartyArea], buyer: PartyArea | None
) -> Iterator[tuple[float, Text, PartyArea | None]]:
    domains = _domains(found, buyer)
    own = {id(seg) for seg in buyer.segs} if buyer else set()
    for seg, text in imprint_names(found):
        if id(seg) not in own and not _is_buyer(text, buyer):
            score = (
                0.5
                + _name_place(seg)
                + _domain_bonus(text.value, domains)
                + 0.15 * min(mentions(found, text.value), 4)
            )
            score += 0.3 * (find_city(seg.text) is not None or looks_like_street(seg.text))
            yield score, text, _area_around(seg, grid, text, buyer)
    for area in free:
        if area is not buyer and area.name and not _is_buyer(area.name, buyer):
            score = 0.3 + speaks_of_seller(area, found) + _domain_bonus(area.name.value, domains)
            yield score + 0.1 * min(mentions(found, area.name.value), 4), area.name, area
    for seg in _letterhead(found):
        text = Text(seg.text.strip(), seg.line.place(seg.start, seg.end))
        if id(seg) not in own and not _is_buyer(text, buyer):
            score = 0.25 + _domain_bonus(text.value, domains) + 0.1 * min(mentions(found, text.value), 4)
            yield score + 0.2 * _is_large(seg, found), text, _area_around(seg, grid, text, buyer)


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
        for seg in segs:
            if seg.line.page > 1 or seg.box.top > seg.line.height * 0.2:
                return
            words = seg.text.split()
            if (
                not seg.labels
                and 1 <= len(words) <= 6
                and sum(char.isalpha() for char in seg.text) >= 3
                and not any(  # noqa: PLR2004
                    char.isdigit() for char in seg.text
                )
                and "@" not in seg.text
                and "www." not in seg.text.lower()
            ):
                yield seg


def _is_large(seg: Seg, found: Scan) -> bool:
    heights = sorted(line.box.bottom - line.box.top for line in found.lines if line.page == 1)
    return seg.box.bottom - seg.box.top > 1.25 * heights[len(heights) // 2]


def _domains(found: Scan, buyer: PartyArea | None) -> set[str]:
    own = {id(seg.line) for seg in buyer.segs} if buyer else set()
    names = set()
    for line in found.lines:
        if "@" in line.folded or "www." in line.folded or "http" in line.folded:
            for match in re.finditer(r"(?:@|www\.|https?://(?:www\.)?)([\w-]+)\.", line.folded):
                if id(line) not in own and match[1] not in _GENERIC_DOMAINS:
                    names.add(match[1].replace("-", ""))
            for match in re.finditer(r"([\w.-]+)@([\w-]+)\.", line.folded):
                if id(line) not in own and match[2] in _GENERIC_DOMAINS:
                    names.add(re.sub(r"[^a-z]", "", match[1]))
    return names


def _domain_bonus(name: str, domains: set[str]) -> float:
    words = [word for word in re.findall(r"[a-z0-9]+", fold(name)) if len(word) > 2]  # noqa: PLR2004 - initials say nothing
    joined = "".join(words)
    for domain in domains:
        if len(domain) > 2 and (domain in joined or joined in domain):  # noqa: PLR2004
            return 0.6
        if words and len(words[0]) > 3 and words[0] in domain:  # noqa: PLR2004
            return 0.4
    return 0.0


def _area_around(seg: Seg, grid: Columns, text: Text, buyer: PartyArea | None) -> PartyArea:
    index = grid.stack_of.get(id(seg))
    theirs = {id(part) for part in buyer.segs} if buyer else set()
    stack = tuple(part for part in grid.stacks[index] if id(part) not in theirs) if index is not None else (seg,)
    at = next((number for number, part in enumerate(stack) if part is seg), 0)
    return PartyArea(stack[max(at - 1, 0) : at + 8], None, 0.5, text)


def _collect(
    found: Scan, area: PartyArea | None, name: Text | None, other: PartyArea | None, kind: str
) -> Cast:
    values: dict[str, Text] = {}
    if name:
        values["name"] = name
    if area:
        values.update(_address(area, found))
    values.update(_identifiers(found, area, other, kind))
    country = _country(values, area)
    if country:
        values.setdefault("country", country)
    return Cast(area, values)


_FIELD_LABELS: Final = {
    "address": "address",
    "city": "city",
    "zip_code": "zip_code",
    "province": "province",
    "country": "country",
}


def _address(area: PartyArea, found: Scan) -> dict[str, Text]:
    values: dict[str, Text] = {}
    for seg in area.segs:
        for label in seg.labels:
            field = next(
                (_FIELD_LABELS[sense.kind] for sense in label.senses if sense.kind in _FIELD_LABELS), None
            )
            if field and label.closes and field not in values:
                target = next(iter(targets(label, found)), None)
                if target and target.line is seg.line and target.start <= seg.end:
                    text = target.text.strip(" ,;")
                    if text:
                        values[field] = Text(text, target.line.place(target.start, target.start + len(text)))
    if "country" in values:
        code = country_of(values["country"].value) or values["country"].value.upper()
        values["country"] = (
            msgspec.structs.replace(values["country"], value=code[:2])
            if len(code) == 2
            else values["country"]
        )  # noqa: PLR2004
        if len(code) != 2:  # noqa: PLR2004 - no ISO code
            del values["country"]
    if "city" not in values:
        values.update(_postal(area))
    return values


def _postal(area: PartyArea) -> dict[str, Text]:
    hit = city_of(area)
    if hit is None:
        return {}
    seg, city = hit
    place = seg.line.place(seg.start + city.start, seg.start + city.end)
    values = {"city": Text(city.city, place), "zip_code": Text(city.zip_code, place)}
    if city.province:
        values["province"] = Text(city.province, place)
    if city.country:
        values["country"] = Text(city.country, place, 0.9)
    before = seg.line.text[seg.start : seg.start + city.start].strip(" ,;|·•-–")
    index = area.segs.index(seg)
    street = None
    if before and any(char.isdigit() for char in before):
        piece = re.split(r"\s*[,;|·•]\s*|\s[-–]\s", before)[-1]
        start = seg.start + seg.text.rfind(piece)
        street = Text(piece, seg.line.place(start, start + len(piece)))
    elif index > 0:
        above = area.segs[index - 1]
        if looks_like_street(above.text) or any(char.isdigit() for char in above.text):
            street = Text(above.text.strip(" ,"), above.line.place(above.start, above.end))
    if street:
        values["address"] = street
    for after in (*area.segs[index + 1 : index + 3], seg):
        code = country_of(after.text)
        if code:
            values["country"] = Text(code, after.line.place(after.start, after.end))
            break
    return values


def _country(values: dict[str, Text], area: PartyArea | None) -> Text | None:
    if "country" in values:
        return values["country"]
    if area:
        for seg in area.segs:
            code = country_of(seg.text) or trailing_code(seg.text)
            if code:
                return Text(code, seg.line.place(seg.start, seg.end))
    vat = values.get("vat_number")
    if vat and re.match(r"[A-Z]{2}[0-9A-Z]", vat.value) and not vat.value[:2].isdigit():
        code = {"EL": "GR"}.get(vat.value[:2], vat.value[:2])
        return Text(code, vat.place, 0.9)
    iban = values.get("iban")
    return Text(iban.value[:2], iban.place, 0.7) if iban else None


def _identifiers(found: Scan, area: PartyArea | None, other: PartyArea | None, kind: str) -> dict[str, Text]:
    values: dict[str, Text] = {}
    for field, hits in (
        ("vat_number", list(_vat_numbers(found))),
        ("fiscal_code", list(_fiscal_codes(found))),
        ("iban", list(_ibans(found))),
        ("bic", list(_labelled_bics(found))),
        ("email", list(_emails(found))),
        ("phone", list(_phones(found))),
        ("sdi_code", list(_sdi_codes(found))),
    ):
        if kind == BUYER and field in {"iban", "bic", "phone"}:
            continue
        chosen = _owner(hits, area, other, kind, field)
        if chosen:
            values[field] = chosen.text
    return values


def _owner(
    hits: Sequence[_Found], area: PartyArea | None, other: PartyArea | None, kind: str, field: str
) -> _Found | None:
    """The identifier that belongs to a party: in its block, or, for the seller, in no other's."""
    own = _spans(area)
    others = _spans(other)
    inside = [
        hit
        for hit in hits
        if _in(hit, own) and not (hit.label and hit.label.means("buyer_vat") and kind == SELLER)
    ]
    if kind == BUYER:
        inside += [hit for hit in hits if hit.label and hit.label.means("buyer_vat")]
        if field == "sdi_code":
            inside += hits
        return max(inside, key=lambda hit: (hit.label is not None) + 0.5 * hit.valid, default=None)
    if field == "sdi_code":
        return None
    theirs = {hit.text.value for hit in hits if _in(hit, others) or (hit.label and hit.label.means("buyer_vat"))}
    free = [hit for hit in hits if hit.text.value not in theirs]
    pool = inside or free
    return max(
        pool, key=lambda hit: (hit.label is not None) + 0.5 * hit.valid + 0.2 * hit.text.score, default=None
    )


def _spans(area: PartyArea | None) -> list[tuple[TextLine, int, int]]:
    return [(seg.line, seg.start, seg.end) for seg in area.segs] if area else []


def _in(hit: _Found, spans: Sequence[tuple[TextLine, int, int]]) -> bool:
    return any(line is hit.line and start <= hit.start < end for line, start, end in spans)


def _vat_numbers(found: Scan) -> Iterator[_Found]:
    seen: set[tuple[int, int]] = set()
    for label in found.all_labels("vat_id", "buyer_vat"):
        languages = frozenset().union(
            *(sense.languages for sense in label.senses if sense.kind in {"vat_id", "buyer_vat"})
        )
        for target in targets(label, found):
            hit = read_labelled_vat(target.text, languages)
            if hit is None or not hit.valid:
                hit = _wrapped_vat(target, found, languages) or hit
            if hit:
                seen.add((target.line.number, target.start + hit.start))
                yield _found(hit, target.line, target.start, label)
                break
    for line in found.lines:
        for hit in find_vat_numbers(line.text):
            if (line.number, hit.start) not in seen and hit.value[:2] + hit.value[2:] not in {
                i.value for i in find_ibans(line.text)
            }:
                yield _found(hit, line, 0, None)


def _wrapped_vat(target: Target, found: Scan, languages: frozenset[str]) -> IdHit | None:
    """A number that a narrow column breaks over two lines, where its check digits prove it."""
    for seg in segments_below(target, found)[:1]:
        hit = read_labelled_vat(f"{target.text} {seg.text}", languages)
        if hit and hit.valid and hit.end > len(target.text):
            return msgspec.structs.replace(hit, end=len(target.text))
    return None


def _found(hit: IdHit, line: TextLine, offset: int, label: Label | None) -> _Found:
    place = line.place(offset + hit.start, offset + hit.end)
    return _Found(
        Text(hit.value, place, 1.0 if hit.valid else 0.7),
        line,
        offset + hit.start,
        label,
        hit.valid,
        hit.country,
    )


def _fiscal_codes(found: Scan) -> Iterator[_Found]:
    for label in found.all_labels("fiscal_code"):
        for target in targets(label, found):
            hit = _fiscal_in(target)
            if hit:
                yield _Found(hit, target.line, target.start, label, valid=True, country=None)
                break
    for line in found.lines:
        for match in CODICE_FISCALE.finditer(line.text):
            yield _Found(
                Text(match.group().upper(), line.place(*match.span())),
                line,
                match.start(),
                None,
                valid=True,
                country="IT",
            )


def _fiscal_in(target: Target) -> Text | None:
    personal = CODICE_FISCALE.match(target.text.lstrip(" :."))
    if personal:
        start = target.start + target.text.index(personal.group())
        return Text(personal.group().upper(), target.line.place(start, start + len(personal.group())))
    match = _FISCAL.match(target.text)
    if not match or sum(char.isdigit() for char in match["id"]) < 7:  # noqa: PLR2004 - shorter than any tax number
        return None
    start, end = target.start + match.start("id"), target.start + match.end("id")
    text = match["id"].strip(" ./-")
    value = compact(text) if compact(text).isdigit() and "/" not in text else text
    return Text(value.removeprefix("IT"), target.line.place(start, end))


def _ibans(found: Scan) -> Iterator[_Found]:
    seen = False
    for line in found.lines:
        for hit in find_ibans(line.text):
            label = _iban_label(line, hit.start, found)
            if hit.valid or label is not None:
                seen = True
                yield _found(hit, line, 0, label)
    if not seen:
        yield from _wrapped_ibans(found)


def _iban_label(line: TextLine, start: int, found: Scan) -> Label | None:
    """The label before an account number, on its line or at the end of the line above."""
    before = [label for label in found.labels[line.number] if label.means("iban") and label.end <= start]
    if not before and start == 0 and line.number:
        last = found.labels[line.number - 1][-1:]
        before = [label for label in last if label.means("iban") and label.closes]
    return before[-1] if before else None


def _wrapped_ibans(found: Scan) -> Iterator[_Found]:
    """Account numbers that a narrow column breaks over two or three lines."""
    for label in found.all_labels("iban"):
        parts = [target for target in targets(label, found) if target.nearness > 0.5][:1]  # noqa: PLR2004 - first under it
        if not parts:
            continue
        first = parts[0]
        joined, boxes = first.text, [first.line.box_of(first.start, first.end)]
        for seg in segments_below(first, found):
            joined, boxes = f"{joined} {seg.text}", [*boxes, seg.box]
            hit = next((hit for hit in find_ibans(joined) if hit.valid), None)
            if hit:
                place = first.line.place(first.start, first.end)
                place = msgspec.structs.replace(place, box=box_of(boxes), text=joined)
                yield _Found(
                    Text(hit.value, place), first.line, first.start, label, valid=True, country=hit.country
                )
                break


def _labelled_bics(found: Scan) -> Iterator[_Found]:
    for label in found.all_labels("bic"):
        for target in targets(label, found):
            hit = find_bic(target.text)
            if hit:
                yield _found(hit, target.line, target.start, label)
                break


def _emails(found: Scan) -> Iterator[_Found]:
    for line in found.lines:
        if "@" in line.text:
            for match in EMAIL.finditer(line.text):
                yield _Found(
                    Text(match.group(), line.place(*match.span())),
                    line,
                    match.start(),
                    None,
                    valid=True,
                    country=None,
                )


def _phones(found: Scan) -> Iterator[_Found]:
    for label in found.all_labels("phone"):
        for target in targets(label, found):
            match = _PHONE.match(target.text)
            if match:
                start = target.start + match.start("phone")
                text = Text(
                    match["phone"].strip(), target.line.place(start, target.start + match.end("phone"))
                )
                yield _Found(text, target.line, start, label, valid=True, country=None)
            break


def _sdi_codes(found: Scan) -> Iterator[_Found]:
    for label in found.all_labels("sdi_code"):
        for target in targets(label, found):
            match = _SDI.match(target.text)
            if match:
                start = target.start + match.start("sdi")
                place: Place = target.line.place(start, target.start + match.end("sdi"))
                yield _Found(Text(match["sdi"], place), target.line, start, label, valid=True, country=None)
                break


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
        vat and vat.value.endswith(key.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) and any(map(str.isdigit, key))
    ) or bool(name and same_name(name.value, own))
