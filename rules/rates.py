"""The VAT rates of European countries, from a kept data set that needs no network."""

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
