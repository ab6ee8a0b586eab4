"""E-invoices as documents, in each syntax and language that there is a fixture of."""

from pathlib import Path

import pytest

from app.errors import UnsupportedFile
from app.extraction.segments import Told, invoice_parts, whole
from app.extraction.segments.invoice import _words
from app.model.document import Document, FileType
from app.model.options import Options
from app.model.segment import Parsing

FIXTURES = sorted((Path(__file__).parents[3] / "fixtures" / "einvoice").glob("*.xml"))


def told(data: bytes, **options: str):
    parts = invoice_parts(Document(file_type=FileType.XML, xml=data), Options(**options))
    return whole(Told(parts, FileType.XML, 0, Parsing(), {}))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_an_e_invoice_has_a_title_its_parties_and_a_table_of_lines(path):
    markdown = told(path.read_bytes(), locale="en").markdown
    assert markdown.startswith("# ")
    assert all(f"\n## {section}\n" in markdown for section in ("Seller", "Buyer", "Document", "Totals"))
    assert "| Description |" in markdown


def test_every_language_names_everything():
    words = _words()
    assert all(set(names) == set(words["en"]) for names in words.values())


def test_data_of_no_invoice_are_refused():
    with pytest.raises(UnsupportedFile):
        told(b"<menu><pizza>Margherita</pizza></menu>")
