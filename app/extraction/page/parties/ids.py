"""The identifiers on the pages, and whose they are."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.heading.numbering import numbers, titled_numbers
from app.extraction.page.parties.areas import BUYER, SELLER, PartyArea
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import (
    CODICE_FISCALE,
    EMAIL,
    IdHit,
    compact,
    find_bic,
    find_domestic_accounts,
    find_ibans,
    find_vat_numbers,
    read_labelled_vat,
)
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, TextLine, plain
from app.extraction.page.text.scan import Scan, Target, once, segments_below, targets

_LOOSE: Final = 0.8  # of the trust in a number that stands in no block
_STRANGE: Final = 0.5  # of the trust in a number that stands in the block of another name
_NATIONS: Final = frozenset({"it", "es", "nl", "fr"})
_SELF_TOLD: Final = frozenset({"IT", "ES", "NL", "FR"})  # whose numbers are long, or bear letters
_ALONE: Final = re.compile(r"[A-Z0-9][A-Z0-9 .-]{7,14}[A-Z0-9]")
_FEWEST_DIGITS: Final = 7  # of a tax number
_LONGEST: Final = 20  # characters of a tax number
_NEAR: Final = 0.5  # nearness of the first place under a label
_SELLERS_ONLY: Final = frozenset({"iban", "bic", "phone"})
_BEGUN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){1,6}(?: ?[A-Z\d]{1,3})?$")
_PHONE: Final = re.compile(r"[\s:.]*(?P<phone>\+?[\d(][\d\s()./-]{5,22}\d)")
_SDI: Final = re.compile(r"[\s:.]*(?P<sdi>[A-Z0-9]{6,7})(?![A-Za-z0-9])")
_FISCAL: Final = re.compile(r"[\s:.,#°ºn-]*(?P<id>[A-Z0-9]{0,6}\d[\dA-Z]*(?:[ ./-]{0,3}[\dA-Z]*\d[\dA-Z]*)*)")


class _Found(msgspec.Struct, frozen=True, eq=False):
    """An identifier with the label that announces it, if any."""

    text: Text
    line: TextLine
    start: int
    label: Label | None
    valid: bool
    country: str | None


@once
def all_ids(found: Scan) -> dict[str, list[_Found]]:
    """Every identifier of a party on the pages, by field of `Party`."""
    return {
        "vat_number": list(_vat_numbers(found)),
        "fiscal_code": list(_fiscal_codes(found)),
        "iban": list(_ibans(found)),
        "bic": list(_labelled_bics(found)),
        "email": list(_emails(found)),
        "phone": list(_phones(found)),
        "sdi_code": list(_sdi_codes(found)),
    }


def taxed_places(found: Scan) -> set[tuple[int, int]]:
    """Where anybody's tax number stands, by line and segment: who issues has to print it."""
    ids = all_ids(found)
    hits = (*ids["vat_number"], *ids["fiscal_code"])
    return {(hit.line.number, hit.line.segment_at(hit.start)[0]) for hit in hits if hit.label or hit.valid}


def ids_of(
    ids: dict[str, list[_Found]],
    area: PartyArea | None,
    other: PartyArea | None,
    kind: str,
    strangers: Sequence[PartyArea] = (),
) -> dict[str, Text]:
    """The identifiers that belong to one party; what stands in a stranger's block is hardly its own."""
    foreign = [span for stranger in strangers for span in _spans(stranger)]
    values: dict[str, Text] = {}
    for field, hits in ids.items():
        if kind == BUYER and field in _SELLERS_ONLY:
            continue
        chosen = _owner(hits, area, other, kind, field)
        if chosen:
            strange = kind == SELLER and _in(chosen, foreign)
            text = chosen.text
            values[field] = Text(text.value, text.place, text.score * _STRANGE) if strange else text
    vat = values.get("vat_number")
    if vat and "fiscal_code" not in values and (same := _same_for_both(ids["fiscal_code"], vat)):
        values["fiscal_code"] = same
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
        if not inside and field == "vat_number":
            inside = _left_over(hits, others)
        return max(inside, key=lambda hit: (hit.label is not None) + 0.5 * hit.valid, default=None)
    if field == "sdi_code":
        return None
    theirs = {
        hit.text.value for hit in hits if _in(hit, others) or (hit.label and hit.label.means("buyer_vat"))
    }
    free = [hit for hit in hits if hit.text.value not in theirs]
    pool = inside or free
    return max(
        pool, key=lambda hit: (hit.label is not None) + 0.5 * hit.valid + 0.2 * hit.text.score, default=None
    )


def told_by_check_digits(area: PartyArea) -> Text | None:
    """The VAT number that stands alone on a line of a party's block, without a label."""
    home = next((seg.city.country for seg in area.segs if seg.city), None)
    for seg in area.segs:
        hit = read_labelled_vat(seg.text, _NATIONS) if _ALONE.fullmatch(seg.text) else None
        if hit and hit.valid and hit.country in _SELF_TOLD and home in {None, hit.country}:
            place = seg.line.place(seg.start + hit.start, seg.start + hit.end)
            return Text(hit.value, place, _LOOSE)
    return None


def _same_for_both(codes: Sequence[_Found], vat: Text) -> Text | None:
    """The fiscal code that is the VAT number over again, wherever a label names it."""
    key = vat.value[2:]
    return next((hit.text for hit in codes if hit.label and hit.text.value == key), None)


def _left_over(hits: Sequence[_Found], seller: Sequence[tuple[TextLine, int, int]]) -> list[_Found]:
    """The one labelled number that stands in neither block, where the seller's own stands in his."""
    theirs = {hit.text.value for hit in hits if _in(hit, seller)}
    loose = {hit.text.value: hit for hit in hits if hit.label and hit.valid and hit.text.value not in theirs}
    if not theirs or len(loose) != 1:
        return []
    hit = next(iter(loose.values()))
    text = Text(hit.text.value, hit.text.place, hit.text.score * _LOOSE)
    return [msgspec.structs.replace(hit, text=text)]


def _spans(area: PartyArea | None) -> list[tuple[TextLine, int, int]]:
    return [(seg.line, seg.start, seg.end) for seg in area.segs] if area else []


def _in(hit: _Found, spans: Sequence[tuple[TextLine, int, int]]) -> bool:
    return any(line is hit.line and start <= hit.start < end for line, start, end in spans)


def _vat_numbers(found: Scan) -> Iterator[_Found]:
    announced = [*_labelled_vat_numbers(found), *_told_by_tax(found)]
    yield from announced
    yield from _bare_vat_numbers(found, {(hit.line.number, hit.start) for hit in announced})


def _labelled_vat_numbers(found: Scan) -> Iterator[_Found]:
    for label in found.all_labels("vat_id", "buyer_vat"):
        languages = frozenset().union(
            *(sense.languages for sense in label.senses if sense.kind in {"vat_id", "buyer_vat"})
        )
        for target in targets(label, found):
            hit = read_labelled_vat(target.text, languages)
            if hit and not hit.valid and _is_in_account(hit, target.text):
                continue  # an account's number, set where the next label stands
            if hit is None or not hit.valid:
                hit = _wrapped_vat(target, found, languages) or hit
            if hit:
                yield _found(hit, target.line, target.start, label)
                break


def _is_in_account(hit: IdHit, text: str) -> bool:
    return any(hit.start < account.end and account.start < hit.end for account in find_ibans(text))


def _bare_vat_numbers(found: Scan, seen: set[tuple[int, int]]) -> Iterator[_Found]:
    """Numbers that their prefix tells, but for those `seen` under a label."""
    named = (*numbers(found, "number"), *titled_numbers(found))
    own = {compact(str(candidate.value)) for candidate in named}
    for line in found.numeric:
        for hit in find_vat_numbers(line.text):
            if not hit.valid and hit.value in own:  # the document's number, which has the shape of one
                continue
            accounts = find_ibans(line.text)
            if (line.number, hit.start) not in seen and not any(
                a.start <= hit.start < a.end for a in accounts
            ):
                yield _found(hit, line, 0, None)


def _told_by_tax(found: Scan) -> Iterator[_Found]:
    """Numbers that only the name of the tax announces and their check digits prove: `IVA: 01234567897`."""
    for label in found.all_labels("tax"):
        target = next(iter(targets(label, found)), None) if label.leads else None
        if target is None or target.line is not label.line or not _ALONE.fullmatch(target.text):
            continue
        languages = frozenset().union(*(sense.languages for sense in label.senses))
        hit = read_labelled_vat(target.text, languages)
        if hit and hit.valid and sum(map(str.isdigit, hit.value)) >= _FEWEST_DIGITS:
            yield _found(hit, target.line, target.start, label)


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
    both = [label for label in found.all_labels("vat_id") if _names_both(label)]
    for label in (*found.all_labels("fiscal_code"), *both):
        for target in targets(label, found):
            hit = _fiscal_in(target)
            if hit:
                yield _Found(hit, target.line, target.start, label, valid=True, country=None)
                break
    for line in found.numeric:
        for match in CODICE_FISCALE.finditer(line.text):
            yield _Found(
                Text(match.group().upper(), line.place(*match.span())),
                line,
                match.start(),
                None,
                valid=True,
                country="IT",
            )


def _names_both(label: Label) -> bool:
    """Whether a label names one number that serves for VAT and as fiscal code: `P.IVA e C.F.`."""
    text = plain(label.line.folded[label.start : label.end])
    return "iva" in text and ("cf" in text or "codfisc" in text or "codicefisc" in text)


def _fiscal_in(target: Target) -> Text | None:
    personal = CODICE_FISCALE.match(target.text.lstrip(" :."))
    if personal:
        start = target.start + target.text.index(personal.group())
        return Text(personal.group().upper(), target.line.place(start, start + len(personal.group())))
    match = _FISCAL.match(target.text)
    if not match or sum(char.isdigit() for char in match["id"]) < _FEWEST_DIGITS:
        return None
    start, end = target.start + match.start("id"), target.start + match.end("id")
    text = match["id"].strip(" ./-")
    if len(text) > _LONGEST:
        return None
    value = compact(text) if compact(text).isdigit() and "/" not in text else text
    return Text(value.removeprefix("IT"), target.line.place(start, end))


def _ibans(found: Scan) -> Iterator[_Found]:
    seen = False
    for line in found.numeric:
        for hit in (*find_ibans(line.text), *find_domestic_accounts(line.text)):
            label = _iban_label(line, hit.start, found)
            if hit.valid or label is not None:
                seen = seen or hit.valid
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
    for label, first in (*_after_labels(found), *_begun_at_ends(found)):
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


def _after_labels(found: Scan) -> Iterator[tuple[Label | None, Target]]:
    for label in found.all_labels("iban"):
        near = next((target for target in targets(label, found) if target.nearness > _NEAR), None)
        if near is not None:
            yield label, near


def _begun_at_ends(found: Scan) -> Iterator[tuple[Label | None, Target]]:
    """What may be the first part of an account number, at the end of a segment: `Our bank IE62 AIBK 1697`."""
    for line in found.numeric:
        for seg in found.segs[line.number]:
            begun = _BEGUN.search(line.text, seg.start, seg.end)
            if begun is not None:
                yield None, Target(line, begun.start(), seg.end, 1.0)


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
