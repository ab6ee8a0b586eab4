"""The VAT rates of European countries: those of today from a kept data set, those before by hand.

Neither needs a network. Standard, reduced, super-reduced and parking rates are told in percent.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

import eu_vat_rates_data


def _percents(text: str) -> frozenset[Decimal]:
    return frozenset(map(Decimal, text.split()))


_BESIDE: Final = MappingProxyType(
    {
        "DE": _percents("5.5 7.8 8.4 9 9.5 10.7"),  # farmers, UStG § 24
        "ES": _percents("5.2 1.4 0.5 0.26 0.62 1 1.75"),  # recargo de equivalencia, Ley 37/1992 art. 161
        "FR": _percents("1.75"),  # overseas departments, CGI art. 295 A
        "GR": _percents("9 16 17 4 5"),  # Aegean islands, L. 2859/2000 art. 21
        "HU": _percents("7 12"),  # farmers, Áfa tv. § 201
        "IE": _percents("4.8 5 5.4 5.5 5.6"),  # livestock, and flat-rate farmers, VATCA 2010 s. 46, 86
        "NO": _percents("11.11"),  # raw fish, merverdiavgiftsloven § 5-8
        "PL": _percents("4 7"),  # taxis, and flat-rate farmers, ustawa o VAT art. 114, 115
        "PT": _percents("4 5 9 10 12 16 18 22"),  # Azores and Madeira, CIVA art. 18(3)
    }
)
"""Rates that the data set leaves out: of regions, and of schemes whose percentage stands on the invoice."""

_EARLIER: Final = MappingProxyType(
    {
        "AT": (
            ("2026-07-01", ""), ("2022-01-01", "20 13 10 19 12"), ("2020-07-01", "20 13 10 5 19 12"),
            ("2016-01-01", "20 13 10 19 12"),
        ),
        "BE": (("1996-01-01", ""),),
        "BG": (("2011-04-01", ""),),
        "CH": (("2024-01-01", ""), ("2018-01-01", "7.7 3.7 2.5"), ("2011-01-01", "8 3.8 2.5")),
        "CY": (("2014-01-13", ""),),
        "CZ": (("2024-01-01", ""), ("2015-01-01", "21 15 10"), ("2013-01-01", "21 15")),
        "DE": (("2021-01-01", ""), ("2020-07-01", "16 5"), ("2007-01-01", "19 7")),
        "DK": (("1992-01-01", ""),),
        "EE": (
            ("2025-07-01", ""), ("2025-01-01", "22 13 9"), ("2024-01-01", "22 9 5"), ("2009-07-01", "20 9 5"),
        ),
        "ES": (("2025-01-01", ""), ("2022-07-01", "21 10 7.5 5 4 2"), ("2012-09-01", "21 10 4")),
        "FI": (("2026-01-01", ""), ("2024-09-01", "25.5 14 10"), ("2013-01-01", "24 14 10")),
        "FR": (("2014-01-01", ""), ("2012-01-01", "19.6 7 5.5 2.1 8.5 8 13 1.05 0.9")),
        "GB": (("2022-04-01", ""), ("2021-10-01", "20 12.5 5"), ("2011-01-04", "20 5")),
        "GR": (("2016-06-01", ""), ("2015-07-20", "23 13 6")),
        "HR": (("2014-01-01", ""),),
        "HU": (("2012-01-01", ""),),
        "IE": (("2021-03-01", ""), ("2020-09-01", "21 13.5 9"), ("2012-01-01", "23 13.5 9")),
        "LT": (("2026-01-01", ""), ("2009-09-01", "21 9 5")),
        "LU": (("2024-01-01", ""), ("2023-01-01", "16 13 7 3"), ("2015-01-01", "17 14 8 3")),
        "LV": (("2018-01-01", ""), ("2012-07-01", "21 12")),
        "MT": (("2024-01-01", ""), ("2011-01-01", "18 7 5")),
        "NL": (("2019-01-01", ""), ("2012-10-01", "21 6")),
        "NO": (("2021-10-01", ""), ("2020-04-01", "25 15 6"), ("2018-01-01", "25 15 12")),
        "PL": (("2011-01-01", ""),),
        "PT": (("2011-01-01", ""),),
        "RO": (("2025-08-01", ""), ("2017-01-01", "19 9 5")),
        "SE": (("1996-01-01", ""),),
        "SI": (("2020-01-01", ""), ("2013-07-01", "22 9.5")),
        "SK": (("2025-01-01", ""), ("2023-01-01", "20 10 5"), ("2011-01-01", "20 10")),
    }
)  # fmt: skip
"""Since when each set of rates was in force, the newest first; an empty one stands for the data set's.

European Commission, "VAT rates applied in the Member States of the European Union" (1 January 2021 and
before) and TEDB since then; the laws of Norway, Switzerland and the United Kingdom.
"""


class Period(NamedTuple):
    """Rates and the day since when they were in force."""

    since: dt.date
    rates: frozenset[Decimal]


def _current(entry: Mapping[str, object]) -> frozenset[Decimal]:
    reduced = entry["reduced"] if isinstance(entry["reduced"], list) else []
    every = (entry["standard"], entry["super_reduced"], entry["parking"], *reduced)
    return frozenset(Decimal(str(rate)).normalize() for rate in every if rate is not None)


_CURRENT: Final = MappingProxyType(
    {country: _current(entry) for country, entry in eu_vat_rates_data.get_all_rates().items()}
)
PERIODS: Final = MappingProxyType(
    {
        country: tuple(
            Period(dt.date.fromisoformat(since), _percents(text) or _CURRENT[country])
            for since, text in entries
        )
        for country, entries in _EARLIER.items()
    }
)


def current_rates(country: str | None) -> frozenset[Decimal]:
    """The rates in force when the data set was made, in percent; empty for a country it does not know."""
    return _CURRENT.get(country or "", frozenset())


def rates_on(country: str | None, day: dt.date) -> frozenset[Decimal]:
    """The rates in force on a day; empty where they are not known."""
    periods = PERIODS.get(country or "", ())
    return next((period.rates for period in periods if period.since <= day), frozenset())


def rates_beside(country: str | None) -> frozenset[Decimal]:
    """The percentages of regions and schemes that an invoice of a country may show besides."""
    return _BESIDE.get(country or "", frozenset())
