from datetime import date

import pytest

from app.model.document import TextOrigin
from app.model.evidence import Source
from app.model.invoice import Invoice, InvoiceType
from app.model.options import DateOrder, Mode

LETTER = (
    [(60, "Dear Mr Example,")],
    [(60, "thank you for your visit last week. We enjoyed the conversation")],
    [(60, "about the garden, and send you the book that we talked of.")],
    [(60, "Yours sincerely")],
)
MENU = (
    [(60, "Menu")],
    [(60, "Soup of the day"), (400, "6.50")],
    [(60, "Pasta"), (400, "12.00")],
    [(60, "Ice cream"), (400, "4.50")],
)


def test_a_plain_invoice_is_read_whole(paper, extracted, invoice_rows):
    invoice = extracted(paper(*invoice_rows)).invoice
    assert (invoice.vendor.name, invoice.vendor.vat_number) == ("Muster Werkzeuge GmbH", "DE136695976")
    assert (invoice.buyer.name, invoice.buyer.city) == ("Beispiel Handel AG", "Hamburg")
    assert (invoice.invoice.number, invoice.invoice.type) == ("RE-2024-17", InvoiceType.INVOICE)
    assert (invoice.invoice.date, invoice.invoice.due_date) == (date(2024, 6, 5), date(2024, 7, 5))
    assert (invoice.financials.subtotal, invoice.financials.tax_amount, invoice.financials.total) == (
        100,
        19,
        119,
    )
    assert (invoice.financials.tax_rate, invoice.invoice.currency) == (19, "EUR")


def test_every_value_has_its_evidence_and_its_box_covers_its_words(paper, extracted, invoice_rows):
    page = paper(*invoice_rows)
    extraction = extracted(page)
    for path, proof in extraction.fields.items():
        assert 0 < proof.confidence < 1
        if proof.source is Source.COMPUTED:
            continue
        inside = [
            w.text
            for w in page.words
            if w.x0 >= proof.bbox.x0
            and w.x1 <= proof.bbox.x1
            and w.top >= proof.bbox.top
            and w.bottom <= proof.bbox.bottom
        ]
        assert proof.text.replace(" ", "") in "".join(inside), path


REMINDER = (
    [(60, "Muster Werkzeuge GmbH")],
    [(60, "Zahlungserinnerung")],
    [(60, "Folgende Posten sind noch offen:")],
    [(60, "Rechnung"), (220, "Datum"), (320, "Fällig"), (420, "Betrag")],
    [(60, "RE-2024-17"), (220, "05.06.2024"), (320, "05.07.2024"), (420, "119,00 EUR")],
    [(60, "RE-2024-18"), (220, "06.06.2024"), (320, "06.07.2024"), (420, "238,00 EUR")],
    [(60, "Gesamtforderung"), (420, "357,00 EUR")],
)


@pytest.mark.parametrize("rows", [LETTER, MENU, REMINDER, ()])
def test_a_paper_that_is_no_invoice_gives_nothing(paper, extracted, rows):
    extraction = extracted(paper(*rows))
    assert extraction.observations.invoice_count == 0
    assert extraction.invoice == Invoice()
    assert extraction.fields == {}
    assert extraction.confidence == 0


def test_a_list_of_open_invoices_is_none(paper, extracted):
    page = paper(
        [(60, "Muster Werkzeuge GmbH")],
        [(60, "Zahlungserinnerung")],
        [(60, "Rechnung"), (200, "Datum"), (320, "Fällig"), (440, "Betrag")],
        [(60, "2024/17"), (200, "05.06.2024"), (320, "05.07.2024"), (440, "119,00")],
        [(60, "2024/31"), (200, "15.06.2024"), (320, "15.07.2024"), (440, "238,00")],
        [(60, "Gesamtforderung"), (440, "357,00")],
    )
    assert extracted(page).observations.invoice_count == 0


def test_two_invoices_in_one_file_are_two_readings(paper, extracted, invoice_rows):
    other = [
        [(x, text.replace("RE-2024-17", "RE-2024-18").replace("1", "1")) for x, text in row]
        for row in invoice_rows
    ]
    extraction = extracted(
        paper(*invoice_rows),
        paper(
            *other,
            [(60, "Lieferung an Pforte, Halle und Lager")],
            [(60, "bitte Tor drei benutzen")],
            number=2,
        ),
    )
    assert [reading.invoice.invoice.number for reading in extraction.readings] == ["RE-2024-17", "RE-2024-18"]
    assert extraction.observations.invoice_count == 2


def test_a_copy_is_read_once(paper, extracted, invoice_rows):
    extraction = extracted(paper(*invoice_rows), paper(*invoice_rows, [(60, "Kopie")], number=2))
    assert extraction.observations.invoice_count == 1
    assert {proof.page for proof in extraction.fields.values()} <= {1, None}


def test_an_invoice_goes_on_over_its_pages(paper, extracted, invoice_rows):
    first, rest = invoice_rows[:14], invoice_rows[14:]
    extraction = extracted(paper(*first), paper(*rest, number=2))
    assert extraction.observations.invoice_count == 1
    assert extraction.fields["financials.total"].page == 2


def test_only_the_pages_asked_for_are_read(paper, extracted, invoice_rows):
    extraction = extracted(paper(*LETTER), paper(*invoice_rows, number=2), pages=(1,))
    assert extraction.observations.invoice_count == 0


def test_words_from_recognition_are_named_so_and_trusted_as_far_as_it_trusts_them(
    paper, extracted, invoice_rows
):
    printed = extracted(paper(*invoice_rows)).fields["financials.total"]
    recognised = extracted(paper(*invoice_rows, origin=TextOrigin.OCR, confidence=0.5)).fields[
        "financials.total"
    ]
    assert (printed.source, recognised.source) == (Source.TEXT, Source.OCR)
    assert recognised.confidence < printed.confidence


def test_text_that_nobody_sees_is_reported_and_not_read(paper, extracted, invoice_rows):
    extraction = extracted(paper(*invoice_rows, hidden=("Gesamtbetrag", "9999,00")))
    assert extraction.observations.hidden_text == ("Gesamtbetrag", "9999,00")
    assert extraction.invoice.financials.total == 119


def english(day):
    return (
        [(60, "Invoice")],
        [(60, "Invoice number: 4711")],
        [(60, f"Invoice date: {day}")],
        [(60, "Total"), (400, "100.00")],
    )


def test_a_date_with_two_readings_is_reported(paper, extracted):
    (ambiguous,) = extracted(paper(*english("03/04/2024"))).observations.ambiguous_dates
    assert (ambiguous.path, ambiguous.text) == ("invoice.date", "03/04/2024")
    assert ambiguous.readings == (date(2024, 4, 3), date(2024, 3, 4))


def test_the_caller_settles_the_order_of_day_and_month(paper, extracted):
    extraction = extracted(paper(*english("03/04/2024")), date_order=DateOrder.MDY)
    assert extraction.invoice.invoice.date == date(2024, 3, 4)
    assert extraction.observations.ambiguous_dates == ()


def test_a_date_elsewhere_on_the_page_settles_the_order(paper, extracted):
    extraction = extracted(paper(*english("03/04/2024"), [(60, "Printed on 12/31/2024")]))
    assert extraction.invoice.invoice.date == date(2024, 3, 4)
    assert extraction.observations.ambiguous_dates == ()


def test_the_basic_mode_leaves_the_items_out(paper, extracted, invoice_rows):
    items = (
        [(60, "Pos."), (110, "Bezeichnung"), (300, "Menge"), (380, "Einzelpreis"), (480, "Betrag")],
        [(60, "1"), (110, "Hammer"), (300, "2"), (380, "50,00"), (480, "100,00")],
    )
    rows = (*invoice_rows[:15], *items, *invoice_rows[15:])
    assert len(extracted(paper(*rows)).invoice.line_items) == 1
    basic = extracted(paper(*rows), mode=Mode.BASIC).invoice
    assert basic.line_items == ()
    assert basic.financials.total == 119


def test_the_language_is_found_and_the_hint_only_breaks_ties(paper, extracted, invoice_rows):
    assert extracted(paper(*invoice_rows), locale="it").language == "de"


def test_the_same_page_gives_the_same_answer(paper, extracted, invoice_rows):
    assert extracted(paper(*invoice_rows)) == extracted(paper(*invoice_rows))


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("Payment terms: net 30 days", date(2024, 5, 31)),
        ("Payment terms: 30 days end of month", None),
        ("Payment terms: 2% discount within 10 days", None),
        ("Payment terms: see contract", None),
    ],
)
def test_an_explicit_number_of_days_makes_the_day_of_payment(paper, extracted, terms, due):
    extraction = extracted(paper(*english("1 May 2024"), [(60, terms)]))
    assert extraction.invoice.invoice.due_date == due
    if due:
        assert extraction.fields["invoice.due_date"].source is Source.COMPUTED
