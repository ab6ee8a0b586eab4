from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.extraction.page.text.dates import find_dates
from app.extraction.page.text.lines import fold
from app.model.options import DateOrder

DAYS = st.dates(min_value=date(1971, 1, 1), max_value=date(2068, 12, 31))


def test_every_way_of_writing_is_read(table):
    wrong = []
    for case in table("dates"):
        hits = find_dates(fold(case["text"]))
        readings = [reading.isoformat() for reading in hits[0].readings] if hits else []
        if readings != case["readings"]:
            wrong.append((case["text"], readings))
    assert wrong == []


@given(DAYS)
def test_an_iso_date_is_itself(day):
    assert find_dates(day.isoformat())[0].readings == (day,)


@given(DAYS, st.sampled_from("/-"))
def test_a_numeric_date_keeps_the_reading_that_was_meant(day, separator):
    text = separator.join((f"{day.day:02}", f"{day.month:02}", str(day.year)))
    assert day in find_dates(text)[0].readings


def test_an_order_of_day_and_month_settles_an_ambiguous_date():
    hit = find_dates("03/04/2024")[0]
    assert hit.ambiguous
    assert (hit.read(DateOrder.DMY), hit.read(DateOrder.MDY)) == (date(2024, 4, 3), date(2024, 3, 4))


def test_a_day_above_twelve_shows_the_order():
    assert find_dates("31/10/2024")[0].order is DateOrder.DMY
    assert find_dates("10/31/2024")[0].order is DateOrder.MDY
    assert find_dates("31.10.2024")[0].order is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_lexer(text):
    folded = fold(text)
    for hit in find_dates(folded):
        assert 0 <= hit.start < hit.end <= len(folded)


def test_one_date_may_have_a_pair_of_names(paper, extracted, invoice_rows):
    rows = [row for row in invoice_rows if not any("Datum" in text or "05.06" in text for _, text in row)]
    page = paper([(60, "Rechnung Nr. RE-18")], [(60, "Rechnungsdatum/Lieferdatum 5. Juni 2024")], *rows)
    assert str(extracted(page).invoice.invoice.date) == "2024-06-05"
