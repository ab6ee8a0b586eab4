"""Identifiers in running text: VAT and tax numbers, IBAN, BIC, e-mail; shape first, then check digits."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum import util as stdnum_util

_SHAPES: Final = {
    "AT": r"U\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}",
    "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "GR": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"(?:\d{9}|\d{12}|(?:GD|HA)\d{3})", "HR": r"\d{11}", "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"(?:\d{9}|\d{12})", "LU": r"\d{8}",
    "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}",
    "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"\d{9}", "CHE": r"\d{9}", "NO": r"\d{9}MVA",
}  # fmt: skip
_COMPILED: Final = {country: re.compile(shape) for country, shape in _SHAPES.items()}
VAT_COUNTRIES: Final = frozenset(prefix[:2] for prefix in _SHAPES)
"""Prefixes of VAT numbers that name a country."""

_PREFIXED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?P<cc>CHE|" + "|".join(c for c in _SHAPES if c != "CHE") + r")[ .\-]{0,2}"
    r"(?P<rest>(?:[0-9A-Z][ .\-]?){6,13}[0-9A-Z])(?![A-Za-z0-9])"
)
_LABELLED: Final = re.compile(
    r"[\s:.,#°º-]*(?:(?:VAT|NIP|TVA|IVA|UID|ID|NR|No|NO|Nr)[ .:]+)*"
    r"(?P<id>(?:\((?P<cc>[A-Z]{2})\) ?)?(?:[A-Z]{2,3}[ .\-]?)?(?=(?:[^\d]{0,6}\d){6})"
    r"[0-9A-Z]+(?:[ .\-/][0-9A-Z]*\d[0-9A-Z]*)*)"
)
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])(?P<iban>[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30})(?![A-Za-z0-9])")
_NRB: Final = re.compile(r"(?<![A-Za-z0-9])\d{2}(?:[ -]?\d{4}){6}(?![A-Za-z0-9])")
_BIC: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])")
EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CODICE_FISCALE: Final = re.compile(
    r"(?<![A-Z0-9])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Z0-9])", re.IGNORECASE
)
_NATIONAL: Final = (
    ("it", r"\d{11}", "IT"), ("pl", r"\d{10}", "PL"),
    ("es", r"[A-HJ-NP-SUVW]\d{7}[0-9A-J]|\d{8}[A-Z]|[XYZ]\d{7}[A-Z]", "ES"),
    ("pt", r"\d{9}", "PT"), ("nl", r"\d{9}B\d{2}", "NL"), ("fr", r"[A-HJ-NP-Z0-9]{2}\d{9}", "FR"),
    ("da", r"\d{8}", "DK"), ("fi", r"\d{8}", "FI"), ("nb", r"\d{9}MVA", "NO"), ("hr", r"\d{11}", "HR"),
    ("el", r"\d{9}", "EL"),
    ("de", r"ATU\d{8}", ""),
    ("de", r"U\d{8}", "AT"),
)  # fmt: skip
_OVERSEAS: Final = (
    (r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]", "IN"), (r"\d{9}RT\d{4}", "CA"), (r"\d{11}", "AU"),
)  # fmt: skip
"""Tax numbers outside Europe, which bear no country code: told by their shape and check digits."""
_CANADIAN: Final = re.compile(r"[\s:.#-]*(?P<id>\d{3}(?: ?\d){6} ?RT ?\d{4})(?![A-Za-z0-9])")
_MVA: Final = re.compile(r" ?MVA\b")
"""Behind the number of a Norwegian organisation that is registered for VAT."""
_SHORTEST_IBAN: Final = 15
_SHORTEST: Final = 7


class IdHit(msgspec.Struct, frozen=True, gc=False):
    """An identifier in a text: its value without spaces, and whether its check digits hold."""

    start: int
    end: int
    value: str
    valid: bool
    country: str | None = None
    """The country that its prefix or shape names."""


def compact(text: str) -> str:
    """Without spaces, dots and dashes, upper case."""
    return re.sub(r"[\s.\-/()]", "", text).upper()


def find_vat_numbers(text: str) -> Iterator[IdHit]:
    """VAT numbers that carry their country prefix."""
    for match in _PREFIXED.finditer(text):
        hit = _fit(match)
        if hit:
            yield hit


def _fit(match: re.Match[str]) -> IdHit | None:
    """The longest beginning of a match that has the shape of its country."""
    country = match["cc"]
    words = re.split(r"( )", match["rest"])
    for count in range(len(words), 0, -2):
        rest = compact("".join(words[:count]))
        if _COMPILED[country].fullmatch(rest):
            end = match.start("rest") + len("".join(words[:count]))
            value = country + rest
            valid = vat_holds(value)
            glued = " " not in match.group()[: end - match.start()]
            if valid or glued:
                return IdHit(match.start(), end, value, valid, country[:2])
    return None


def read_labelled_vat(text: str, languages: frozenset[str]) -> IdHit | None:
    """The VAT or tax number with which a text begins; `languages` are those of its label."""
    match = _CANADIAN.match(text) or _LABELLED.match(text)
    if not match:
        return None
    prefixed = next((hit for hit in find_vat_numbers(text) if hit.start <= match.end("id")), None)
    if prefixed:
        return prefixed
    value = compact(match["id"])
    start, end = match.span("id")
    country = match.groupdict().get("cc")
    if country:
        value = country + value.removeprefix(country)
    if len(value) < _SHORTEST or sum(char.isdigit() for char in value) < _SHORTEST - 1:
        return None
    if "nb" in languages and (suffix := _MVA.match(text, end)):
        value, end = value + "MVA", suffix.end()
    for language, shape, country in _NATIONAL:
        if language in languages and re.fullmatch(shape, value):
            value = country + value
            return IdHit(start, end, value, vat_holds(value), country or value[:2])
    overseas = country_overseas(value) if "en" in languages else None
    if overseas:
        return IdHit(start, end, value, valid=True, country=overseas)
    known = value[:2] if value[:2] in _SHAPES and value[2:3].isdigit() else None
    return IdHit(start, end, value, vat_holds(value) if known else False, known)


def country_overseas(value: str) -> str | None:
    """The country outside Europe whose tax number this is, by its shape and check digits."""
    return next(
        (
            country
            for shape, country in _OVERSEAS
            if re.fullmatch(shape, value) and vat_holds(country + value)
        ),
        None,
    )


@cache
def _vat_module(country: str) -> Any:  # noqa: ANN401 - python-stdnum has no types
    if country == "CH":  # the suffix for VAT, MWST, TVA or IVA, is often left away
        return stdnum_util.get_cc_module("ch", "uid")
    return stdnum_util.get_cc_module("gr" if country == "EL" else country.lower(), "vat")


def vat_holds(value: str) -> bool:
    """Whether a prefixed VAT number passes its country's check."""
    country = value[:2]
    module = _vat_module(country)
    return bool(module and module.is_valid(value if country == "CH" else value[2:]))


def find_ibans(text: str) -> Iterator[IdHit]:
    """International bank account numbers; those of the wrong length for their country are cut or left out."""
    for match in _IBAN.finditer(text):
        words = match["iban"].split(" ")
        for count in range(len(words), 0, -1):
            value = "".join(words[:count])
            if len(value) >= _SHORTEST_IBAN and _holds(value):
                yield IdHit(
                    match.start(),
                    match.start() + len(" ".join(words[:count])),
                    value,
                    valid=True,
                    country=value[:2],
                )
                break
        else:
            text = " ".join(words[: _foreign_to_iban(words)])
            yield IdHit(
                match.start(), match.start() + len(text), compact(text), valid=False, country=text[:2]
            )


def _holds(iban: str) -> bool:
    """By ISO 13616; a bank that the library's list does not know may be a new one."""
    return bool(stdnum_iban.is_valid(iban, check_country=False))


def _foreign_to_iban(words: Sequence[str]) -> int | None:
    """Where words begin that no account number has: only the second group is of letters alone (a bank's)."""
    return next((at for at, word in enumerate(words) if at > 1 and word.isalpha()), None)


def find_domestic_accounts(text: str) -> Iterator[IdHit]:
    """Polish account numbers (NRB) printed without the country's letters, whose check digits hold."""
    for match in _NRB.finditer(text):
        value = "PL" + compact(match.group())
        if _holds(value):
            yield IdHit(match.start(), match.end(), value, valid=True, country="PL")


def find_bic(text: str) -> IdHit | None:
    """The first BIC (ISO 9362) of a text."""
    for match in _BIC.finditer(text):
        if stdnum_bic.is_valid(match.group()):
            return IdHit(match.start(), match.end(), match.group(), valid=True, country=match.group()[4:6])
    return None
