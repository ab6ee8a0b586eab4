"""Blocks of seller and buyer."""

import re
from typing import Final

from babel import Locale

from tests.generator.companies import Company, countries
from tests.generator.sheet import Sheet
from tests.generator.typeset import strong, t, unbroken

GROUPS: Final = {"DE": (3, 3, 3), "GB": (3, 4, 2), "PL": (3, 3, 2, 2), "FR": (2, 3, 3, 3), "PT": (3, 3, 3)}


def party(sheet: Sheet, role: str) -> Company:
    """The company that plays `vendor` or `buyer`."""
    found = sheet.bill.vendor if role == "vendor" else sheet.bill.buyer
    if found is None:
        msg = "this bill has no buyer"
        raise ValueError(msg)
    return found


def name(sheet: Sheet, role: str) -> str:
    """The name alone."""
    return sheet.put(f"{role}.name", party(sheet, role).name)


def zip_city(sheet: Sheet, role: str) -> str:
    """Postcode and town in the order of the country."""
    who = party(sheet, role)
    facts = countries()[who.country]
    pattern = (
        facts["zip_city"]
        if sheet.odds(0.75)
        else sheet.rng.choice([facts["zip_city"], *facts["zip_city_more"]])
    )
    for key in ("zip_code", "city"):
        sheet.printed.add(f"{role}.{key}")
    if "{province}" in pattern:
        sheet.printed.add(f"{role}.province")
    return pattern.format(zip=who.zip_code, city=who.city, CITY=who.city.upper(), province=who.province)


def country_name(sheet: Sheet, role: str) -> str:
    """The country in the invoice's language."""
    who = party(sheet, role)
    sheet.printed.add(f"{role}.country")
    return str(Locale.parse(sheet.bill.language).territories[who.country])


def address_lines(sheet: Sheet, role: str) -> list[str]:
    """Street, town, and sometimes the country."""
    who = party(sheet, role)
    found = [sheet.put(f"{role}.address", who.address), t(zip_city(sheet, role))]
    foreign = sheet.bill.buyer is not None and sheet.bill.buyer.country != sheet.bill.vendor.country
    if foreign or sheet.odds(0.25):
        found.append(t(country_name(sheet, role)))
    return found


def vat_text(sheet: Sheet, who: Company) -> str:
    """A VAT number as its country writes it: with or without prefix, grouped or not."""
    code, bare = who.vat_number[:2], who.vat_number[2:]
    if who.country == "CH":
        digits = who.vat_number[3:]
        return f"CHE-{digits[:3]}.{digits[3:6]}.{digits[6:]} " + {"de": "MWST", "fr": "TVA", "it": "IVA"}.get(
            sheet.bill.language, "MWST"
        )
    if who.country in {"AU", "CA", "IN"}:
        groups = {"AU": (2, 3, 3, 3), "CA": (9, 6), "IN": (15,)}[who.country]
        return " ".join(_groups(who.vat_number, groups)) if sheet.odds(0.7) else who.vat_number
    if who.country == "BE":
        return f"BE {bare[:4]}.{bare[4:7]}.{bare[7:]}" if sheet.odds(0.5) else who.vat_number
    shape = sheet.rng.random()
    if who.country in {"IT", "ES", "PT", "PL"} and shape < 0.6:
        return "-".join(_groups(bare, (3, 3, 2, 2))) if who.country == "PL" and sheet.odds(0.5) else bare
    if who.country in GROUPS and shape > 0.8:
        return f"{code} " + " ".join(_groups(bare, GROUPS[who.country]))
    return f"{code} {bare}" if 0.72 < shape < 0.8 else who.vat_number


def _groups(text: str, sizes: tuple[int, ...]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(text[at : at + size])
        at += size
    return found


def id_pairs(sheet: Sheet, role: str) -> list[tuple[str, str]]:
    """Label and number of each identifier."""
    who, found = party(sheet, role), []
    if who.vat_number:
        found.append((sheet.words("vat"), sheet.put(f"{role}.vat_number", vat_text(sheet, who))))
        sheet.printed.add(f"{role}.country")
    if who.fiscal_code and (who.person or sheet.odds(0.4)) and who.country == sheet.bill.country:
        label = "SIREN" if who.country == "FR" else sheet.words("tax_id")
        shown = who.fiscal_code
        if who.country == "FR":
            shown = sheet.rng.choice([shown, f"{shown[:3]} {shown[3:6]} {shown[6:]}"])
        found.append((label, sheet.put(f"{role}.fiscal_code", shown)))
    if role == "buyer" and who.sdi_code and sheet.odds(0.4):
        found.append((sheet.words("sdi"), sheet.put("buyer.sdi_code", who.sdi_code)))
    return found


def own_number(sheet: Sheet) -> list[tuple[str, str]]:
    """Now and then the buyer's VAT number among the references: `Your VAT no.`"""
    who = party(sheet, "buyer")
    if not who.vat_number or not sheet.odds(0.35):
        return []
    return [(sheet.words("your_vat"), sheet.put("buyer.vat_number", vat_text(sheet, who)))]


def id_lines(sheet: Sheet, role: str) -> list[str]:
    """Identifiers, each on its line, or an Italian pair on one."""
    pairs = id_pairs(sheet, role)
    shown = [t(f"{label}{sheet.style.colon} ") + value for label, value in pairs]
    if len(shown) > 1 and sheet.odds(0.4):
        glue = t(sheet.rng.choice([" - ", " | ", "  "]))
        return [shown[0] + glue + shown[1], *shown[2:]]
    return shown


def contact_lines(sheet: Sheet, role: str) -> list[str]:
    """Telephone, fax, e-mail, web."""
    who, found = party(sheet, role), []
    if who.phone and sheet.odds(0.7):
        found.append(t(sheet.words("phone") + " ") + sheet.put(f"{role}.phone", who.phone))
    if who.fax and sheet.odds(0.3):
        found.append(t(f"{sheet.words('fax')} {who.fax}"))
    if who.email and sheet.odds(0.7):
        found.append(
            t(sheet.words("email") + " " if sheet.odds(0.5) else "")
            + unbroken(sheet.put(f"{role}.email", who.email))
        )
    if who.web and sheet.odds(0.4):
        found.append(t(who.web))
    return found


def bank_pairs(sheet: Sheet) -> list[tuple[str, str]]:
    """Bank, IBAN, BIC of the seller."""
    who = sheet.bill.vendor
    if not who.iban:
        return [("Routing / Account", t("021000089 / 4471 0093 22"))] if sheet.odds(0.5) else []
    grouped = " ".join(re.findall(".{1,4}", who.iban)) if sheet.odds(0.7) else who.iban
    found = [(sheet.words("iban"), unbroken(sheet.put("vendor.iban", grouped)))]
    if sheet.odds(0.6):
        found.insert(sheet.rng.randint(0, 1), (sheet.words("bank"), t(who.bank)))
    if sheet.odds(0.6):
        found.append((sheet.words("bic"), sheet.put("vendor.bic", who.bic)))
    return found


def bank_lines(sheet: Sheet) -> list[str]:
    """The bank details as lines."""
    return [t(f"{label}{sheet.style.colon} ") + value for label, value in bank_pairs(sheet)]


def vendor_block(sheet: Sheet, *, ids: bool = True, contact: bool = True, bold: bool = True) -> list[str]:
    """The seller: name, address, and if wished numbers and contact."""
    top = strong(name(sheet, "vendor")) if bold else name(sheet, "vendor")
    return [
        top,
        *address_lines(sheet, "vendor"),
        *(id_lines(sheet, "vendor") if ids else []),
        *(contact_lines(sheet, "vendor") if contact else []),
    ]


def buyer_block(sheet: Sheet, *, heading: bool = True, ids: bool = True) -> list[str]:
    """The buyer under its heading."""
    top = [strong(t(sheet.words("to") + (sheet.style.colon if sheet.odds(0.5) else "")))] if heading else []
    who = strong(name(sheet, "buyer")) if sheet.odds(0.4) else name(sheet, "buyer")
    attention = (
        [
            t(
                {
                    "de": "z. Hd. Buchhaltung",
                    "en": "Accounts Payable",
                    "fr": "Service comptabilité",
                    "nl": "T.a.v. crediteuren",
                }.get(sheet.bill.language, "")
            )
        ]
        if sheet.odds(0.15)
        and party(sheet, "buyer").vat_number
        and sheet.bill.language in {"de", "en", "fr", "nl"}
        else []
    )
    return [*top, who, *attention, *address_lines(sheet, "buyer"), *(id_lines(sheet, "buyer") if ids else [])]
