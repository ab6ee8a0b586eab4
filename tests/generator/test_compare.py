import pytest

from tests.generator.compare import TABLES, Outcome, matched, outcomes, same


@pytest.mark.parametrize(
    ("path", "got", "want", "equal"),
    [
        ("vendor.vat_number", "IT01234567897", "01234567897", True),
        ("vendor.vat_number", "IT01234567897", "IT01234567898", False),
        ("vendor.vat_number", "CHE-123.456.788 MWST", "CHE123456788", True),
        ("vendor.iban", "DE86 8635 8323", "DE8686358323", True),
        ("invoice.number", "RE 17", "re17", True),
        ("invoice.number", "17", "17/A", False),
        ("vendor.name", "Aurora S.r.l", "Aurora S.r.l.", True),
        ("vendor.name", "Aurora", "Officina Digitale Aurora S.r.l.", False),
        ("financials.total", "-12.00", "12", True),
        ("financials.total", "12.01", "12.00", False),
        ("invoice.date", "2026-04-03", "2026-03-04", False),
    ],
)
def test_values_are_compared_as_a_person_would(path, got, want, equal):
    assert same(path, got, want) is equal


def test_a_value_is_right_wrong_or_missed_and_what_is_not_printed_is_not_counted():
    truth = {"invoice": {"number": "1", "date": "2026-01-01"}, "vendor": {"name": "A"}}
    result = {"invoice": {"number": "1", "date": None}, "vendor": {"name": "B"}, "buyer": {"name": "C"}}
    assert outcomes(result, truth) == {
        "invoice.number": Outcome.RIGHT,
        "invoice.date": Outcome.MISSED,
        "vendor.name": Outcome.WRONG,
    }


def test_a_row_is_matched_once():
    row = {"description": "Toner", "quantity": 1, "unit_price": 5, "amount": 5}
    assert matched([row], [row, row], TABLES["line_items"]) == 1
    assert matched([{**row, "amount": None}], [row], TABLES["line_items"]) == 0
