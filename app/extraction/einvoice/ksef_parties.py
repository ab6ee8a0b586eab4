"""Who is who in a KSeF FA: names, tax numbers, and addresses that are written in one or two lines."""

import re
from typing import Final

from app.extraction.einvoice import values
from app.extraction.einvoice.mapping import Computation, Fields, Found, Group
from app.extraction.einvoice.paths import either, finder, first_of, joined, prefixed
from app.extraction.einvoice.tree import Node
from app.model.invoice import Party

_WHO: Final = "DaneIdentyfikacyjne"
_POSTCODE: Final = r"\d{2}-\d{3}|\d{4} ?[A-Z]{2}|(?:[A-Z]{1,2}-)?\d{4,6}|\d{3} \d{2}"
"""Of Poland, the Netherlands, and countries that write four to six digits."""
_PLACE: Final = re.compile(rf"({_POSTCODE})[\s,]+(\S.*)")
_POLISH_PLACE: Final = re.compile(r"\b(\d{2}-\d{3})[\s,]+(\S.*)")
_ENDING: Final = re.compile(rf",\s*({_POSTCODE})[\s,]+([^\d\s,][^,]*)$")
"""A place abroad at the end of a line, behind a comma."""
_first_line = finder("Adres/AdresL1")
_second_line = finder("Adres/AdresL2")


def _place(party: Node) -> tuple[str, str] | None:
    """Postcode and town: the second line of an address, or the end of a first that holds all of it."""
    second = _second_line(party)
    match = _PLACE.fullmatch(second) if second else _within(_first_line(party) or "")
    return (match[1], match[2]) if match else None


def _within(line: str) -> re.Match[str] | None:
    """The place in a line that holds the whole address."""
    return _POLISH_PLACE.search(line) or _ENDING.search(line)


def _placed(part: int) -> Computation:
    """Postcode (0) or town (1), which stand in a line together."""

    def compute(party: Node) -> Found | None:
        place = _place(party)
        return Found(value=place[part].strip(), text=" ".join(place)) if place else None

    return compute


def _street(party: Node) -> str | None:
    """The first line without the place; the second belongs to it where it is no place."""
    first, second = _first_line(party), _second_line(party)
    if first and not second and (match := _within(first)):
        return first[: match.start()].rstrip(" ,") or None
    return first if not second or _place(party) else f"{first}, {second}"


_POLISH: Final = "Adres/AdresPol"
_PARTY: Final[Fields] = {
    "name": (
        first_of(
            either(f"{_WHO}/Nazwa", f"{_WHO}/PelnaNazwa", f"{_WHO}/NazwaHandlowa"),
            joined(f"{_WHO}/ImiePierwsze", f"{_WHO}/Nazwisko"),
        ),
        values.line,
    ),
    "vat_number": (
        first_of(
            prefixed("PL", f"{_WHO}/NIP"),
            joined(f"{_WHO}/KodUE", f"{_WHO}/NrVatUE", separator=""),
            joined(f"{_WHO}/KodKraju", f"{_WHO}/NrID", separator=""),
        ),
        values.vat_number,
    ),
    "fiscal_code": (f"{_WHO}/NIP", values.identifier),
    "address": (
        first_of(_street, joined(f"{_POLISH}/Ulica", f"{_POLISH}/NrDomu", f"{_POLISH}/NrLokalu")),
        values.line,
    ),
    "city": (f"{_POLISH}/Miejscowosc", values.line),
    "zip_code": (f"{_POLISH}/KodPocztowy", values.code),
    "country": (either("Adres/KodKraju", f"{_POLISH}/KodKraju"), values.country),
    "email": (either("DaneKontaktowe/Email", "Email"), values.line),
    "phone": (either("DaneKontaktowe/Telefon", "Telefon"), values.line),
}
PARTY: Final = Group(Party, _PARTY, {"zip_code": _placed(0), "city": _placed(1)})
