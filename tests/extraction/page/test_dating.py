"""When a document was issued."""

from datetime import date

import pytest

from app.extraction.page.heading.dating import asked_until, dated, issue_and_due


def test_the_first_day_of_a_period_is_not_the_date_of_issue(paper, scanned):
    found = scanned(
        paper([(400, "Sevilla, 18-10-2023")], [(60, "Cartucho")], [(60, "Del 01-10-2023 al 28-10-2023")])
    )
    issued, _ = issue_and_due(found, None)
    assert issued[0].value.readings == (date(2023, 10, 18),)


def test_a_small_word_that_goes_on_another_label_names_no_date_of_issue(paper, scanned):
    found = scanned(paper([(60, "Date"), (200, "Livraison le")], [(60, "19-07-2023"), (200, "13-07-2023")]))
    issued, _ = issue_and_due(found, None)
    assert issued[0].value.readings == (date(2023, 7, 19),)


def test_a_label_and_a_value_that_both_go_on_over_a_line_belong_together(paper, scanned):
    found = scanned(
        paper(
            [(60, "Fecha de"), (200, "19 de enero de")],
            [(60, "emisión:"), (200, "2026")],
            [(60, "Fecha"), (200, "5 de marzo de")],
            [(60, "vencimiento:"), (200, "2026")],
        )
    )
    assert [hit.place.text for hit in dated(found, "date", None)] == ["19 de enero de 2026"]
    assert [hit.place.text for hit in dated(found, "due_date")] == ["5 de marzo de 2026"]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Prosimy o wpłatę 1 487,50 zł do 2023-02-22 z podaniem tytułu.", ["2023-02-22"]),
        ("Bei Zahlung bis 12.03.2024 2 % Skonto", []),
    ],
)
def test_a_sentence_asks_to_pay_until_a_date_unless_it_offers_a_discount(paper, scanned, text, until):
    assert [hit.place.text for hit in asked_until(scanned(paper([(60, text)])))] == until
