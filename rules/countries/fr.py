"""France: CGI and Code de commerce."""

from collections.abc import Iterator
from typing import Final

from stdnum import luhn
from stdnum.fr import siren

from app.model.invoice import Invoice
from app.validation import Problem, need, rule, skip

_SIREN_LENGTH: Final = 9
_SIRET_LENGTH: Final = 14


@rule(
    "INVALID_SIREN",
    severity="warning",
    source="Code de commerce art. R123-221, R123-237",
    countries=("FR",),
)
def french_company_number_is_valid(invoice: Invoice) -> Iterator[Problem]:
    """A French company number must have nine digits (SIREN) or fourteen (SIRET), the last of which checks.

    Why: the company is looked up and its invoices are routed by it.

    Do: compare it with the document, and look it up in the register.
    """
    number = need(invoice.vendor.fiscal_code, "vendor.fiscal_code").replace(" ", "")
    if not number.isdigit():
        skip("a number of another register")
    if not (siren.is_valid(number[:_SIREN_LENGTH]) and _whole(number)):
        yield Problem("vendor.fiscal_code", actual=number)


def _whole(number: str) -> bool:
    """Whether it is a company's number, or that of an establishment with its own check digit."""
    return len(number) == _SIREN_LENGTH or (len(number) == _SIRET_LENGTH and _is_siret(number))


def _is_siret(number: str) -> bool:
    """By the check digit; the post office's establishments have a plain sum of digits instead."""
    return bool(luhn.is_valid(number)) or (number[:_SIREN_LENGTH] == _POST and sum(map(int, number)) % 5 == 0)


_POST: Final = "356000000"


@rule(
    "SIREN_DISAGREES",
    severity="warning",
    source="CGI art. 286 ter; BOI-TVA-DECLA-20-10",
    countries=("FR",),
)
def french_vat_number_holds_the_company_number(invoice: Invoice) -> Iterator[Problem]:
    """The last nine digits of a French VAT number must be the company's number.

    Why: if they are not, two companies' numbers are mixed on one invoice.

    Do: compare both with the document.
    """
    vendor = invoice.vendor
    number = need(vendor.vat_number, "vendor.vat_number")
    company = need(vendor.fiscal_code, "vendor.fiscal_code").replace(" ", "")[:_SIREN_LENGTH]
    if not number.startswith("FR") or not company.isdigit():
        skip("not a French VAT number, or a company number of another register")
    if number[-_SIREN_LENGTH:] != company:
        yield Problem(
            "vendor.fiscal_code",
            expected=number[-_SIREN_LENGTH:],
            actual=company,
            paths=("vendor.vat_number",),
        )


RULES: Final = (french_company_number_is_valid, french_vat_number_holds_the_company_number)
