"""VAT rates are those of the seller's country."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import Invoice, InvoiceType
from app.validation import Problem, need, rule, skip
from rules.charged import charged_rates, listed
from rules.countries.names import country_of_vat
from rules.rates import current_rates, known_since

_CORRECTIONS: Final = (InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE)


@rule(
    "INVALID_VAT_RATE",
    severity="warning",
    source="Directive 2006/112/EC art. 96-98; European Commission, TEDB",
)
def rate_is_in_force(invoice: Invoice) -> Iterator[Problem]:
    """A VAT rate must be one that is in force in the seller's country, or in the buyer's (one-stop shop).

    The rates are those the European Commission publishes, with the day since when they are known here;
    older invoices are not judged. Italy has a rule of its own, with the history of its rates.

    Why: a rate that does not exist is misread or wrong, and tax that is charged wrongly cannot be deducted.

    Do: compare the rate with the document; if it stands there, ask for a corrected invoice.
    """
    vendor, header = invoice.vendor, invoice.invoice
    country = need(vendor.country or country_of_vat(vendor.vat_number or ""), "vendor.country")
    allowed = current_rates(country)
    if country == "IT" or not allowed:
        skip("Italy has a rule of its own" if country == "IT" else f"the rates of {country} are not known")
    if need(header.date, "invoice.date") < known_since(country) or header.type in _CORRECTIONS:
        skip("the rates of that time are not known")
    found = list(charged_rates(invoice))
    if not found:
        skip("no rate was read")
    allowed |= current_rates(invoice.buyer.country) | current_rates(invoice.invoice.delivery_country)
    for path, rate in found:
        if rate != 0 and rate not in allowed:
            yield Problem(path, expected=listed(allowed), actual=rate, paths=("vendor.country",))


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
