"""Documents that are no invoice, more than one, or say more than can be seen."""

import pytest

from app.errors import NoText
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, load
from tests.generator import hostile
from tests.generator.compare import CORE_MONEY


@pytest.fixture
def read(tmp_path):
    def extraction(data):
        path = tmp_path / "document"
        path.write_bytes(data)
        return read_invoice(path, Options(), Limits())

    return extraction


@pytest.fixture(scope="module")
def ruleset():
    return load()


def codes(extraction, ruleset):
    return {flag.code for flag in judge(extraction, Context(), ruleset).report.validation_flags}


@pytest.mark.parametrize("name", sorted(hostile.NO_INVOICE))
def test_a_document_that_is_no_invoice_is_rejected_and_nothing_is_invented(read, ruleset, name):
    extraction = read(hostile.NO_INVOICE[name]())
    assert judge(extraction, Context(), ruleset).decision.outcome == "reject"
    money = extraction.invoice.financials
    assert [getattr(money, field) for field in CORE_MONEY] == [None] * len(CORE_MONEY)
    assert extraction.invoice.invoice.number is None


def test_a_blank_page_says_that_there_is_nothing_to_read(read):
    with pytest.raises(NoText):
        read(hostile.blank_pdf())


def test_hidden_amounts_are_no_data_and_are_told_of(read, ruleset):
    extraction = read(hostile.hidden_text_pdf())
    assert str(extraction.invoice.financials.total) == "122.00"
    assert extraction.invoice.vendor.iban is None
    assert "HIDDEN_TEXT" in codes(extraction, ruleset)


def test_two_invoices_in_one_file_are_both_read_and_told_of(read, ruleset):
    extraction = read(hostile.two_invoices_pdf())
    assert len(extraction.readings) == 2
    assert "MULTIPLE_INVOICES" in codes(extraction, ruleset)


def test_an_invoice_and_its_copy_are_one_invoice(read, ruleset):
    extraction = read(hostile.invoice_and_copy_pdf())
    assert len(extraction.readings) == 1
    assert "MULTIPLE_INVOICES" not in codes(extraction, ruleset)


def test_a_turned_page_is_read_like_an_upright_one(read):
    turned, upright = read(hostile.rotated_pdf()), read(hostile.invoice())
    assert turned.invoice == upright.invoice
