from datetime import date

import pytest

from rules.terms import parse_terms


@pytest.mark.parametrize(
    ("text", "days", "end_of_month"),
    [
        ("30 gg d.f.f.m.", 30, True),
        ("30 gg DFFM", 30, True),
        ("60 giorni fine mese", 60, True),
        ("Pagamento a 30 giorni data fattura", 30, False),
        ("entro 15", 15, False),
        ("net 30", 30, False),
        ("Net: 45", 45, False),
        ("payment within 14 days", 14, False),
        ("30 days end of month", 30, True),
        ("Zahlbar innerhalb von 14 Tagen", 14, False),
        ("14 Tage netto", 14, False),
        ("à 45 jours fin de mois", 45, True),
        ("30 jours net", 30, False),
        ("60 días fin de mes", 60, True),
        ("30 dias", 30, False),
        ("binnen 30 dagen", 30, False),
    ],
)
def test_terms_are_understood_in_six_languages(text, days, end_of_month):
    terms = parse_terms(text)
    assert (terms.days, terms.end_of_month) == (days, end_of_month)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a vista",
        "rimessa diretta",
        "30/60/90 gg, 60 gg",
        "2% 10 net 30",
        "14 Tage 3 % Skonto",
        "2026-03-10",
    ],
)
def test_what_states_no_single_number_of_days_is_left_alone(text):
    assert parse_terms(text) is None


@pytest.mark.parametrize(
    ("text", "issued", "due"),
    [
        ("14 days", date(2026, 1, 20), {date(2026, 2, 3)}),
        ("30 days", date(2026, 1, 31), {date(2026, 3, 2), date(2026, 2, 28)}),
        ("60 days", date(2026, 11, 15), {date(2027, 1, 14), date(2027, 1, 15)}),
        ("360 days", date(2026, 12, 31), {date(2027, 12, 26), date(2027, 12, 31)}),
        ("30 gg fine mese", date(2026, 1, 15), {date(2026, 2, 28), date(2026, 3, 2)}),
    ],
)
def test_the_due_dates_that_terms_can_mean(text, issued, due):
    assert parse_terms(text).due(issued) == due
