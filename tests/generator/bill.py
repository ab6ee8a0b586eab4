"""What an invoice says, before anybody has decided how it looks."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tests.generator.companies import Company

ZERO = Decimal(0)
CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, halves away from zero."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the invoice."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    """Net of the row's discount; with tax when the bill is priced gross."""
    rate: Decimal
    discount_percent: Decimal = ZERO
    code: str = ""
    note: str = ""
    """A second line under the description."""


@dataclass(frozen=True, kw_only=True)
class Tax:
    """One rate of the tax breakdown."""

    rate: Decimal
    base: Decimal
    amount: Decimal
    category: str = "S"
    nature: str = ""


@dataclass(frozen=True, kw_only=True)
class Bill:
    """One invoice's truth, sums included."""

    case: str
    kind: str
    language: str
    country: str
    currency: str
    vendor: Company
    buyer: Company | None
    number: str
    date: dt.date
    due: dt.date | None
    days: int
    po_number: str
    rows: tuple[Row, ...]
    taxes: tuple[Tax, ...]
    rows_sum: Decimal
    subtotal: Decimal
    tax_amount: Decimal
    total: Decimal
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    """Carriage charged below the rows; part of the subtotal."""
    stamp: Decimal = ZERO
    social_rate: Decimal = ZERO
    social: Decimal = ZERO
    withholding_rate: Decimal = ZERO
    withholding: Decimal = ZERO
    rounding: Decimal = ZERO
    prepaid: Decimal = ZERO
    amount_due: Decimal | None = None
    gross_rows: bool = False
    note: str = ""
    """The wording concept that explains the tax case: `reverse`, `exempt`, `small`, `split`; or empty."""
    extra: dict[str, str] = field(default_factory=dict)
    """Noise: customer number, delivery note, contact …"""

    @property
    def single_rate(self) -> Decimal | None:
        """The rate where there is only one."""
        return self.taxes[0].rate if len(self.taxes) == 1 else None
