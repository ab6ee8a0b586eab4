"""Texts of an e-invoice to values: what every format writes alike.

Each function gives `None` for a text that is no such value; the caller notes it.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from app.extraction.einvoice.memory import remembered

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_USUAL: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?", re.ASCII)
"""Numbers that are certainly within the bounds."""
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:[.\s']\d{3})+,\d+", re.ASCII)
_LONGEST_NUMBER: Final = 40
_LARGEST: Final = Decimal("1e13")
_SMALLEST: Final = Decimal("1e-10")
"""Bounds of what is a number of an invoice; between them arithmetic stays exact."""
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[T\sZ+-]|\d{4})", re.ASCII)
LONGEST_TEXT: Final = 100_000
"""Longer texts are embedded files, never a term of an invoice."""
_SPACE: Final = re.compile(r"\s+")
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Za-z]")
_PREFIX: Final = re.compile(r"[A-Za-z]{2}")
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ALPHA3: Final = {
    "AUT": "AT", "BEL": "BE", "BGR": "BG", "CHE": "CH", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK",
    "ESP": "ES", "EST": "EE", "FIN": "FI", "FRA": "FR", "GBR": "GB", "GRC": "GR", "HRV": "HR", "HUN": "HU",
    "IRL": "IE", "ITA": "IT", "LTU": "LT", "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL", "NOR": "NO",
    "POL": "PL", "PRT": "PT", "ROU": "RO", "SVK": "SK", "SVN": "SI", "SWE": "SE", "USA": "US",
}  # fmt: skip


def _number(text: str) -> Decimal | None:
    """A decimal with its digits as written; a decimal comma is forgiven."""
    if _USUAL.fullmatch(text):
        return Decimal(text)
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        return None
    if "," in text:
        text = _without_comma(text)
    if not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    return value if not value or _SMALLEST <= abs(value) < _LARGEST else None


number = remembered(_number)


def _without_comma(text: str) -> str:
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[.\s']", "", text)
    return text.replace(",", ".") if text.count(",") == 1 else text


def positive(text: str) -> Decimal | None:
    """A decimal without its sign, for what is an allowance or a deduction by its name."""
    value = number(text)
    return None if value is None else abs(value)


def _date(text: str) -> dt.date | None:
    """A calendar date, ISO 8601 or its basic form, time and zone ignored."""
    match = _DAY.match(text.strip())
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


date = remembered(_date)


def line(text: str) -> str | None:
    """A text in one line."""
    return " ".join(text.split()) or None if len(text) < LONGEST_TEXT else None


def name(text: str) -> str | None:
    """A party's name in one line.

    A name of several lines is the head of an address: a salutation and numbers that stand in lines before it
    are no part of it.
    """
    lines = [stripped for part in text.splitlines() if (stripped := part.strip())]
    while len(lines) > 1 and (_NOT_ALNUM.sub("", lines[0]).lower() in _SALUTATIONS or _is_numbered(lines[0])):
        del lines[0]
    return line(" ".join(lines))


_SALUTATIONS: Final = frozenset(
    ("herr", "herrn", "frau", "firma", "fa", "an", "mr", "mrs", "ms", "m", "mme", "monsieur", "madame",
     "spettle", "spett", "egregio", "gentile", "sr", "sra", "don", "pan", "pani", "dhr", "mevr"),
)  # fmt: skip
_NUMBER_IN_LINE: Final = re.compile(r"(?:\w[\w .-]{0,20}:?\s*)?\d{5,}")


def _is_numbered(line_of_name: str) -> bool:
    """Whether a line holds a number, perhaps with what it is before it: `GLN 4333741000005`."""
    return _NUMBER_IN_LINE.fullmatch(line_of_name) is not None


def code(text: str) -> str | None:
    """A code without spaces around it."""
    return text.strip() or None if len(text) < LONGEST_TEXT else None


def vat_number(text: str) -> str | None:
    """A VAT identifier without spaces, dots and a doubled country prefix."""
    text = _NOT_ALNUM.sub("", text).upper()
    if (_PREFIX.match(text) and text[2:4] == text[:2]) or text.startswith("GREL"):
        text = text[2:]
    return text or None


def identifier(text: str) -> str | None:
    """A national tax number: spaces out, its own punctuation kept."""
    return _SPACE.sub("", text).upper() or None


def numbered_identifier(text: str) -> str | None:
    """A national tax number, where words may stand in its place (Norway writes "Foretaksregisteret")."""
    return identifier(text) if any(character.isdigit() for character in text) else None


def several(text: str) -> Decimal | None:
    """A number of units other than one."""
    value = number(text)
    return value if value is not None and value not in (0, 1) else None


def account(text: str) -> str | None:
    """An IBAN or account number without its spaces."""
    return _SPACE.sub("", text).upper() or None


def bic(text: str) -> str | None:
    """ISO 9362; other numbers of banks (branch, sorting code) stand in its place and are none."""
    text = account(text) or ""
    return text if _BIC.fullmatch(text) else None


def country(text: str) -> str | None:
    """ISO 3166-1 alpha-2, also from alpha-3."""
    text = text.strip().upper()
    text = _ALPHA3.get(text, text)
    return text if _COUNTRY.fullmatch(text) else None


def currency(text: str) -> str | None:
    """ISO 4217."""
    text = text.strip().upper()
    return text if _CURRENCY.fullmatch(text) else None


def flag(text: str) -> bool | None:
    """A boolean as XML and the national formats write it."""
    return {"true": True, "1": True, "si": True, "false": False, "0": False, "no": False}.get(text.lower())
