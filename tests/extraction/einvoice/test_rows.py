"""Rows are read in one walk of their element, and their evidence is put together when it is asked for."""

import pytest

from app.extraction.einvoice import extract_xml, tree
from app.jobs.view import encode
from app.model.document import Document, FileType
from app.model.evidence import Source
from app.model.options import Mode, Options
from tests.extraction.einvoice.written import SAMPLE, WRITERS, write_ubl

ORDER = b"<cac:OrderLineReference><cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference></cac:OrderLineReference>"
_NO_ORDER = b"<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>"


def _ordered_by_row() -> bytes:
    data = write_ubl(SAMPLE)
    assert _NO_ORDER in data
    head, item, tail = data.replace(_NO_ORDER, b"").rpartition(b"<cac:Item>")
    return head + ORDER + item + tail


@pytest.mark.parametrize("mode", [Mode.DETERMINISTIC, Mode.BASIC])
def test_an_order_that_only_a_row_names_is_the_invoices(mode):
    document = Document(file_type=FileType.XML, xml=_ordered_by_row())
    extraction = extract_xml(document, Options(mode=mode))
    assert extraction.invoice.invoice.po_number == "PO-77"
    assert extraction.fields["invoice.po_number"].text == "PO-77"
    assert bool(extraction.invoice.line_items) is (mode is Mode.DETERMINISTIC)


@pytest.mark.parametrize("syntax", WRITERS)
def test_the_evidence_of_a_row_is_its_text(syntax, extracted):
    fields = extracted(WRITERS[syntax](SAMPLE)).fields
    assert fields["line_items[1].description"].text == "Książka <druga>"
    assert fields["line_items[1].description"].source is Source.XML
    assert "line_items[2].description" not in fields
    assert "line_items[0].discount" not in fields


@pytest.mark.parametrize("syntax", WRITERS)
def test_evidence_is_written_as_the_dictionary_it_stands_for(syntax, extracted):
    extraction = extracted(WRITERS[syntax](SAMPLE))
    assert b'"line_items[1].amount":{' in encode(extraction)
    assert set(extraction.fields) == set(dict(extraction.fields))
    assert next(iter(extraction.fields)).startswith("vendor.")


def test_the_first_text_of_a_place_counts(extracted):
    data = write_ubl(SAMPLE).replace(b"<cbc:Name>St", b"<cbc:Name> </cbc:Name><cbc:Name>St", 1)
    assert extracted(data).invoice.line_items[0].description == "Stół"


def test_a_row_inside_a_row_is_no_row_however_it_is_read(extracted, monkeypatch):
    inner = b"<cac:InvoiceLine><cbc:ID>1.1</cbc:ID></cac:InvoiceLine></cac:InvoiceLine>"
    data = write_ubl(SAMPLE).replace(b"</cac:InvoiceLine>", inner, 1)
    whole = extracted(data)
    assert [row.number for row in whole.invoice.line_items] == ["1", "2"]
    monkeypatch.setattr(tree, "_STREAMED_FROM", 0)
    assert extracted(data).invoice == whole.invoice


def test_a_crowd_of_unknown_elements_makes_later_documents_no_worse(extracted):
    crowd = b"".join(b"<t%d/>" % number for number in range(3000))
    data = write_ubl(SAMPLE)
    crowded = extracted(data.replace(b"<cac:Item>", crowd + b"<cac:Item>", 1))
    assert crowded.invoice == extracted(data).invoice
