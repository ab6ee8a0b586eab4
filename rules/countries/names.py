"""The codes of countries and currencies, and how VAT numbers name countries."""

from typing import Final

from babel.core import get_global
from stdnum.eu.vat import MEMBER_STATES

_NO_COUNTRIES: Final = {"EU", "ZZ"}
_TERRITORIES: Final = frozenset(get_global("territory_currencies")) - _NO_COUNTRIES
CURRENCIES: Final = frozenset(get_global("all_currencies"))
"""ISO 4217 codes, also of currencies that are no more."""

UNION: Final = frozenset(member.upper() for member in MEMBER_STATES if member != "xi")
"""The members of the European Union."""
WITH_VAT_NUMBERS: Final = UNION | {"GB", "NO", "CH"}
"""Where the directive, or a law after its model, asks an invoice for a VAT number and the tax."""

_VAT_ONLY: Final = {"EL": "GR", "XI": "GB"}


def is_country(code: str) -> bool:
    """Whether it is a code of ISO 3166-1 alpha-2."""
    return code in _TERRITORIES


def country_prefixed(number: str) -> bool:
    """Whether a VAT number begins with a country's code, or that of the Union for sellers from outside it."""
    return number[:2] in _VAT_ONLY or number[:2] == "EU" or is_country(number[:2])


def country_of_vat(number: str) -> str | None:
    """The country that gave a VAT number, or `None` where it does not say."""
    prefix = number[:2]
    return _VAT_ONLY.get(prefix) or (prefix if is_country(prefix) else None)
