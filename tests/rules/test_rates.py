from datetime import date
from decimal import Decimal

import pytest

from rules.countries.it.rates import EVER, HISTORY, in_force
from rules.rates import current_rates, known_since


def percents(*rates):
    return frozenset(map(Decimal, rates))


def test_rates_of_every_kind_are_known():
    assert current_rates("DE") == percents("19", "7")
    assert percents("21", "10", "4") <= current_rates("ES")
    assert percents("17", "8", "3") <= current_rates("LU")
    assert percents("23", "13.5", "9") <= current_rates("IE")


def test_the_kept_data_set_agrees_with_the_italian_history():
    assert current_rates("IT") == HISTORY[-1].rates


@pytest.mark.parametrize("country", [None, "", "BR", "it"])
def test_of_other_countries_no_rate_is_known(country):
    assert current_rates(country) == frozenset()


def test_a_countrys_rates_hold_since_its_last_change():
    assert known_since("DE") == date(2021, 1, 1)
    assert known_since("ZZ") == date(2026, 1, 1)


def test_the_italian_history_is_in_order_and_each_part_names_its_law():
    days = [period.since for period in HISTORY]
    assert days == sorted(days)
    assert all(period.law for period in HISTORY)
    assert percents(4, 5, 10, 20, 21, 22) == EVER
    assert in_force(date(1997, 9, 30)) == frozenset()
