"""Identifiers are what they claim to be: check digits, formats, and countries that agree."""

import re
from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Final

from stdnum import bic, numdb
from stdnum.ch import uid
from stdnum.eu import vat
from stdnum.gb import vat as gb_vat
from stdnum.no import orgnr

from app.model.invoice import Invoice, Party
from app.validation import Context, Problem, need, rule, skip
from rules.checkdigits import mod_97
from rules.countries.names import country_of_vat, country_prefixed
from rules.identity import LONGEST_NUMBER, trusted
from rules.kinds import e_invoice

_LIKE_AN_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}")
_SUFFIX: Final = re.compile(r"(MVA|MWST|TVA|IVA|VAT)$")
_CHECKS: Final = MappingProxyType(
    {"CH": uid.is_valid, "NO": lambda number: orgnr.is_valid(number[2:]), "GB": gb_vat.is_valid}
    | {member.upper(): vat.is_valid for member in (*vat.MEMBER_STATES, "EL") if member != "it"}
)


@rule(
    "INVALID_VAT_NUMBER",
    severity="warning",
    source="Directive 2006/112/EC art. 214, 215; EN 16931 BT-31, BT-48",
)
def vat_number_is_valid(party: Party) -> Iterator[Problem]:
    """A VAT number of the European Union, Norway, Switzerland or the United Kingdom must be possible.

    Length, characters and, where the country has them, check digits. Italian numbers have a rule of their
    own.

    Why: without a valid number of the seller the tax cannot be deducted; without one of the buyer a supply
    within the Union is not exempt.

    Do: compare the number with the document, and look it up in VIES.
    """
    number = need(party.vat_number, "vat_number")
    check = _CHECKS.get(number[:2])
    if check is None:
        skip("not a VAT number of a country whose numbers can be checked")
    if len(number) > LONGEST_NUMBER or not check(_SUFFIX.sub("", number)):
        yield Problem("vat_number", actual=number)


@rule(
    "VAT_NUMBER_WITHOUT_COUNTRY",
    severity="warning",
    source="EN 16931 BR-CO-09; Directive 2006/112/EC art. 215",
    when=e_invoice,
)
def vat_number_has_its_country(party: Party) -> Iterator[Problem]:
    """A VAT number must begin with the code of the country that gave it.

    On an e-invoice; a printed page may leave it out at home. The codes are those of ISO 3166-1; Greece may
    use EL, and Northern Ireland uses XI.

    Why: the same digits belong to different companies in different countries.

    Do: add the country after looking the company up.
    """
    for name in ("vat_number", "representative_vat_number"):
        number = getattr(party, name)
        if number is not None and not country_prefixed(number):
            yield Problem(name, expected="a country code and the number", actual=number)
    need(party.vat_number or party.representative_vat_number, "vat_number")


@rule("INVALID_IBAN", severity="error", source="ISO 13616; Regulation (EU) 260/2012 art. 5")
def iban_is_valid(party: Party) -> Iterator[Problem]:
    """An IBAN must have the length and form of its country and the right check digits.

    Why: a wrong account number sends the money back at best, and to a stranger at worst.

    Do: compare the number with the document; do not pay before the seller has confirmed it by another way
    than the invoice itself.
    """
    number = need(party.iban, "iban")
    if not _LIKE_AN_IBAN.match(number):
        skip("the account number is not an IBAN")
    if not _is_iban(number):
        yield Problem("iban", actual=number)


def _is_iban(number: str) -> bool:
    """As the library has it, but without making the country's pattern anew for every number."""
    form = _account_form(number[:2])
    return form is not None and bool(form.fullmatch(number[4:])) and mod_97(number[4:] + number[:4])


@cache
def _account_form(country: str) -> re.Pattern[str] | None:
    """What a country's account numbers have after the check digits, from the registry of ISO 13616."""
    (_, entry), *_ = _ACCOUNTS.info(country)
    if not entry:
        return None
    parts = re.findall(r"(\d+)!([nac])", entry.get("bban", ""))
    return re.compile("".join(f"[{_CHARACTERS[kind]}]{{{length}}}" for length, kind in parts))


_ACCOUNTS: Final = numdb.get("iban")
_CHARACTERS: Final = {"n": "0-9", "a": "A-Z", "c": "A-Z0-9"}


@rule("INVALID_BIC", severity="warning", source="ISO 9362")
def bic_is_valid(party: Party) -> Iterator[Problem]:
    """A BIC must have eight or eleven characters, with the country in the fifth and sixth.

    Why: banks outside the single European payment area route by it.

    Do: compare it with the document; within the area the IBAN is enough.
    """
    number = need(party.bic, "bic")
    if len(number) > LONGEST_NUMBER or not bic.is_valid(number):
        yield Problem("bic", actual=number)


@rule("VAT_COUNTRY_DISAGREES", severity="info", source="Directive 2006/112/EC art. 214, 215")
def vat_number_is_of_the_partys_country(party: Party) -> Iterator[Problem]:
    """The VAT number should be of the country of the address.

    Why: a foreign number can be right (a company registered for tax where it sells), but it changes which
    tax is due; more often the address or the number is another party's.

    Do: see whose number it is; where the registration abroad is known, nothing.
    """
    country = need(party.country, "country")
    given = country_of_vat(need(party.vat_number, "vat_number"))
    if given is None:
        skip("the VAT number names no country")
    if given != country:
        yield Problem("vat_number", expected=country, actual=given, paths=("country",))


@rule("IBAN_COUNTRY_DISAGREES", severity="warning", source="Regulation (EU) 260/2012 art. 9; ISO 13616")
def iban_is_of_the_sellers_country(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The seller's account should be in the seller's country.

    Within the single European payment area it may lawfully be elsewhere; sellers the policy trusts are left
    alone.

    Why: an account abroad is the first sign of a forged invoice.

    Do: ask the seller to confirm the account by a way you knew before; then name the seller in the policy.
    """
    vendor = invoice.vendor
    account = need(vendor.iban, "vendor.iban")
    if not _LIKE_AN_IBAN.match(account):
        skip("the account number is not an IBAN")
    country = vendor.country or country_of_vat(vendor.vat_number or "")
    if need(country, "vendor.country") != account[:2] and not trusted(vendor, context):
        yield Problem("vendor.iban", expected=country, actual=account[:2], paths=("vendor.country",))


RULES: Final = (
    vat_number_is_valid,
    vat_number_has_its_country,
    iban_is_valid,
    bic_is_valid,
    vat_number_is_of_the_partys_country,
    iban_is_of_the_sellers_country,
)
