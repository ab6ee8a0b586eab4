"""What the page on formats tells a newcomer to write works as it stands there."""

import re
from decimal import Decimal

import pytest

from app.extraction.einvoice import extract_xml, formats
from app.model.document import Document, FileType
from app.model.options import Options


@pytest.fixture
def page(root):
    text = (root / "app" / "extraction" / "einvoice" / "README.md").read_text()
    return dict(re.findall(r"```(xml|python)\n(.*?)```", text, re.DOTALL))


def test_the_example_of_a_format_reads_the_example_of_a_document(page, monkeypatch):
    module: dict[str, object] = {}
    exec(compile(page["python"], "example.py", "exec"), module)  # noqa: S102  # the page's own code
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, module["FORMAT"]))
    extraction = extract_xml(Document(file_type=FileType.XML, xml=page["xml"].encode()), Options())
    invoice, money = extraction.invoice, extraction.invoice.financials
    assert (invoice.vendor.name, invoice.vendor.vat_number) == ("Bottega Rossi Srl", "IT12345678903")
    assert invoice.vendor.address == "Via Roma 1"
    assert (invoice.invoice.number, invoice.invoice.type, invoice.notes) == (
        "2026-7",
        "invoice",
        ("Thank you",),
    )
    assert [line.description for line in invoice.line_items] == ["Chair", "Transport, by hand"]
    assert (money.subtotal, money.tax_amount, money.total, money.tax_rate, money.discount) == tuple(
        Decimal(number) for number in ("110.00", "24.20", "134.20", "22", "7.00")
    )
    assert invoice.line_items[0].unit_price == Decimal("50.00")
    assert extraction.observations.schema_problems == ()
