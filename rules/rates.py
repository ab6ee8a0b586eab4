"""The VAT rates of European countries, from a kept data set that needs no network."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import eu_vat_rates_data


def _table() -> dict[str, frozenset[Decimal]]:
    return {country: frozenset(_rates(entry)) for country, entry in eu_vat_rates_data.get_all_rates().items()}


def _rates(entry: Mapping[str, object]) -> list[Decimal]:
    reduced = entry["reduced"] if isinstance(entry["reduced"], list) else []
    every = (entry["standard"], entry["super_reduced"], entry["parking"], *reduced)
    return [Decimal(str(rate)).normalize() for rate in every if rate is not None]


_CURRENT: Final = MappingProxyType(_table())


def current_rates(country: str | None) -> frozenset[Decimal]:
    """The rates in force when the data set was made, in percent; empty for a country it does not know."""
    return _CURRENT.get(country or "", frozenset())


_CHANGES: Final = MappingProxyType(
    {
        "DE": dt.date(2021, 1, 1),
        "FR": dt.date(2014, 1, 1),
        "AT": dt.date(2022, 1, 1),
        "BE": dt.date(2024, 1, 1),
        "NL": dt.date(2019, 1, 1),
        "GB": dt.date(2022, 4, 1),
        "DK": dt.date(1992, 1, 1),
        "SE": dt.date(1996, 1, 1),
    }
)
_OTHERWISE: Final = dt.date(2026, 1, 1)


def known_since(country: str) -> dt.date:
    """The day since when a country's rates are surely those of the data set."""
    return _CHANGES.get(country, _OTHERWISE)
