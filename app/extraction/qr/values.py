"""What a code says of an invoice."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from app.model.invoice import TaxLine

Value = str | Decimal | date


class CodeValues(NamedTuple):
    """The values one code carries, by their paths in the result."""

    kind: str
    """The code's own name: `epc`, `swiss_qr_bill` …"""
    values: Mapping[str, Value]
    tax_breakdown: tuple[TaxLine, ...] = ()


def known(pairs: Iterable[tuple[str, Value | None]]) -> dict[str, Value]:
    """The pairs that say something."""
    return {path: value for path, value in pairs if value not in (None, "")}


def decimal(text: str) -> Decimal | None:
    """A plain number with a point or a comma for its decimals; `None` for anything else."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def day(text: str, form: str) -> date | None:
    """A calendar date in a `strptime` form; `None` for anything else."""
    try:
        return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a calendar date has no zone)
    except ValueError:
        return None


def rate_of(base: Decimal, tax: Decimal) -> Decimal | None:
    """The whole percentage that explains a tax amount within a cent; `None` when there is none."""
    if not base:
        return None
    rate = (tax * 100 / base).quantize(Decimal(1))
    return rate if abs(base * rate / 100 - tax) <= Decimal("0.011") else None
