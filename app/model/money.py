"""Money is `Decimal`: exact decimal digits, never a binary float.

An amount is expressed in the major unit of its currency (euro, not cent) with the digits its source gave.
How many of those digits are meaningful is a fact of the currency (ISO 4217 "minor unit").
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
_WIDE: Final = Context(prec=100)
"""More digits than any product of two amounts has, so that rounding never fails."""

# ISO 4217 minor units other than two.
_MINOR_UNITS: Final = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3, "JPY": 0,
    "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3, "UGX": 0, "UYI": 0,
    "UYW": 4, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip

_UNITS: Final[dict[str | None, Decimal]] = {
    code: Decimal(1).scaleb(-digits) for code, digits in _MINOR_UNITS.items()
}


def minor_unit(currency: str | None) -> Decimal:
    """The smallest amount of a currency (ISO 4217 code); a hundredth when the currency is unknown."""
    return _UNITS.get(currency, CENT)


def rounded(amount: Decimal, currency: str | None = None) -> Decimal:
    """An amount to its currency's smallest unit, halves away from zero as invoices round them."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP, context=_WIDE)
