"""PDFs with an invoice inside, made by the factur-x package and typst."""

import base64
import dataclasses
from decimal import Decimal

import facturx
import pypdf
import pytest
import typst

from app.errors import UnsupportedFile
from app.extraction import extract
from app.model.evidence import Source
from app.model.limits import Limits
from app.model.options import Options
from app.reading import read
from tests.extraction.einvoice.written import SAMPLE, WRITERS, Terms, write_cii
from tests.reading.signing import Signer

_PAGE = """
#set page(paper: "a4")
#set text(font: "Libertinus Serif", size: 10pt)
*{seller}* \\ {street} \\ {zip} {city} \\ VAT number {vat}
#v(1cm)
{buyer}
#v(1cm)
= Invoice
Invoice number: {number} \\
Invoice date: {date} \\
Due date: {due}
#v(5mm)
#table(columns: 4, [Description], [Quantity], [Unit price], [Amount], {rows})
#v(5mm)
#table(columns: 2, [Subtotal], [{net} EUR], [VAT], [{tax} EUR], [Total], [{total} EUR])
Please pay to IBAN {iban}
"""


def _amount(value: Decimal) -> str:
    return f"{value:,.2f}"


def page_of(terms: Terms) -> bytes:
    """A plain printed invoice."""
    rows = ", ".join(
        f"[{row.text.replace('<', '').replace('>', '')}], [{row.quantity}], [{_amount(row.price)}], [{_amount(row.amount)}]"
        for row in terms.rows
    )
    text = _PAGE.format(
        seller=terms.seller.name, street=terms.seller.street, zip=terms.seller.zip_code, city=terms.seller.city,
        vat=terms.seller.vat, buyer=terms.buyer.name, number=terms.number, date=terms.date, due=terms.due,
        rows=rows, net=_amount(terms.net), tax=_amount(terms.tax), total=_amount(terms.total), iban=terms.iban,
    )  # fmt: skip
    return typst.compile(text.encode(), format="pdf")


def with_attachments(pdf: bytes, attachments: dict[str, bytes], folder) -> bytes:
    writer = pypdf.PdfWriter()
    (folder / "page.pdf").write_bytes(pdf)
    writer.append(str(folder / "page.pdf"))
    for name, data in attachments.items():
        writer.add_attachment(name, data)
    writer.write(str(folder / "hybrid.pdf"))
    return (folder / "hybrid.pdf").read_bytes()


@pytest.fixture
def extracted_pdf(tmp_path):
    def extracted(pdf: bytes):
        file = tmp_path / "invoice.pdf"
        file.write_bytes(pdf)
        return extract(read(file, Options(), Limits(ocr_engine="none")), Options())

    return extracted


@pytest.fixture(scope="module")
def page() -> bytes:
    return page_of(SAMPLE)


def test_a_pdf_made_by_an_independent_writer_is_read_back_equal(page, extracted_pdf):
    hybrid = facturx.generate_from_binary(
        page, write_cii(SAMPLE), flavor="factur-x", level="en16931", check_xsd=False
    )
    extraction = extracted_pdf(hybrid)
    assert extraction.file_type == "pdf"
    assert extraction.invoice.financials.total == SAMPLE.total
    assert [line.amount for line in extraction.invoice.line_items] == [row.amount for row in SAMPLE.rows]
    assert extraction.fields["financials.total"].source is Source.XML
    assert extraction.observations.disagreements == ()


@pytest.mark.parametrize(
    "name",
    [
        "factur-x.xml",
        "zugferd-invoice.xml",
        "ZUGFeRD-invoice.xml",
        "xrechnung.xml",
        "data",
        "notes.txt",
        "Rechnung 5.xml",
    ],
)
def test_the_content_of_an_attachment_decides_not_its_name(name, page, extracted_pdf, tmp_path):
    hybrid = with_attachments(page, {"picture.png": b"\x89PNG\r\n", name: write_cii(SAMPLE)}, tmp_path)
    assert extracted_pdf(hybrid).fields["financials.total"].source is Source.XML


@pytest.mark.parametrize("syntax", WRITERS)
def test_an_attachment_may_be_of_any_format(syntax, page, extracted_pdf, tmp_path):
    hybrid = with_attachments(page, {"invoice.xml": WRITERS[syntax](SAMPLE)}, tmp_path)
    extraction = extracted_pdf(hybrid)
    assert extraction.fields["financials.total"].source is Source.XML
    assert extraction.observations.disagreements == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("factur-x.xml", b""),
        ("factur-x.xml", b"<?xml version='1.0'?><note>hello</note>"),
        ("factur-x.xml", b"not XML at all"),
        ("factur-x.xml", write_cii(SAMPLE)[:500]),
        ("factur-x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + write_cii(SAMPLE)),
    ],
)
def test_the_page_is_read_where_no_attachment_is_an_invoice(name, data, page, extracted_pdf, tmp_path):
    extraction = extracted_pdf(with_attachments(page, {name: data}, tmp_path))
    assert extraction.invoice.financials.total == SAMPLE.total
    assert extraction.fields["financials.total"].source is Source.TEXT


def test_one_invoice_in_two_formats_is_one_and_another_is_another(page, extracted_pdf, tmp_path):
    other = dataclasses.replace(SAMPLE, number="2025/9988")
    files = {"a.xml": write_cii(SAMPLE), "b.xml": WRITERS["UBL"](SAMPLE), "c.xml": WRITERS["UBL"](other)}
    extraction = extracted_pdf(with_attachments(page, files, tmp_path))
    assert [one.invoice.invoice.number for one in extraction.readings] == [SAMPLE.number, "2025/9988"]
    assert extraction.observations.invoice_count == 2


def test_a_broken_attachment_is_told(page, extracted_pdf, tmp_path):
    extraction = extracted_pdf(with_attachments(page, {"factur-x.xml": write_cii(SAMPLE)[:500]}, tmp_path))
    assert any("attached XML was passed over" in note for note in extraction.observations.notes)


def test_a_signed_attachment_is_opened_and_its_signature_checked(page, extracted_pdf, tmp_path):
    signer = Signer("ec")
    signed = signer.envelope(write_cii(SAMPLE))
    for data in (signed, base64.encodebytes(signed)):
        extraction = extracted_pdf(with_attachments(page, {"fattura.xml.p7m": data}, tmp_path))
        assert extraction.invoice.invoice.number == SAMPLE.number
        assert extraction.fields["invoice.number"].source is Source.XML
        assert extraction.signature is not None
        assert extraction.signature.valid
    changed = signed.replace(SAMPLE.number.encode(), SAMPLE.number.encode()[::-1])
    extraction = extracted_pdf(with_attachments(page, {"fattura.xml.p7m": changed}, tmp_path))
    assert extraction.signature is not None
    assert extraction.signature.valid is False
    assert extraction.invoice.invoice.number == SAMPLE.number[::-1]


def test_a_signed_attachment_that_is_broken_or_no_invoice_leaves_the_page(page, extracted_pdf, tmp_path):
    signer = Signer("ec")
    for data in (signer.envelope(write_cii(SAMPLE))[:300], signer.envelope(b"%PDF-1.7 no XML")):
        extraction = extracted_pdf(with_attachments(page, {"fattura.xml.p7m": data}, tmp_path))
        assert extraction.fields["invoice.number"].source is Source.TEXT
        assert extraction.signature is None


def test_an_order_is_refused_politely(page, extracted_pdf, tmp_path):
    order = b"<o:SCRDMCCBDACIOMessageStructure xmlns:o='urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100'/>"
    with pytest.raises(UnsupportedFile, match="an order"):
        extracted_pdf(with_attachments(page, {"order-x.xml": order}, tmp_path))


def _disagreements(extracted_pdf, tmp_path, printed: Terms) -> dict[str, tuple[str, str]]:
    extraction = extracted_pdf(with_attachments(page_of(printed), {"a.xml": write_cii(SAMPLE)}, tmp_path))
    assert extraction.invoice.financials.total == SAMPLE.total
    return {one.path: (one.preferred, one.other) for one in extraction.observations.disagreements}


def test_a_page_with_another_total_disagrees(extracted_pdf, tmp_path):
    dearer = dataclasses.replace(SAMPLE, rows=(dataclasses.replace(SAMPLE.rows[0], price=Decimal("913.00")),))
    found = _disagreements(extracted_pdf, tmp_path, dearer)
    assert found["financials.total"] == (str(SAMPLE.total), str(dearer.total))


def test_a_page_with_another_account_disagrees(extracted_pdf, tmp_path):
    diverted = dataclasses.replace(SAMPLE, iban="DE89370400440532013000")
    assert _disagreements(extracted_pdf, tmp_path, diverted) == {"vendor.iban": (SAMPLE.iban, diverted.iban)}


def test_a_page_with_another_number_disagrees(extracted_pdf, tmp_path):
    renamed = dataclasses.replace(SAMPLE, number="2025/9988")
    assert _disagreements(extracted_pdf, tmp_path, renamed) == {
        "invoice.number": (SAMPLE.number, "2025/9988")
    }


def test_what_the_data_leave_out_is_taken_from_the_page_with_its_evidence(page, extracted_pdf, tmp_path):
    data = write_cii(SAMPLE)
    start, end = (
        data.index(b"<ram:SpecifiedTradeSettlementPaymentMeans>"),
        data.index(b"<ram:ApplicableTradeTax><ram:Calc"),
    )
    extraction = extracted_pdf(with_attachments(page, {"a.xml": data[:start] + data[end:]}, tmp_path))
    assert extraction.invoice.vendor.iban == SAMPLE.iban
    evidence = extraction.fields["vendor.iban"]
    assert (evidence.source, evidence.page) == (Source.TEXT, 1)
    assert evidence.bbox is not None


def test_rows_are_taken_from_the_page_where_the_data_have_none(page, extracted_pdf, tmp_path):
    data = write_cii(SAMPLE)
    start, end = data.index(b"<ram:IncludedSupplyChain"), data.index(b"<ram:ApplicableHeaderTradeAgreement>")
    extraction = extracted_pdf(with_attachments(page, {"a.xml": data[:start] + data[end:]}, tmp_path))
    assert [line.amount for line in extraction.invoice.line_items] == [row.amount for row in SAMPLE.rows]
    assert extraction.fields["line_items[0].amount"].source is Source.TEXT


def test_a_core_field_from_the_page_is_no_surer_than_the_page(page, extracted_pdf, tmp_path):
    data = write_cii(SAMPLE).replace(f"<ram:ID>{SAMPLE.number}</ram:ID>".encode(), b"")
    extraction = extracted_pdf(with_attachments(page, {"a.xml": data}, tmp_path))
    assert extraction.invoice.invoice.number == SAMPLE.number
    assert extraction.confidence == extraction.fields["invoice.number"].confidence < 1
