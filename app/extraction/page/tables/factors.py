"""Quantity and price among the words of what was sold, proved by its amount: `12 x 83,99`, `3 st @ 14.00`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import product
from typing import Final

import msgspec

from app.extraction.page.tables.cells import Cell
from app.extraction.page.text.amounts import find_percents, number_readings
from app.extraction.page.text.lines import TextLine
from app.model.money import CENT, HUNDRED

_NUMBER: Final = r"(?:\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,4})?|\d{1,6}(?:[.,]\d{1,4})?)"
_SIGN: Final = r"(?:€|\$|£|eur|chf|usd|gbp|pln|zl|kr)\.?"
_FACTORS: Final = re.compile(
    rf"(?<![\w.,/-])(?:{_SIGN} ?)?(?P<first>{_NUMBER}) ?(?P<unit>[a-z²³]{{1,8}}\.?)? ?(?:[x×*@]|à|a|je) ?"
    rf"(?:{_SIGN} ?)?(?P<second>{_NUMBER})(?: ?{_SIGN})?(?![\w.,/-])"
)
_CENTS: Final = 2  # decimals of a price


class Factors(msgspec.Struct, frozen=True):
    """A quantity and a price that make an amount, and where they stand."""

    line: TextLine
    quantity: tuple[int, int]
    price: tuple[int, int]
    span: tuple[int, int]
    values: tuple[Decimal, Decimal]
    """Quantity and price."""
    unit: tuple[int, int] | None


def factors_of(lines: Sequence[TextLine], amount: Cell) -> Factors | None:
    """The quantity and the price among the words of a row whose product, or a share less, its amount is."""
    for line in lines:
        for match in _FACTORS.finditer(line.folded) if line.numeric else ():
            shares = [abs(hit.value) for part in lines for hit in find_percents(part.folded)]
            found = _proved(match, amount, shares)
            if found is not None:
                return _factors(line, match, found)
    return None


def _proved(match: re.Match[str], amount: Cell, shares: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    for one, other in product(number_readings(match["first"]), number_readings(match["second"])):
        for left in (HUNDRED, *(HUNDRED - share for share in shares if 0 < share < HUNDRED)):
            made = one * other * left / HUNDRED
            if one and other and any(abs(made - abs(value)) <= CENT for value in amount.readings):
                return one, other
    return None


def _factors(line: TextLine, match: re.Match[str], values: tuple[Decimal, Decimal]) -> Factors:
    first, second = match.span("first"), match.span("second")
    unit = match.span("unit") if match["unit"] else None
    if _is_price(match["first"]) and not _is_price(match["second"]) and unit is None:
        return Factors(line, second, first, match.span(), (values[1], values[0]), None)
    return Factors(line, first, second, match.span(), values, unit)


def _is_price(text: str) -> bool:
    return len(re.split(r"[.,]", text)[-1]) == _CENTS and not text.isdigit()
