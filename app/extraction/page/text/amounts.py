"""Amounts in running text: numbers with their sign, currency and all that their separators allow."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.text.lines import GAP

CURRENCY_SIGNS: Final = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "usd": "USD",
    "$us": "USD",
    "£": "GBP", "gbp": "GBP", "chf": "CHF", "sfr": "CHF", "fr.": "CHF", "zł": "PLN", "zl": "PLN",
    "pln": "PLN", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kč": "CZK", "kc": "CZK", "czk": "CZK",
    "huf": "HUF", "ron": "RON", "lei": "RON", "cad": "CAD", "ca$": "CAD", "c$": "CAD", "aud": "AUD",
    "a$": "AUD", "nzd": "NZD", "jpy": "JPY", "¥": "JPY", "inr": "INR", "₹": "INR", "rs": "INR", "dem": "DEM",
    "brl": "BRL", "r$": "BRL", "mxn": "MXN", "ars": "ARS", "try": "TRY", "₺": "TRY", "sgd": "SGD",
    "hkd": "HKD", "cny": "CNY", "zar": "ZAR", "ils": "ILS", "aed": "AED", "bgn": "BGN", "kr": "",
    "hrk": "HRK", "rsd": "RSD", "uah": "UAH", "rm": "MYR", "myr": "MYR", "s$": "SGD", "nt$": "TWD",
    "twd": "TWD", "php": "PHP", "₱": "PHP", "thb": "THB", "฿": "THB", "idr": "IDR", "rp": "IDR",
    "krw": "KRW", "₩": "KRW", "vnd": "VND", "₫": "VND", "sar": "SAR", "egp": "EGP", "mad": "MAD",
    "cop": "COP", "clp": "CLP", "pen": "PEN",
}  # fmt: skip
"""ISO 4217 code by the sign or code that stands beside an amount; empty where several currencies share it."""

_GROUP: Final = 3  # digits between separators of thousands
_CENT_DIGITS: Final = 2
_LONGEST: Final = 16  # characters of a number that is still an amount and no account
_CUR: Final = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_GROUPED: Final = r"\d{1,3}(?:(?P<group>[., '’])\d{3})(?:(?P=group)\d{3})*(?!\d)(?:[.,]\d{1,4}(?!\d))?"
_PLAIN: Final = r"\d+(?:[.,]\d{1,6}(?!\d))?"
_INDIAN: Final = r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?"
_SHAPE: Final = (
    rf"(?<![\w.,/'’-])(?P<open>\()?(?P<sign1>[-+] ?)?(?:(?P<cur1>{_CUR})(?:\.| ?)? ?)?(?P<sign2>[-+] ?)?"
    rf"(?P<num>{_INDIAN}|GROUPED|{_PLAIN})"
    rf"(?P<whole>[.,](?:-{{1,2}}|=))?(?P<sign3>-(?![\w\d]))?(?: ?(?P<cur2>{_CUR})(?![\w]))?(?P<close>\))?"
    rf"(?! ?%)(?![\w/]|[.,:'’-]\d|-\w)"
)
_AMOUNT: Final = re.compile(_SHAPE.replace("GROUPED", _GROUPED))
_TIGHT: Final = re.compile(_SHAPE.replace("GROUPED", _GROUPED.replace("[., '’]", "[.,'’]")))
_PUNCTUATED: Final = re.compile(
    r"(?<![\d.,'’])\d{1,3}(?:[.'’]\d{3})+,\d\d(?!\d)|(?<![\d.,'’])\d{1,3}(?:[,'’]\d{3})+\.\d\d(?!\d)"
)
_SPACED: Final = re.compile(
    r"[-+]? ?(?:[^\W\d]{1,3}\.? ?|[€$£] ?)?[-+]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+[.,]\d\d-?"
    r"(?: ?[^\W\d]{1,4}| ?[€$£])?"
)
_GROUPS: Final = re.compile(r"\d[.,'’ \u00a0\u202f]\d\d\d")  # in whatever the two above find
_PERCENT: Final = re.compile(
    r"(?<![\w.,])(?P<num>[-+]?\d{1,3}(?:[.,]\d{1,4})?) ?(?:%|percent\b|per cent\b|v\.? ?h\.?(?!\w))"
)

_EXCHANGE: Final = re.compile(
    r"(?<!\w)(?:1(?:[.,]0+)? ?[a-z]{3}|[a-z]{3} ?1(?:[.,]0+)?) ?= ?"
    r"(?:\d+[.,]\d{2,} ?[a-z]{3}|[a-z]{3} ?\d+[.,]\d{2,})(?!\w)"
)
"""One unit of a currency in another: `1 EUR = 4.3121 PLN`."""


class AmountHit(msgspec.Struct, frozen=True, gc=False):
    """A number that could be an amount, with its readings, the likeliest first."""

    start: int
    end: int
    readings: tuple[Decimal, ...]
    currency: str | None
    """ISO 4217 where a sign or code stands with it; empty for a sign that several currencies share."""
    decimals: int
    """Digits after the decimal mark in the likeliest reading."""
    money: bool
    """Written as money is: with a currency or two decimals."""


class PercentHit(msgspec.Struct, frozen=True, gc=False):
    """A percentage."""

    start: int
    end: int
    value: Decimal


def number_readings(text: str, decimal_mark: str | None = None) -> tuple[Decimal, ...]:
    """All values that digits with separators can have; `decimal_mark` is the page's habit and breaks ties.

    `1.234` is a thousand or one and a bit; `1.234,56` and `1 234` have one reading only.
    """
    bare = text.replace(" ", "").replace("'", "").replace("’", "")
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        mark = "." if bare.rfind(".") > bare.rfind(",") else ","
        return (_decimal(bare, mark),)
    if dots + commas == 0:
        return (Decimal(bare),)
    mark = "." if dots else ","
    if dots + commas > 1:
        return (_decimal(bare, "," if dots else "."),)
    if len(bare) - bare.index(mark) - 1 != _GROUP or bare.startswith("0") or bare.index(mark) > _GROUP:
        return (_decimal(bare, mark),)
    grouped, fraction = _decimal(bare, "," if dots else "."), _decimal(bare, mark)
    return (fraction, grouped) if decimal_mark == mark else (grouped, fraction)


def _decimal(bare: str, mark: str) -> Decimal:
    other = "," if mark == "." else "."
    return Decimal(bare.replace(other, "").replace(mark, "."))


def decimal_habit(texts: Iterable[str]) -> str | None:
    """The decimal mark that a document uses, by its numbers with two digits after a mark."""
    comma = point = 0
    for text in texts:
        comma += len(_COMMA_CENTS.findall(text))
        point += len(_POINT_CENTS.findall(text))
    if comma == point:
        return None
    return "," if comma > point else "."


_COMMA_CENTS: Final = re.compile(r"\d,\d\d(?![\d.,])")
_POINT_CENTS: Final = re.compile(r"\d\.\d\d(?![\d.,])")


def find_amounts(folded: str, decimal_mark: str | None = None, *, spaced: bool = True) -> list[AmountHit]:
    """All numbers of a folded text that may be amounts, left to right. Percentages are not among them.

    Without `spaced`, a space parts two numbers and groups no thousands.
    """
    pattern = _AMOUNT if spaced else _TIGHT
    return [_hit(match, decimal_mark) for match in pattern.finditer(folded) if len(match["num"]) <= _LONGEST]


def groups_by_marks(texts: Iterable[str]) -> bool:
    """Whether a document sets marks between thousands (`2,359.20`): then it sets no spaces there.

    A mark or two in its small print do not outweigh the cells in which a space groups them.
    """
    marked = spaced = 0
    for text in filter(_GROUPS.search, texts):
        marked += len(_PUNCTUATED.findall(text))
        spaced += sum(_SPACED.fullmatch(cell.strip()) is not None for cell in text.split(GAP))
    return marked > 0 and marked >= spaced


def _hit(match: re.Match[str], decimal_mark: str | None) -> AmountHit:
    number = match["num"]
    readings = number_readings(number, decimal_mark)
    negative = bool((match["open"] and match["close"]) or match["sign3"])
    negative = negative or "-" in (match["sign1"] or "") + (match["sign2"] or "")
    if negative:
        readings = tuple(-reading for reading in readings)
    sign = match["cur1"] or match["cur2"]
    exponent = readings[0].as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    start = match.start("num") if match["open"] and not match["close"] else match.start()
    end = match.end() - (1 if match["close"] and not match["open"] else 0)
    currency = CURRENCY_SIGNS[sign] if sign and not _is_numbering(match, decimals) else None
    money = currency is not None or decimals == _CENT_DIGITS or bool(match["whole"])
    return AmountHit(start, end, readings, currency, decimals, money)


def _is_numbering(match: re.Match[str], decimals: int) -> bool:
    """Whether letters before a number are of a reference rather than a currency: `KC-771`, `RS-12`."""
    letters = match["cur1"]
    return bool(letters and letters.isalpha() and match["sign2"] and not decimals)


def exchange_rate(folded: str) -> int | None:
    """Where a rate of exchange begins; it and what follows on its line are no amounts of the document."""
    match = _EXCHANGE.search(folded) if "=" in folded else None
    return match.start() if match else None


def find_percents(folded: str) -> list[PercentHit]:
    """All percentages of a folded text."""
    return [
        PercentHit(match.start(), match.end(), Decimal(match["num"].replace(",", ".")))
        for match in _PERCENT.finditer(folded)
    ]
