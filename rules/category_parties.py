"""What the VAT categories of EN 16931 ask of seller, buyer and delivery."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import Invoice, Party
from app.validation import Problem, rule, skip
from rules.categories import Uses
from rules.kinds import norm


def _need_category(uses: Uses, *categories: str) -> None:
    """End the check for an invoice that uses none of some categories."""
    if uses.categories.isdisjoint(categories):
        skip(f"nothing is under the category {', '.join(categories)}")


def _vat_number(vendor: Party) -> str | None:
    return vendor.vat_number or vendor.representative_vat_number


@rule(
    "SELLER_TAX_ID_MISSING_FOR_CATEGORY",
    severity="warning",
    source=(
        "EN 16931 BR-S-02, BR-S-03, BR-S-04, BR-Z-02, BR-Z-03, BR-Z-04, BR-E-02, BR-E-03, BR-E-04, BR-AF-02, "
        "BR-AF-03, BR-AF-04, BR-AG-02, BR-AG-03, BR-AG-04; Directive 2006/112/EC art. 226(3)"
    ),
    when=norm,
)
def taxing_seller_has_a_tax_number(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """Who charges or exempts must have a VAT number, a tax registration or a tax representative.

    Why: the tax cannot be deducted without it.

    Do: ask the seller for a corrected invoice.
    """
    _need_category(uses, "S", "Z", "E", "L", "M")
    vendor = invoice.vendor
    if _vat_number(vendor) is None and vendor.fiscal_code is None:
        yield Problem("vendor.vat_number", message="The seller taxes or exempts without a tax number.")


@rule(
    "REVERSE_CHARGE_PARTIES",
    severity="warning",
    source="EN 16931 BT-31, BT-48; Directive 2006/112/EC art. 194-199a, 226(4)",
    when=norm,
)
def reverse_charge_names_both_taxable_persons(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """Under reverse charge, seller and buyer must both have a tax number.

    Why: the tax passes from one taxable person to another; without the buyer's number it does not pass, and
    the seller owes it.

    Do: give the seller your number and ask for a corrected invoice.
    """
    _need_category(uses, "AE")
    if _vat_number(invoice.vendor) is None and invoice.vendor.fiscal_code is None:
        yield Problem("vendor.vat_number", message="Reverse charge without a tax number of the seller.")
    if invoice.buyer.vat_number is None and invoice.buyer.fiscal_code is None:
        yield Problem("buyer.vat_number", message="Reverse charge without a tax number of the buyer.")


@rule(
    "INTRA_COMMUNITY_PARTIES",
    severity="warning",
    source="EN 16931 BR-IC-02, BR-IC-03, BR-IC-04; Directive 2006/112/EC art. 138(1)(b), 226(4)",
    when=norm,
)
def supply_within_the_union_names_both_vat_numbers(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """For a supply within the Union, seller and buyer must both have a VAT number.

    Why: the exemption depends on the buyer's number.

    Do: give the seller your number and ask for a corrected invoice.
    """
    _need_category(uses, "K")
    if _vat_number(invoice.vendor) is None:
        yield Problem(
            "vendor.vat_number", message="A supply within the Union without the seller's VAT number."
        )
    if invoice.buyer.vat_number is None:
        yield Problem("buyer.vat_number", message="A supply within the Union without the buyer's VAT number.")


@rule(
    "EXPORT_SELLER",
    severity="warning",
    source="EN 16931 BR-G-02, BR-G-03, BR-G-04; Directive 2006/112/EC art. 146, 226(3)",
    when=norm,
)
def exporter_has_a_vat_number(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """Who exports without tax must have a VAT number or a tax representative.

    Why: only a taxable person can be exempt.

    Do: ask the seller for a corrected invoice.
    """
    _need_category(uses, "G")
    if _vat_number(invoice.vendor) is None:
        yield Problem("vendor.vat_number", message="An export without the seller's VAT number.")


@rule("OUT_OF_SCOPE_WITH_VAT_NUMBER", severity="info", source="EN 16931 BR-O-02, BR-O-03, BR-O-04", when=norm)
def out_of_scope_names_no_vat_number(invoice: Invoice, uses: Uses) -> Iterator[Problem]:
    """An invoice out of the scope of the tax should name no VAT number.

    Why: with a VAT number the seller is within the system of the tax, and exempt rather than out of scope.

    Do: see which is meant.
    """
    _need_category(uses, "O")
    numbers = {
        "vendor.vat_number": _vat_number(invoice.vendor),
        "buyer.vat_number": invoice.buyer.vat_number,
    }
    for path, number in numbers.items():
        if number is not None:
            yield Problem(path, actual=number)


@rule(
    "INTRA_COMMUNITY_DELIVERY_DATE",
    severity="warning",
    source="EN 16931 BR-IC-11; Directive 2006/112/EC art. 226(7)",
    when=norm,
)
def supply_within_the_union_has_a_delivery_date(invoice: Invoice) -> Iterator[Problem]:
    """For a supply within the Union, the day of delivery or the period must be stated.

    Why: the tax on the acquisition falls into the month after the delivery.

    Do: take the day from the delivery note.
    """
    header = invoice.invoice
    _need_supply(invoice)
    if not any((header.delivery_date, header.period_start, header.period_end)):
        yield Problem("invoice.delivery_date", message="The day of delivery is not stated.")


@rule(
    "INTRA_COMMUNITY_DELIVERY_COUNTRY",
    severity="warning",
    source="EN 16931 BR-IC-12; Directive 2006/112/EC art. 138(1)",
    when=norm,
)
def supply_within_the_union_has_a_destination(invoice: Invoice) -> Iterator[Problem]:
    """For a supply within the Union, the country of delivery must be stated.

    Why: the exemption depends on the goods having left the country.

    Do: keep the proof of transport with the invoice, and ask for a corrected one.
    """
    _need_supply(invoice)
    if invoice.invoice.delivery_country is None:
        yield Problem("invoice.delivery_country", message="The country of delivery is not stated.")


def _need_supply(invoice: Invoice) -> None:
    if not any(tax.category == "K" for tax in invoice.tax_breakdown):
        skip("nothing is a supply within the Union")


RULES: Final = (
    taxing_seller_has_a_tax_number,
    reverse_charge_names_both_taxable_persons,
    supply_within_the_union_names_both_vat_numbers,
    exporter_has_a_vat_number,
    out_of_scope_names_no_vat_number,
    supply_within_the_union_has_a_delivery_date,
    supply_within_the_union_has_a_destination,
)
