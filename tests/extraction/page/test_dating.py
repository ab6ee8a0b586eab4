"""When a document was issued."""

from datetime import date

from app.extraction.page.heading.dating import issue_and_due


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
