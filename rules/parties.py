"""Seller and buyer are who they should be."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import Invoice, InvoiceType
from app.model.options import Perspective
from app.validation import Context, Problem, need, rule, skip
from rules.identity import known_as, own_names, same_party
from rules.kinds import integrated


def _issued_by_the_buyer(invoice: Invoice) -> bool:
    return invoice.invoice.type is InvoiceType.SELF_BILLED or integrated(invoice.invoice)


@rule(
    "OWN_COMPANY_IS_VENDOR",
    severity="warning",
    source="DPR 633/1972 art. 21(1); Directive 2006/112/EC art. 220",
)
def we_are_not_the_seller(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The seller of an invoice received must not be the organisation itself.

    Where the caller says that it stands on the seller's side, and on documents the buyer writes, this is as
    it should be.

    Why: an invoice of one's own booked as a cost turns income into expense; usually seller and buyer were
    confused in reading.

    Do: see who sells; book an invoice of your own as one issued.
    """
    names = own_names(context)
    if not names or context.perspective is Perspective.SELLER or _issued_by_the_buyer(invoice):
        skip("whose side the organisation stands on is not known, or it is the seller's")
    need(invoice.vendor.vat_number or invoice.vendor.fiscal_code or invoice.vendor.name, "vendor")
    if known_as(invoice.vendor, names):
        yield Problem("vendor.name", actual=invoice.vendor.name, paths=("vendor.vat_number",))


@rule(
    "NOT_ADDRESSED_TO_US",
    severity="warning",
    source="Directive 2006/112/EC art. 178, 226(5); DPR 633/1972 art. 21(2)(e)",
)
def we_are_the_buyer(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The buyer of an invoice received must be the organisation itself.

    Why: tax can only be deducted from an invoice made out to whoever deducts it, and a stranger's invoice
    must not be paid.

    Do: return it, or ask for one with the right buyer.
    """
    names = own_names(context)
    if not names or context.perspective is Perspective.SELLER or _issued_by_the_buyer(invoice):
        skip("whose side the organisation stands on is not known, or it is the seller's")
    need(invoice.buyer.vat_number or invoice.buyer.fiscal_code or invoice.buyer.name, "buyer")
    if not known_as(invoice.buyer, names) and not known_as(invoice.vendor, names):
        actual = invoice.buyer.name or invoice.buyer.vat_number
        yield Problem("buyer.name", expected=names[0], actual=actual, paths=("buyer.vat_number",))


@rule(
    "VENDOR_IS_BUYER",
    severity="warning",
    source="DPR 633/1972 art. 21(2)(c)-(e); Directive 2006/112/EC art. 226(5)",
)
def seller_is_not_the_buyer(invoice: Invoice) -> Iterator[Problem]:
    """Seller and buyer must be two: neither one VAT number, nor one name at one address.

    Documents that the buyer writes may name one party twice, and so may those over transfers within a
    business (TD26).

    Why: one party was read for both, or the document moves nothing from anyone to anyone.

    Do: look at who is named where on the document.
    """
    vendor, buyer = invoice.vendor, invoice.buyer
    if _issued_by_the_buyer(invoice) or invoice.invoice.type_code == "TD26":
        skip("the buyer wrote this document, or the goods stay in the business")
    if same_party(vendor.name, buyer.name) and same_party(vendor.address, buyer.address):
        yield Problem("buyer.name", actual=buyer.name, paths=("vendor.name",))
        return
    number, other = need(vendor.vat_number, "vendor.vat_number"), need(buyer.vat_number, "buyer.vat_number")
    if same_party(number, other):
        yield Problem("buyer.vat_number", actual=other, paths=("vendor.vat_number",))


@rule("PROFORMA", severity="warning", source="Directive 2006/112/EC art. 178(a), 218; DPR 633/1972 art. 21")
def document_is_no_proforma(invoice: Invoice) -> Iterator[Problem]:
    """A pro-forma is an offer to invoice and must not be booked as an invoice.

    Why: no tax can be deducted from it, and the real invoice will come.

    Do: file it with the order; pay it if that was agreed; book the invoice that follows.
    """
    if need(invoice.invoice.type, "invoice.type") is InvoiceType.PROFORMA:
        yield Problem("invoice.type", actual="proforma")


RULES: Final = (we_are_not_the_seller, we_are_the_buyer, seller_is_not_the_buyer, document_is_no_proforma)
