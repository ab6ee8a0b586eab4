import pytest

from app.extraction.page.heading.kind import document_type, type_code
from app.model.invoice import InvoiceType


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Invoice", InvoiceType.INVOICE),
        ("FATTURA", InvoiceType.INVOICE),
        ("Nota di credito", InvoiceType.CREDIT_NOTE),
        ("Adjustment Note", InvoiceType.CREDIT_NOTE),
        ("Gutschrift", InvoiceType.CREDIT_NOTE),
        ("Stornorechnung", InvoiceType.CREDIT_NOTE),
        ("Factura rectificativa", InvoiceType.CREDIT_NOTE),
        ("Faktura korygująca", InvoiceType.CREDIT_NOTE),
        ("Avoir", InvoiceType.CREDIT_NOTE),
        ("Debit note", InvoiceType.DEBIT_NOTE),
        ("Fattura proforma", InvoiceType.PROFORMA),
        ("Kassenbon", InvoiceType.RECEIPT),
        ("Autofattura", InvoiceType.SELF_BILLED),
        ("Self-billed invoice", InvoiceType.SELF_BILLED),
    ],
)
def test_the_title_says_what_it_is(paper, scanned, title, kind):
    assert document_type(scanned(paper([(60, title)], [(60, "something else")]))).value is kind


def test_a_label_with_the_word_in_it_is_enough(paper, scanned):
    assert document_type(scanned(paper([(60, "Rechnungsnummer: 17")]))).value is InvoiceType.INVOICE


def test_a_mention_in_the_text_is_not_the_title(paper, scanned):
    page = paper(
        [(60, "Rechnung")],
        [],
        [(60, "Mit einem Minus versehene Beträge sind Gutschrift und keine Forderung an Sie")],
    )
    assert document_type(scanned(page)).value is InvoiceType.INVOICE


def test_the_italian_code_settles_it(paper, scanned):
    found = scanned(paper([(60, "Fattura elettronica")], [(60, "Tipologia documento: TD04")]))
    assert document_type(found).value is InvoiceType.CREDIT_NOTE
    assert type_code(found).value == "TD04"


def test_without_any_word_for_it_the_kind_is_unknown(paper, scanned):
    assert document_type(scanned(paper([(60, "Lorem ipsum")]))) is None


def test_the_receipt_beside_a_swiss_payment_part_is_no_title(paper, scanned):
    rows = [(60, "Invoice 117")], *[[(60, "Roof repaired")]] * 8, [(60, "Receipt"), (220, "Payment part")]
    assert document_type(scanned(paper(*rows))).value is InvoiceType.INVOICE
    assert document_type(scanned(paper([(60, "Receipt")]))).value is InvoiceType.RECEIPT
