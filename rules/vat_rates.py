"""VAT rates are those of the seller's country."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Invoice, InvoiceHeader, InvoiceType
from app.validation import Problem, need, rule, skip
from rules.charged import charged_rates, listed
from rules.countries.names import country_of_vat
from rules.rates import current_rates, rates_beside, rates_on

_CORRECTIONS: Final = (InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE)


@rule(
    "INVALID_VAT_RATE",
    severity="warning",
    source="Directive 2006/112/EC art. 96-98; European Commission, TEDB",
)
def rate_is_in_force(invoice: Invoice) -> Iterator[Problem]:
    """A VAT rate must be one that was in force on that day in the seller's country, or in the buyer's.

    The rates are those of the day of the invoice, of the delivery and of the period invoiced, as far as they
    are known here; those of the buyer's country are for sellers in the one-stop shop. Regional rates and
    those of flat-rate farmers count. Italy has a rule of its own, and credit notes follow the invoice they
    correct.

    Why: a rate that does not exist is misread or wrong, and tax that is charged wrongly cannot be deducted.

    Do: compare the rate with the document; if it stands there, ask for a corrected invoice.
    """
    vendor, header = invoice.vendor, invoice.invoice
    country = need(vendor.country or country_of_vat(vendor.vat_number or ""), "vendor.country")
    if country == "IT" or not current_rates(country):
        skip("Italy has a rule of its own" if country == "IT" else f"the rates of {country} are not known")
    in_force = _in_force(country, header)
    if not in_force or header.type in _CORRECTIONS:
        skip("the rates of that time are not known")
    found = list(charged_rates(invoice))
    if not found:
        skip("no rate was read")
    allowed = in_force | rates_beside(country)
    for other in (invoice.buyer.country, header.delivery_country):
        allowed |= _in_force(other, header) or current_rates(other)
    for path, rate in found:
        if rate != 0 and rate not in allowed:
            yield Problem(path, expected=listed(in_force), actual=rate, paths=("vendor.country",))


def _in_force(country: str | None, header: InvoiceHeader) -> frozenset[Decimal]:
    """The rates of the days that the tax may be due for."""
    need(header.date, "invoice.date")
    days = (header.date, header.delivery_date, header.period_start, header.period_end)
    return frozenset[Decimal]().union(*[rates_on(country, day) for day in days if day is not None])


@rule(
    "LINE_RATE_NOT_IN_BREAKDOWN",
    severity="warning",
    source="EN 16931 BG-23; SdI 00419; Directive 2006/112/EC art. 226(8)",
)
def rates_of_rows_are_in_the_breakdown(invoice: Invoice) -> Iterator[Problem]:
    """The rate of each row must be one of the tax breakdown's.

    Why: what a row is taxed by and the breakdown leaves out is not declared.

    Do: compare the row and the table of taxes with the document.
    """
    breakdown = {tax.rate for tax in invoice.tax_breakdown if tax.rate is not None}
    if not breakdown:
        skip("no rates of a tax breakdown were read")
    rates = [
        (index, row.tax_rate) for index, row in enumerate(invoice.line_items) if row.tax_rate is not None
    ]
    if not rates:
        skip("no rates of rows were read")
    for index, rate in rates:
        if rate not in breakdown:
            path = f"line_items[{index}].tax_rate"
            yield Problem(path, expected=listed(breakdown), actual=rate, paths=("tax_breakdown",))


RULES: Final = (rate_is_in_force, rates_of_rows_are_in_the_breakdown)
