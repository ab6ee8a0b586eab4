"""Italian identifiers."""

from collections.abc import Iterator
from typing import Final

from stdnum import luhn

from app.model.invoice import Party
from app.validation import Problem, need, rule, skip

_LENGTH: Final = 11


@rule("INVALID_PIVA_CHECKSUM", severity="warning", source="DPR 633/1972 art. 35; D.M. 23 December 1976")
def italian_vat_number_is_valid(party: Party) -> Iterator[Problem]:
    """An Italian VAT number must have eleven digits, the last of which checks the others.

    Why: the check digit catches every single misread digit; a wrong number loses the deduction of the tax
    and makes the exchange system refuse the invoice.

    Do: compare the number with the document. If it stands there like this, ask the seller for the right one
    and look it up in the register of the Agenzia delle Entrate or in VIES.
    """
    number = need(party.vat_number, "vat_number")
    if not number.startswith("IT"):
        skip("not an Italian VAT number")
    digits = number[2:]
    if len(digits) != _LENGTH or not luhn.is_valid(digits):
        yield Problem("vat_number", actual=number)


RULES: Final = (italian_vat_number_is_valid,)
