"""Italian identifiers."""

import re
from collections.abc import Iterator
from typing import Final

from stdnum.it import codicefiscale

from app.model.invoice import Invoice, InvoiceHeader, Party
from app.validation import Problem, need, rule, skip
from rules.checkdigits import luhn
from rules.identity import LONGEST_NUMBER

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
    if len(digits) != _LENGTH or not luhn(digits):
        yield Problem("vat_number", actual=number)


@rule(
    "INVALID_FISCAL_CODE",
    severity="warning",
    source="D.M. 23 December 1976; DPR 605/1973 art. 4",
    countries=("IT",),
)
def italian_fiscal_code_is_valid(invoice: Invoice) -> Iterator[Problem]:
    """An Italian codice fiscale must have sixteen characters or eleven digits, and a right check character.

    Judged are the seller's and, where the buyer is in Italy, the buyer's.

    Why: the exchange system delivers by it and refuses a wrong one.

    Do: compare it with the document; if it stands there like this, ask for the right one.
    """
    parties = {"vendor": invoice.vendor} | ({"buyer": invoice.buyer} if invoice.buyer.country == "IT" else {})
    codes = {name: party.fiscal_code for name, party in parties.items() if party.fiscal_code is not None}
    if not codes:
        skip("fiscal_code was not read")
    for name, code in codes.items():
        if not _is_fiscal_code(code):
            yield Problem(f"{name}.fiscal_code", actual=code)


def _is_fiscal_code(code: str) -> bool:
    if len(code) > LONGEST_NUMBER:
        return False
    if code.isdigit():
        return len(code) == _LENGTH and luhn(code)
    return bool(codicefiscale.is_valid(code))


@rule("INVALID_SDI_CODE", severity="warning", source="FatturaPA 1.2.2, 1.1.4; SdI 00427", countries=("IT",))
def exchange_address_is_well_formed(invoice: Invoice) -> Iterator[Problem]:
    """The address in the exchange system must have seven characters, for a public body six.

    Why: to a wrong address no later invoice or correction can be delivered.

    Do: compare it with the document.
    """
    code = need(invoice.buyer.sdi_code, "buyer.sdi_code")
    if not _SDI_CODE.fullmatch(code):
        yield Problem("buyer.sdi_code", actual=code)


_SDI_CODE: Final = re.compile(r"[A-Z0-9]{6,7}")


@rule(
    "INVALID_CIG",
    severity="warning",
    source="L. 136/2010 art. 3(5); D.L. 66/2014 art. 25(2)",
    countries=("IT",),
)
def tender_code_is_well_formed(header: InvoiceHeader) -> Iterator[Problem]:
    """The code of a public tender (CIG) must have ten characters, digits and capital letters.

    Why: without the right code a public body must not pay.

    Do: compare it with the document and with the contract.
    """
    code = need(header.cig, "invoice.cig")
    if not _CIG.fullmatch(code):
        yield Problem("cig", actual=code)


_CIG: Final = re.compile(r"[A-Z0-9]{10}")


@rule(
    "INVALID_CUP",
    severity="warning",
    source="L. 3/2003 art. 11; D.L. 66/2014 art. 25(2)",
    countries=("IT",),
)
def project_code_is_well_formed(header: InvoiceHeader) -> Iterator[Problem]:
    """The code of a public investment (CUP) must have fifteen characters, the first and the fourth letters.

    Why: without the right code a public body must not pay.

    Do: compare it with the document and with the contract.
    """
    code = need(header.cup, "invoice.cup")
    if not _CUP.fullmatch(code):
        yield Problem("cup", actual=code)


_CUP: Final = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{11}")

RULES: Final = (
    italian_vat_number_is_valid,
    italian_fiscal_code_is_valid,
    exchange_address_is_well_formed,
    tender_code_is_well_formed,
    project_code_is_well_formed,
)
