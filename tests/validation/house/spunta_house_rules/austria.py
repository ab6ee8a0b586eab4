"""A pack for one country."""

from collections.abc import Iterator
from decimal import Decimal

from app.model.invoice import Invoice
from app.validation import Problem, need, rule


@rule("AT_BUYER_VAT_NUMBER_MISSING", severity="warning", source="UStG § 11(1)(2)", countries=("AT",))
def large_invoice_names_the_buyers_number(invoice: Invoice) -> Iterator[Problem]:
    """An Austrian invoice above € 10,000 must have the buyer's VAT number.

    Why: the tax cannot be deducted without it.

    Do: ask the seller for a corrected invoice.
    """
    if (
        need(invoice.financials.total, "financials.total") > Decimal(10_000)
        and invoice.buyer.vat_number is None
    ):
        yield Problem("buyer.vat_number", paths=("financials.total",))


RULES = (large_invoice_names_the_buyers_number,)
