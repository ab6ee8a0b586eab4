"""Italian VAT: rates and natures."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Invoice, InvoiceType
from app.validation import Problem, need, rule, skip
from rules.charged import charged_rates, listed
from rules.countries.it.rates import COMPENSATION, EVER, in_force
from rules.rates import current_rates

_CORRECTIONS: Final = (InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE)
_FARMERS: Final = "RF04"


@rule(
    "INVALID_IT_VAT_RATE",
    severity="warning",
    source="DPR 633/1972 art. 16 and tables A; L. 208/2015 art. 1(960); D.L. 76/2013 art. 11",
    countries=("IT",),
)
def italian_rate_was_in_force(invoice: Invoice) -> Iterator[Problem]:
    """A VAT rate must be one that was in force in Italy on the day of the invoice or of the delivery.

    Credit and debit notes may use any rate since 1997, because they follow the invoice they correct;
    farmers in the special scheme may use their percentages of compensation; a buyer in another country may
    be charged that country's rate (one-stop shop). Zero is no rate but the absence of one, and other rules
    watch over it.

    Why: a rate that does not exist is misread or wrong, and tax that is charged wrongly cannot be deducted.

    Do: compare the rate with the document; if it stands there, ask for a corrected invoice.
    """
    found = list(charged_rates(invoice))
    if not found:
        skip("no rate was read")
    allowed = _allowed(invoice)
    for path, rate in found:
        if rate != 0 and rate not in allowed:
            yield Problem(path, expected=listed(allowed), actual=rate, paths=("invoice.date",))


def _allowed(invoice: Invoice) -> frozenset[Decimal]:
    header, buyer = invoice.invoice, invoice.buyer.country
    allowed = EVER if header.type in _CORRECTIONS else in_force(need(header.date, "invoice.date"))
    if header.delivery_date is not None:
        allowed |= in_force(header.delivery_date)
    if not allowed:
        skip("the invoice is older than the known rates")
    if invoice.vendor.tax_regime == _FARMERS or header.type is InvoiceType.SELF_BILLED:
        allowed |= COMPENSATION
    return allowed | current_rates(buyer) if buyer not in (None, "IT") else allowed


RULES: Final = (italian_rate_was_in_force,)
