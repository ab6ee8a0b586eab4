"""Invented companies whose numbers have right check digits."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final

from stdnum import iban as iban_number
from stdnum.at import uid as at_uid
from stdnum.au import abn
from stdnum.be import vat as be_vat
from stdnum.ca import bn as ca_bn
from stdnum.ch import uid as ch_uid
from stdnum.de import vat as de_vat
from stdnum.es import ccc
from stdnum.es import cif as es_cif
from stdnum.fr import siren as fr_siren
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.in_ import gstin
from stdnum.it import codicefiscale, iva
from stdnum.nl import bsn
from stdnum.pl import nip
from stdnum.pt import nif as pt_nif

HERE: Final = Path(__file__).parent


@cache
def countries() -> MappingProxyType[str, dict[str, Any]]:
    """What differs by country, by ISO code."""
    with (HERE / "countries.toml").open("rb") as file:
        return MappingProxyType(tomllib.load(file))


@dataclass(frozen=True, kw_only=True)
class Company:
    """A seller or a buyer; empty text for what it has not."""

    country: str
    name: str
    address: str
    zip_code: str
    city: str
    province: str = ""
    vat_number: str = ""
    """With the country's prefix, without spaces."""
    fiscal_code: str = ""
    email: str = ""
    phone: str = ""
    fax: str = ""
    web: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    sdi_code: str = ""
    person: bool = False


def digits(rng: Random, count: int) -> str:
    """A number of so many digits that does not begin with zero."""
    return str(rng.randint(1, 9)) + "".join(rng.choices("0123456789", k=count - 1))


def until(make: Callable[[], str], valid: Callable[[str], bool]) -> str:
    """The first made number that has a right check digit."""
    while not valid(number := make()):
        pass
    return number


def _iva(rng: Random) -> str:
    return until(
        lambda: "0" + digits(rng, 6) + rng.choice(["001", "015", "037", "063"]) + digits(rng, 1), iva.is_valid
    )


def vat_number(rng: Random, country: str) -> str:
    """A VAT number of the country with its prefix; empty where there is no such thing."""
    makers: dict[str, Callable[[], str]] = {
        "IT": lambda: "IT" + _iva(rng),
        "DE": lambda: "DE" + until(lambda: digits(rng, 9), de_vat.is_valid),
        "AT": lambda: "AT" + until(lambda: "U" + digits(rng, 8), at_uid.is_valid),
        "CH": lambda: until(lambda: "CHE" + digits(rng, 9), ch_uid.is_valid),
        "FR": lambda: french(until(lambda: digits(rng, 9), fr_siren.is_valid)),
        "BE": lambda: "BE" + until(lambda: "0" + digits(rng, 9), be_vat.is_valid),
        "ES": lambda: "ES" + until(lambda: "B" + digits(rng, 8), es_cif.is_valid),
        "PT": lambda: "PT" + until(lambda: "5" + digits(rng, 8), pt_nif.is_valid),
        "NL": lambda: "NL" + until(lambda: digits(rng, 9), bsn.is_valid) + "B0" + rng.choice("123"),
        "PL": lambda: "PL" + until(lambda: digits(rng, 10), nip.is_valid),
        "GB": lambda: "GB" + until(lambda: digits(rng, 9), gb_vat.is_valid),
        "IE": lambda: (
            "IE" + until(lambda: digits(rng, 7) + rng.choice("ABCDEFGHIKLMNOPQRSTUVW"), ie_vat.is_valid)
        ),
        "US": lambda: "",
        "AU": lambda: australian(digits(rng, 9)),
        "CA": lambda: until(lambda: digits(rng, 9), ca_bn.is_valid) + "RT0001",
        "IN": lambda: indian(rng),
    }
    return makers[country]()


def australian(number: str) -> str:
    """An Australian business number from its last nine digits."""
    return str(abn.calc_check_digits(number)) + number


def indian(rng: Random) -> str:
    """An Indian goods and services tax number."""
    state = rng.choice(["27", "29", "33", "07"])
    letters = "".join(rng.choices("ABCDEFGHKLMNPRST", k=3)) + "F" + rng.choice("ABCDGHKMPRS")
    return until(
        lambda: (
            state
            + letters
            + digits(rng, 4)
            + rng.choice("ABCDEFGHKLMN")
            + "1Z"
            + rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        ),
        gstin.is_valid,
    )


def french(siren: str) -> str:
    """The VAT number of a French company, from its SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def codice_fiscale(rng: Random) -> str:
    """A person's Italian tax code."""
    letters = "".join(rng.choices("BCDFGLMNPRSTV", k=6))
    born = f"{rng.randint(55, 99)}{rng.choice('ABCDEHLMPRST')}{rng.randint(1, 28):02d}"
    town = rng.choice(["F205", "L219", "A944", "D612", "H501", "F839"])
    stem = letters + born + town
    return stem + codicefiscale.calc_check_digit(stem)


def fiscal_code(rng: Random, country: str, vat: str, *, person: bool) -> str:
    """The national tax number that is printed beside the VAT number, where there is one."""
    if country == "IT":
        return codice_fiscale(rng) if person else vat[2:]
    if country == "DE":
        return f"{rng.randint(10, 39)}/{rng.randint(100, 999)}/{rng.randint(10000, 99999)}"
    if country == "FR":
        return vat[4:]
    return ""


def _cin(abi_cab_account: str) -> str:
    odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
    total = sum(odd[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(abi_cab_account))
    return chr(ord("A") + total % 26)


def _bban(rng: Random, country: str) -> str:
    if country == "IT":
        body = "0" + digits(rng, 4) + "0" + digits(rng, 4) + "000" + digits(rng, 9)
        return _cin(body) + body
    if country == "ES":
        return until(lambda: digits(rng, 20), ccc.is_valid)
    if country == "BE":
        body = digits(rng, 10)
        return body + f"{int(body) % 97 or 97:02d}"
    if country == "FR":
        bank, branch, account = digits(rng, 5), digits(rng, 5), digits(rng, 11)
        return (
            f"{bank}{branch}{account}{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97:02d}"
        )
    letters = {"NL": "RABO", "GB": "MIDL", "IE": "AIBK"}.get(country, "")
    lengths = {"DE": 18, "AT": 16, "CH": 17, "PT": 21, "NL": 10, "PL": 24, "GB": 14, "IE": 14}
    return letters + digits(rng, lengths[country])


def iban(rng: Random, country: str) -> str:
    """A bank account with right check digits; empty where there are no IBANs."""
    if country in {"US", "AU", "CA", "IN"}:
        return ""

    def drawn() -> str:
        bban = _bban(rng, country)
        return country + iban_number.calc_check_digits(country + "00" + bban) + bban

    return until(drawn, iban_number.is_valid)


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("äöüßéèàáíóúñçłńśźżęąâêô ", "aousseaaiounclnszzeaaeo-"))
    kept = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "-"))
    return re.sub("-+", "-" if len(kept) < 14 else "", kept)[:16].strip("-")


def _name(rng: Random, facts: dict[str, Any], *, person: bool) -> str:
    surname, trade, form = (
        rng.choice(facts["surnames"]),
        rng.choice(facts["trades"]),
        rng.choice(facts["forms"]),
    )
    if person:
        given = rng.choice(facts["given"])
        titled = {"it": ["Studio {g} {s}", "Dott. {g} {s}", "Ing. {g} {s}", "{g} {s}"]}
        return rng.choice(titled.get(facts["language"], ["{g} {s}", "{s} {g}", "{g} {s} " + trade])).format(
            g=given, s=surname
        )
    shape = rng.choice(["{s} {t} {f}", "{s} {t} {f}", "{t} {s} {f}", "{s} & {o} {t} {f}", "{s} {f}"])
    other = rng.choice([x for x in facts["surnames"] if x != surname])
    return shape.format(s=surname, t=trade, f=form.format(surname=surname), o=other)


def _phone(rng: Random, pattern: str) -> str:
    return "".join(str(rng.randint(1, 9)) if c == "\0" else c for c in pattern.replace("{d}", "\0"))


def company(rng: Random, country: str, *, person: bool = False, private: bool = False) -> Company:
    """A new company (or a professional: `person`; or a consumer: `private`, without numbers)."""
    facts = countries()[country]
    name = _name(rng, facts, person=person or private)
    if private:
        name = f"{rng.choice(facts['given'])} {rng.choice(facts['surnames'])}"
    zip_code, city, province = rng.choice(facts["places"])
    house = rng.randint(1, 188)
    street = rng.choice(facts["streets"]).format(n=house, m=house + 2)
    vat = "" if private else vat_number(rng, country)
    slug = _slug(name) or "info"
    end = {"GB": "co.uk", "US": "com", "AU": "com.au"}.get(country, country.lower())
    banks = [
        "Banca Aurora",
        "Volksbank Mitte",
        "Crédit du Val",
        "Banco Meridiano",
        "Northern Mutual Bank",
        "Bank Zachodni",
    ]
    return Company(
        country=country, name=name, address=street, zip_code=zip_code, city=city, province=province, vat_number=vat,
        fiscal_code="" if private else fiscal_code(rng, country, vat, person=person),
        email=f"{rng.choice(['info', 'office', 'amministrazione', 'billing', 'hello'])}@{slug}.{end}",
        phone=_phone(rng, facts["phone"]), fax=_phone(rng, facts["phone"]), web=f"www.{slug}.{end}",
        iban=iban(rng, country), bic="".join(rng.choices("BCDEGKLNPRST", k=4)) + country + rng.choice(["2X", "MM", "21"]) + rng.choice(["", "XXX"]),
        bank=rng.choice(banks), sdi_code="".join(rng.choices("ABCDEFGHKMNPRSTUVWXYZ0123456789", k=7)) if country == "IT" else "",
        person=person,
    )  # fmt: skip
