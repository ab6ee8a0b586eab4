"""What is wrong with a file reaches the person who decides, and its values do all the same."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from lxml import etree

from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, load
from tests.extraction.einvoice.test_hybrid import page_of, with_attachments
from tests.extraction.einvoice.written import SAMPLE, write_cii, write_fatturapa
from tests.reading.signing import Signer


@pytest.fixture(scope="module")
def signer():
    return Signer("ec")


@pytest.fixture
def judged(tmp_path):
    """The extraction of a file, and its flags with their severities."""
    ruleset = load()

    def judged(data: bytes):
        file = tmp_path / "file"
        file.write_bytes(data)
        extraction = read_invoice(file, Options(), Limits(ocr_engine="none"))
        report = judge(extraction, Context(today=dt.date(2026, 6, 1)), ruleset).report
        return extraction, {flag.code: flag.severity.value for flag in report.validation_flags}

    return judged


def test_a_signed_invoice_that_was_changed_is_read_and_told(signer, judged):
    envelope = signer.envelope(write_fatturapa(SAMPLE))
    total = f"<ImportoTotaleDocumento>{SAMPLE.total}".encode()
    extraction, flags = judged(envelope.replace(total, total[:-1] + b"9"))
    assert extraction.invoice.financials.total == SAMPLE.total.quantize(Decimal("0.1")) + Decimal("0.09")
    assert flags["SIGNATURE_INVALID"] == "error"
    _, flags = judged(envelope)
    assert "SIGNATURE_INVALID" not in flags


def test_a_signed_invoice_that_was_indented_anew_is_no_forgery(signer, judged):
    root = etree.fromstring(signer.sign_xml(write_fatturapa(SAMPLE)))
    etree.indent(root)
    extraction, flags = judged(etree.tostring(root))
    assert extraction.invoice.financials.total == SAMPLE.total
    assert flags["SIGNATURE_REFORMATTED"] == "warning"
    assert "SIGNATURE_INVALID" not in flags


def test_an_invoice_that_breaks_its_schema_is_read_and_told(judged):
    data = write_fatturapa(SAMPLE).replace(b"<RegimeFiscale>RF01</RegimeFiscale>", b"")
    extraction, flags = judged(data)
    assert extraction.invoice.financials.total == SAMPLE.total
    assert flags["SCHEMA_INVALID"] == "warning"


def _with_tax(rate: str):
    return dataclasses.replace(
        SAMPLE, rows=tuple(dataclasses.replace(row, rate=Decimal(rate)) for row in SAMPLE.rows)
    )


@pytest.mark.parametrize(
    ("printed", "path"),
    [
        (_with_tax("19"), "financials.tax_amount"),
        (_with_tax("19"), "financials.total"),
        (dataclasses.replace(SAMPLE, iban="DE89370400440532013000"), "vendor.iban"),
        (dataclasses.replace(SAMPLE, number="2025/9988"), "invoice.number"),
    ],
)
def test_a_page_that_says_otherwise_than_its_data_is_told_as_an_error(printed, path, judged, tmp_path):
    hybrid = with_attachments(page_of(printed), {"factur-x.xml": write_cii(SAMPLE)}, tmp_path)
    extraction, flags = judged(hybrid)
    assert path in {one.path for one in extraction.observations.disagreements}
    assert flags["XML_PDF_DISAGREE"] == "error"


def test_a_spanish_invoice_with_the_surcharge_of_retailers_and_an_exempt_row_raises_nothing(judged, root):
    extraction, flags = judged((root / "fixtures" / "einvoice" / "facturae-322.xml").read_bytes())
    taxes = [(tax.rate, tax.base, tax.category) for tax in extraction.invoice.tax_breakdown]
    assert taxes == [(21, 950, "S"), (Decimal("5.2"), 950, "S"), (0, 11, "E")]
    assert flags == {}
