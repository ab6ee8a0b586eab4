"""Spain: Ley del IVA and Reglamento de facturación."""

from collections.abc import Iterator
from typing import Final

from stdnum.es import nif

from app.model.invoice import Invoice
from app.validation import Problem, need, rule
from rules.identity import LONGEST_NUMBER


@rule(
    "INVALID_NIF",
    severity="warning",
    source="RD 1619/2012 art. 6(1)(d); RD 1065/2007 art. 18-28",
    countries=("ES",),
)
def spanish_tax_number_is_valid(invoice: Invoice) -> Iterator[Problem]:
    """A Spanish tax number (NIF) must have nine characters with the right check character.

    Why: the tax cannot be deducted without it, and the immediate reporting of invoices refuses a wrong one.

    Do: compare it with the document.
    """
    number = need(invoice.vendor.fiscal_code, "vendor.fiscal_code")
    if len(number) > LONGEST_NUMBER or not nif.is_valid(number):
        yield Problem("vendor.fiscal_code", actual=number)


RULES: Final = (spanish_tax_number_is_valid,)
