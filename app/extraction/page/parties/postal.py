"""The parts of a party's address."""

import re
from typing import Final

from app.extraction.page.parties.areas import PartyArea, city_of
from app.extraction.page.text.addresses import CityLine, country_of, find_city, names_county, trailing_code
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.identifiers import VAT_COUNTRIES, country_overseas
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lines import Place, has_digit
from app.extraction.page.text.scan import Scan, Seg, targets

_ENTRY: Final = re.compile(r"\s*[;|·•]\s*|\s[-–—]\s")
"""Between the entries of a line, as in that of a sender."""
_COMMA: Final = re.compile(r"\s*,\s*")
_HOUSE: Final = re.compile(r"\d{1,5} ?(?:[a-zA-Z]|bis|ter)?(?: ?[-/] ?\d{0,4}[a-zA-Z]?)?")
_FLOOR: Final = re.compile(
    r"(?i)\d+ ?[ºª°]|(?:piso|planta|local|oficina|of|esc|puerta|pta|bajo|suite|ste|unit|apt|flat|floor|level|"
    r"bureau|b[âa]t|[ée]tage|int|scala|piano|top|og|eg)\b|#"
)
_STREET_BEHIND: Final = re.compile(r", ?(\D{3,40} \d{1,4}[./\w-]*)$")
"""As Hungarian addresses have it: `1138 Budapest, Váci út 150.`"""
_FIELD_LABELS: Final = {
    "address": "address",
    "city": "city",
    "zip_code": "zip_code",
    "province": "province",
    "country": "country",
}


def address_of(area: PartyArea, found: Scan) -> dict[str, Text]:
    """Street, city, postcode, province and country, by field of `Party`."""
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
        named = values.pop("country")
        code = country_of(named.value) or named.value.upper()
        if re.fullmatch(r"[A-Z]{2}", code):
            values["country"] = Text(code, named.place, named.score)
    if "city" not in values:
        values.update(_postal(area))
    elif line := find_city(values["city"].value):
        values.update(_town(line, values["city"].place))  # `Comune: 35131 Padova (PD)`
    return values


def _town(city: CityLine, place: Place) -> dict[str, Text]:
    values = {"city": Text(city.city, place), "zip_code": Text(city.zip_code, place)}
    if city.province:
        values["province"] = Text(city.province, place)
    if city.country:
        values["country"] = Text(city.country, place, 0.9)
    return values


def _postal(area: PartyArea) -> dict[str, Text]:
    hit = city_of(area)
    if hit is None:
        return {}
    seg, city = hit
    place = seg.line.place(seg.start + city.start, seg.start + city.end)
    town = seg.town.line.place(seg.town.start, seg.town.end) if seg.town else place
    values = {**_town(city, place), "city": Text(city.city, town)}
    street = _street_of(area, seg, city)
    if street:
        values["address"] = street
    index = area.segs.index(seg)
    for after in (*area.segs[index + 1 : index + 3], seg):
        code = after.country
        if code:
            values["country"] = Text(code, after.line.place(after.start, after.end))
            break
    return values


def _street_of(area: PartyArea, seg: Seg, city: CityLine) -> Text | None:
    """The street before the town on its line, behind it, or on the line above."""
    before = seg.line.text[_after_label(seg) : seg.start + city.start].strip(" ,;|·•-–—:")
    if before and has_digit(before):
        piece = _street_in(before, area)
        start = seg.start + seg.text.rfind(piece)
        return Text(piece, seg.line.place(start, start + len(piece)))
    if behind := _STREET_BEHIND.match(seg.text, city.end):
        return Text(behind[1], seg.line.place(seg.start + behind.start(1), seg.start + behind.end(1)))
    over = (part for part in reversed(area.segs[: area.segs.index(seg)]) if part is not seg.town)
    above = next((part for part in over if not names_county(part.text)), None)
    if above is None or _says_else(above) or not (above.is_street or has_digit(above.text)):
        return None
    start = _after_label(above)
    text = above.line.text[start : above.end].strip(" :,")
    start = above.line.text.index(text, start)
    return Text(text, above.line.place(start, start + len(text)))


def _says_else(seg: Seg) -> bool:
    """Whether a line begins with the label of something that is no address: `Date: 15 Jan 2026`."""
    return seg.headed and seg.labels[0].colon and not seg.labels[0].means("address")


def _street_in(text: str, area: PartyArea) -> str:
    """What stands before a town, from behind the name: the house, the estate, the street, the floor.

    Where no name is known to stand before them, only the last piece, with the one that it goes on.
    """
    line = text[max((match.end() for match in _ENTRY.finditer(text)), default=0) :]
    starts = [0, *(match.end() for match in _COMMA.finditer(line))]
    ends = [*(match.start() for match in _COMMA.finditer(line)), len(line)]
    pieces = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    own = max((at + 1 for at, piece in enumerate(pieces[:-1]) if _is_name(piece, area)), default=0)
    goes_on = len(pieces) > 1 and bool(_FLOOR.match(pieces[-1]) or _HOUSE.fullmatch(pieces[-1]))
    first = own if own or area.name else max(len(pieces) - 1 - goes_on, 0)
    return line[starts[first] :]


def _is_name(piece: str, area: PartyArea) -> bool:
    """Whether a piece is the party's name or another company's."""
    name = area.name.value if area.name else ""
    return has_legal_form(piece) or bool(name and (piece in name or name in piece))


def _after_label(seg: Seg) -> int:
    """Where a segment goes on behind an `Address:`."""
    label = seg.labels[0] if seg.labels else None
    named = label is not None and label.leads and label.colon and label.means("address")
    return label.end if label and named else seg.start


def country_of_party(values: dict[str, Text], area: PartyArea | None) -> Text | None:
    """The country of a party: in its address, else of its VAT number, else of its account."""
    if "country" in values:
        return values["country"]
    if area:
        for seg in area.segs:
            code = seg.country or trailing_code(seg.text)
            if code:
                return Text(code, seg.line.place(seg.start, seg.end))
    vat = values.get("vat_number")
    if vat and vat.value[:2] in VAT_COUNTRIES:
        code = {"EL": "GR"}.get(vat.value[:2], vat.value[:2])
        return Text(code, vat.place, 0.9)
    overseas = country_overseas(vat.value) if vat else None
    if vat and overseas:
        return Text(overseas, vat.place, 0.9)
    iban = values.get("iban")
    return Text(iban.value[:2], iban.place, 0.7) if iban else None
