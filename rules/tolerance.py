"""How far a sum may be off before it is wrong."""

from decimal import Decimal
from typing import Final

from app.model.extraction import Extraction
from app.model.invoice import Invoice
from app.model.money import ZERO, minor_unit
from app.validation import Context
from rules.kinds import fatturapa, structured

_ROUNDED_TO: Final = {"HUF": Decimal(1), "ISK": Decimal(1)}
"""Currencies that have smaller units by ISO 4217, or had, but are rounded to whole ones in practice."""


def exact_or_tolerated(context: Context, invoice: Invoice, extraction: Extraction) -> Decimal:
    """As `tolerated`, but nothing for an e-invoice after EN 16931, whose totals agree to the last digit."""
    currency = invoice.financials.currency
    if structured(extraction) and not fatturapa(invoice.invoice):
        return context.parameters.tolerance.get(currency or "", ZERO)
    return tolerated(context, currency)


def tolerated(context: Context, currency: str | None, roundings: int = 0) -> Decimal:
    """The difference that is still nothing, in the invoice's currency.

    One smallest unit of the currency, or what the policy says for it; where `roundings` amounts were
    rounded before they were added up, half a unit for each of them.
    """
    unit = _ROUNDED_TO.get(currency or "") or minor_unit(currency)
    agreed = context.parameters.tolerance.get(currency or "", unit)
    return max(agreed, unit * roundings / 2)
