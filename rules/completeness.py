"""Document, seller and buyer are named as the law wants: less on a receipt or a simplified invoice."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import Invoice, InvoiceHeader, InvoiceType, Party
from app.validation import Problem, need, rule, skip
from rules.countries.names import CURRENCIES
from rules.kinds import e_invoice, elsewhere, simplified


@rule(
    "MISSING_NUMBER",
    severity="warning",
    source="Directive 2006/112/EC art. 226(2); DPR 633/1972 art. 21(2)(b); EN 16931 BR-02",
)
def invoice_has_a_number(header: InvoiceHeader) -> Iterator[Problem]:
    """An invoice must have a number.

    Why: without it no copy can be recognised, and the tax cannot be deducted.

    Do: read it from the document; if there is none, ask for a proper invoice.
    """
    if header.number is None:
        yield Problem("number", message="No invoice number was found.")


@rule(
    "MISSING_DATE",
    severity="warning",
    source="Directive 2006/112/EC art. 226(1); DPR 633/1972 art. 21(2)(a); EN 16931 BT-2",
)
def invoice_has_a_date(header: InvoiceHeader) -> Iterator[Problem]:
    """An invoice must have the date of its issue.

    Why: it decides the period, the rate and the due date.

    Do: read it from the document; if there is none, ask for a proper invoice.
    """
    if header.date is None:
        yield Problem("date", message="No date of issue was found.")


@rule("MISSING_CURRENCY", severity="warning", source="EN 16931 BT-5; Directive 2006/112/EC art. 230")
def invoice_has_a_currency(header: InvoiceHeader) -> Iterator[Problem]:
    """An invoice must say in which currency it is.

    Why: a number without currency is no amount.

    Do: see what was agreed with the seller.
    """
    if header.currency is None:
        yield Problem("currency", message="No currency was found.")


@rule("UNKNOWN_CURRENCY", severity="warning", source="EN 16931 BR-CL-04; ISO 4217")
def currency_exists(header: InvoiceHeader) -> Iterator[Problem]:
    """The currency must be one of ISO 4217.

    Why: what has no code has no rate of exchange.

    Do: compare the currency with the document.
    """
    currency = need(header.currency, "invoice.currency")
    if currency not in CURRENCIES:
        yield Problem("currency", actual=currency)


@rule(
    "MISSING_VENDOR_NAME",
    severity="warning",
    source="Directive 2006/112/EC art. 226(5); DPR 633/1972 art. 21(2)(c); EN 16931 BR-06",
)
def seller_has_a_name(invoice: Invoice) -> Iterator[Problem]:
    """An invoice must name its seller.

    Why: a debt needs a creditor.

    Do: read the name from the document, a logo often has it.
    """
    if invoice.vendor.name is None:
        yield Problem("vendor.name", message="No name of the seller was found.")


@rule(
    "MISSING_VENDOR_TAX_ID",
    severity="warning",
    source="Directive 2006/112/EC art. 226(3); DPR 633/1972 art. 21(2)(d)",
    when=elsewhere,
)
def seller_has_a_tax_number(invoice: Invoice) -> Iterator[Problem]:
    """An invoice must have the seller's VAT number or national tax number.

    Why: the tax cannot be deducted without it, and the seller cannot be looked up.

    Do: read it from the document; a seller without one has to say why.
    """
    if invoice.vendor.vat_number is None and invoice.vendor.fiscal_code is None:
        yield Problem("vendor.vat_number", message="No tax number of the seller was found.")


@rule(
    "MISSING_BUYER_NAME",
    severity="warning",
    source="Directive 2006/112/EC art. 226(5); DPR 633/1972 art. 21(2)(e); EN 16931 BR-07",
)
def buyer_has_a_name(invoice: Invoice) -> Iterator[Problem]:
    """An invoice must name its buyer; a receipt or a simplified invoice need not.

    Why: only the one to whom it is made out may deduct the tax.

    Do: read the name from the document, or ask for an invoice that names you.
    """
    if simplified(invoice.invoice):
        skip("receipts and simplified invoices need not name the buyer")
    if invoice.buyer.name is None:
        yield Problem("buyer.name", message="No name of the buyer was found.")


@rule(
    "MISSING_BUYER_TAX_ID",
    severity="warning",
    source="DPR 633/1972 art. 21(2)(f), 21-bis(1)(e); FatturaPA 1.2.2, SdI 00417",
    countries=("IT",),
    when=e_invoice,
)
def italian_buyer_has_a_tax_number(invoice: Invoice) -> Iterator[Problem]:
    """An Italian e-invoice must have the buyer's VAT number or, from one who has none, the tax number.

    A simplified invoice must too; a receipt need not. Buyers abroad may have neither.

    Why: the exchange system delivers by it, and only the one whom it names may deduct the tax.

    Do: give the seller your number and ask for a corrected invoice.
    """
    if invoice.invoice.type is InvoiceType.RECEIPT:
        skip("a receipt names no buyer")
    buyer = invoice.buyer
    if buyer.country not in (None, "IT"):
        skip("the buyer is not in Italy")
    if buyer.vat_number is None and buyer.fiscal_code is None:
        yield Problem("buyer.vat_number", message="No tax number of the buyer was found.")


@rule(
    "MISSING_VENDOR_ADDRESS",
    severity="warning",
    source="Directive 2006/112/EC art. 226(5); DPR 633/1972 art. 21(2)(c); EN 16931 BG-5",
    when=e_invoice,
)
def seller_has_an_address(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must have the seller's address.

    Why: the law asks for it, and letters about the invoice need it.

    Do: ask for a corrected invoice.
    """
    if not _has_address(invoice.vendor):
        yield Problem("vendor.address", message="The seller has no address.")


@rule(
    "MISSING_BUYER_ADDRESS",
    severity="warning",
    source="Directive 2006/112/EC art. 226(5); DPR 633/1972 art. 21(2)(e); EN 16931 BG-8",
    when=e_invoice,
)
def buyer_has_an_address(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must have the buyer's address; a receipt or a simplified invoice need not.

    Why: the law asks for it, and it shows which of several offices is meant.

    Do: ask for a corrected invoice.
    """
    if simplified(invoice.invoice):
        skip("receipts and simplified invoices need not name the buyer")
    if not _has_address(invoice.buyer):
        yield Problem("buyer.address", message="The buyer has no address.")


def _has_address(party: Party) -> bool:
    return any((party.address, party.city, party.zip_code, party.country))


@rule(
    "MISSING_VENDOR_COUNTRY",
    severity="warning",
    source="EN 16931 BT-40; Directive 2006/112/EC art. 226(5)",
    when=e_invoice,
)
def seller_has_a_country(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must say in which country the seller is.

    Why: the country decides which tax is due.

    Do: ask for a corrected invoice.
    """
    if invoice.vendor.country is None and _has_address(invoice.vendor):
        yield Problem("vendor.country", message="The seller's address has no country.")


@rule(
    "MISSING_BUYER_COUNTRY",
    severity="warning",
    source="EN 16931 BT-55; Directive 2006/112/EC art. 226(5)",
    when=e_invoice,
)
def buyer_has_a_country(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must say in which country the buyer is.

    Why: the country decides which tax is due.

    Do: ask for a corrected invoice.
    """
    if invoice.buyer.country is None and _has_address(invoice.buyer):
        yield Problem("buyer.country", message="The buyer's address has no country.")


RULES: Final = (
    invoice_has_a_number,
    invoice_has_a_date,
    invoice_has_a_currency,
    currency_exists,
    seller_has_a_name,
    seller_has_a_tax_number,
    buyer_has_a_name,
    italian_buyer_has_a_tax_number,
    seller_has_an_address,
    buyer_has_an_address,
    seller_has_a_country,
    buyer_has_a_country,
)
