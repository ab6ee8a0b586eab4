from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from stdnum.eu import vat

from rules.countries.it.rates import EVER, HISTORY, in_force
from rules.rates import PERIODS, current_rates, rates_beside, rates_on


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


@pytest.mark.parametrize(
    ("country", "day", "rates"),
    [
        ("DE", date(2020, 6, 30), "19 7"),
        ("DE", date(2020, 12, 31), "16 5"),
        ("DE", date(2021, 1, 1), "19 7"),
        ("FR", date(2013, 12, 31), "19.6 7 5.5 2.1"),
        ("ES", date(2012, 9, 1), "21 10 4"),
        ("ES", date(2023, 5, 1), "21 10 5 4"),
        ("NL", date(2018, 12, 31), "21 6"),
        ("GB", date(2021, 10, 1), "20 12.5 5"),
        ("IE", date(2021, 2, 28), "21 13.5 9"),
        ("CZ", date(2023, 12, 31), "21 15 10"),
        ("SK", date(2024, 12, 31), "20 10 5"),
        ("RO", date(2025, 7, 31), "19 9 5"),
        ("EE", date(2024, 6, 1), "22 9"),
        ("FI", date(2024, 8, 31), "24 14 10"),
        ("LU", date(2023, 7, 1), "16 13 7 3"),
        ("CH", date(2023, 12, 31), "7.7 3.7 2.5"),
        ("LT", date(2025, 12, 31), "21 9 5"),
        ("AT", date(2021, 12, 31), "20 13 10 5"),
        ("SI", date(2019, 12, 31), "22 9.5"),
        ("GR", date(2016, 5, 31), "23 13 6"),
    ],
)
def test_the_rates_of_a_day_are_those_that_were_in_force(country, day, rates):
    assert percents(*rates.split()) <= rates_on(country, day)


def test_rates_are_followed_back_to_a_first_day_and_no_further():
    assert rates_on("DE", date(2006, 12, 31)) == frozenset()
    assert rates_on("BR", date(2026, 1, 1)) == frozenset()
    for periods in PERIODS.values():
        days = [period.since for period in periods]
        assert days == sorted(days, reverse=True)
        assert all(period.rates for period in periods)
        assert all(one.rates != other.rates for one, other in pairwise(periods))


def test_every_country_of_the_data_set_but_italy_in_the_union_has_a_history():
    assert {member.upper() for member in vat.MEMBER_STATES} - {"IT", "XI"} <= PERIODS.keys()
    for country, periods in PERIODS.items():
        assert periods[0].rates == current_rates(country)


def test_regions_and_schemes_have_percentages_of_their_own():
    assert percents("9.5") <= rates_beside("DE")
    assert percents("5.2") <= rates_beside("ES")
    assert rates_beside("IT") == rates_beside(None) == frozenset()


def test_the_italian_history_is_in_order_and_each_part_names_its_law():
    days = [period.since for period in HISTORY]
    assert days == sorted(days)
    assert all(period.law for period in HISTORY)
    assert percents(4, 5, 10, 20, 21, 22) == EVER
    assert in_force(date(1997, 9, 30)) == frozenset()
