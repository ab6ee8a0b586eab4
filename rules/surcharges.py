"""Spain's equivalence surcharge (recargo de equivalencia): a further tax on a base that VAT is charged on.

Retailers who keep no books of VAT pay it to their suppliers; it stands in the tax breakdown as a line of its
own, on the same base as the VAT of the goods.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from app.model.invoice import Invoice, TaxLine
from app.model.money import CENT, ZERO
from rules.countries.names import country_of_vat

_OF_VAT: Final = MappingProxyType(
    {
        Decimal("5.2"): Decimal(21),
        Decimal("1.75"): Decimal(21),
        Decimal("1.4"): Decimal(10),
        Decimal("0.5"): Decimal(4),
        Decimal(1): Decimal("7.5"),
        Decimal("0.62"): Decimal(5),
        Decimal("0.26"): Decimal(2),
    }
)
"""The VAT rate beside which each surcharge is charged: Ley 37/1992 art. 161 (1.75 for tobacco); Real
Decreto-ley 20/2022 and 4/2024 for the lowered rates of food."""


def surcharges(invoice: Invoice) -> frozenset[int]:
    """The lines of the tax breakdown that tax once more what another line's base holds."""
    vendor = invoice.vendor
    if (vendor.country or country_of_vat(vendor.vat_number or "")) != "ES":
        return frozenset()
    bases: dict[Decimal, list[Decimal]] = defaultdict(list)
    for tax in invoice.tax_breakdown:
        if tax.rate is not None and tax.base is not None:
            bases[tax.rate].append(tax.base)
    taxed = {rate: sum(parts, ZERO) for rate, parts in bases.items()}
    return frozenset(i for i, tax in enumerate(invoice.tax_breakdown) if _is_surcharge(tax, taxed))


def _is_surcharge(tax: TaxLine, taxed: Mapping[Decimal, Decimal]) -> bool:
    """By its rate, beside VAT of the rate that belongs to it, on no more than that was charged on."""
    vat = None if tax.rate is None else _OF_VAT.get(tax.rate)
    if vat is None or tax.base is None or vat not in taxed:
        return False
    return abs(tax.base) <= abs(taxed[vat]) + CENT
