from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.extraction.page.text.amounts import (
    decimal_habit,
    find_amounts,
    find_percents,
    groups_by_marks,
    number_readings,
)
from app.extraction.page.text.lines import fold

MONEY = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2, allow_nan=False)
MARKS = st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", "."), ("", ","), ("", ".")])


def test_every_way_of_writing_is_read(table):
    wrong = []
    for case in table("amounts"):
        hits = find_amounts(fold(case["text"]))
        readings = [str(reading) for reading in hits[0].readings] if hits else []
        currency = hits[0].currency if hits else None
        if readings != case["readings"] or (currency or None) != case.get("currency"):
            wrong.append((case["text"], readings, currency))
    assert wrong == []


@given(MONEY, MARKS)
def test_what_is_written_with_two_decimals_is_read_back(amount, marks):
    group, mark = marks
    text = f"{amount:,.2f}".replace(",", "_").replace(".", mark).replace("_", group)
    assert number_readings(text) == (amount,)


@given(st.text(max_size=60))
def test_no_text_breaks_the_lexer(text):
    folded = fold(text)
    for hit in find_amounts(folded):
        assert 0 <= hit.start < hit.end <= len(folded)


def test_a_thousand_or_one_and_a_bit_is_settled_by_the_habit_of_the_page():
    assert number_readings("1.234", ",")[0] == 1234
    assert number_readings("1.234", ".")[0] == Decimal("1.234")


def test_the_habit_is_the_mark_before_two_digits():
    assert decimal_habit(["12,50 and 7,99", "1.234,00"]) == ","
    assert decimal_habit(["12.50", "1,234.00"]) == "."
    assert decimal_habit(["no numbers"]) is None


def test_money_is_told_by_its_cents_or_its_currency():
    assert [hit.money for hit in find_amounts("12 12,5 12,50 12€")] == [False, False, True, True]


def test_percentages_are_no_amounts():
    assert find_amounts("19 % 7,0%") == []
    assert [hit.value for hit in find_percents("19 % 7,0%")] == [19, Decimal("7.0")]


def test_a_document_that_sets_marks_between_thousands_sets_no_spaces_there(paper, scanned):
    found = scanned(paper([(60, "2 266.00")], [(60, "Total 2,359.20")]))
    assert [[str(hit.readings[0]) for hit in hits] for hits in found.amounts] == [
        ["2", "266.00"],
        ["2359.20"],
    ]
    assert [str(hit.readings[0]) for hit in find_amounts("2 266.00")] == ["2266.00"]


def test_one_mark_in_the_small_print_does_not_unmake_spaced_thousands():
    assert not groups_by_marks(["Capital 5.000,00 EUR", "Total\t2 139,00", "A pagar\t2 630,97"])
    assert groups_by_marks(["Total 2.139,00", "3 120,00"])


def test_cells_of_a_credit_note_group_by_spaces_though_their_sign_stands_with_them():
    assert not groups_by_marks(["Capital 5.000,00 EUR", "IVA\t-9 588,97 €", "Total\t51 280,15-"])
