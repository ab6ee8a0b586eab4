"""The rates of Italian VAT (IVA), since when each set was in force, and the law that made it."""

import datetime as dt
from decimal import Decimal
from typing import Final

import msgspec


class RatePeriod(msgspec.Struct, frozen=True):
    """The rates in force from a day on."""

    since: dt.date
    rates: frozenset[Decimal]
    law: str


def _rates(*percents: int) -> frozenset[Decimal]:
    return frozenset(Decimal(percent) for percent in percents)


HISTORY: Final = (
    RatePeriod(dt.date(1997, 10, 1), _rates(4, 10, 20), "D.L. 328/1997 art. 1"),
    RatePeriod(dt.date(2011, 9, 17), _rates(4, 10, 21), "D.L. 138/2011 art. 2(2-bis)"),
    RatePeriod(dt.date(2013, 10, 1), _rates(4, 10, 22), "D.L. 98/2011 art. 40(1-ter), D.L. 76/2013 art. 11"),
    RatePeriod(dt.date(2016, 1, 1), _rates(4, 5, 10, 22), "L. 208/2015 art. 1(960)"),
)
"""The oldest first. Before the first entry no electronic invoice exists."""

COMPENSATION: Final = frozenset(
    map(
        Decimal,
        ("2", "4", "6.4", "7", "7.3", "7.5", "7.65", "7.95", "8.3", "8.5", "8.8", "9.5", "10", "12.3"),
    )
)
"""Percentages of compensation for farmers (DPR 633/1972 art. 34), as decrees have set them since 1998."""

EVER: Final = frozenset[Decimal]().union(*(period.rates for period in HISTORY))
"""Every rate that was in force at some time."""


def in_force(day: dt.date) -> frozenset[Decimal]:
    """The rates above zero on a day; empty before the history begins."""
    return next((period.rates for period in reversed(HISTORY) if period.since <= day), frozenset())
