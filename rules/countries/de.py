"""Germany: UStG and AO."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum.de import stnr

from app.model.invoice import Invoice
from app.validation import Problem, need, rule, skip
from rules.identity import LONGEST_NUMBER

_LIKE_A_TAX_NUMBER: Final = re.compile(r"[0-9 /.-]+")


@rule(
    "INVALID_DE_TAX_NUMBER",
    severity="warning",
    source="UStG § 14(4) no. 2; AO § 139a; AEAO zu § 139a",
    countries=("DE",),
)
def german_tax_number_is_well_formed(invoice: Invoice) -> Iterator[Problem]:
    """A German tax number (Steuernummer) must be of the form of a federal state, or of the federal one.

    Why: an invoice needs it or a VAT number for its tax to be deducted.

    Do: compare it with the document.
    """
    number = need(invoice.vendor.fiscal_code, "vendor.fiscal_code")
    if not _LIKE_A_TAX_NUMBER.fullmatch(number):
        skip("a number of another register")
    if len(number) > LONGEST_NUMBER or not stnr.is_valid(number):
        yield Problem("vendor.fiscal_code", actual=number)


RULES: Final = (german_tax_number_is_well_formed,)
