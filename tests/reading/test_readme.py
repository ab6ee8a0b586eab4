"""The page that tells how to add a reader holds what it promises."""

import importlib.util
import re

import pytest

from app.errors import TooLarge, Unreadable
from app.extraction.page import extract_pages
from app.model.document import FileType
from app.model.limits import Limits
from app.model.options import Options

PRINT = """
Officina Verde Srl                                    Fattura n. 88/2026
Via dei Tigli 4                                       Data 05/03/2026
35121 Padova PD
P.IVA IT01234567897


Cliente: Cartoleria Blu Sas, Via Po 8, 10123 Torino TO, P.IVA IT12345678903

Descrizione                       Quantita      Prezzo     Importo
Manutenzione mensile                     2      150,00      300,00
Ricambio filtro                          1       50,00       50,00

                                           Imponibile       350,00
                                           IVA 22%           77,00
                                           Totale EUR       427,00
"""


@pytest.fixture
def example(root, tmp_path):
    page = (root / "app/reading/README.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "spool.py"
    file.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location("spool", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(tmp_path, data):
    file = tmp_path / "print.txt"
    file.write_bytes(data)
    return file


def test_what_the_example_reads_is_an_invoice_at_once(example, tmp_path):
    file = written(tmp_path, PRINT.encode())
    document = example.read_spool(file, FileType.PDF, Options(), Limits())
    (reading,) = extract_pages(document, Options()).readings
    assert reading.invoice.invoice.number == "88/2026"
    assert str(reading.invoice.financials.total) == "427.00"
    assert [str(row.amount) for row in reading.invoice.line_items] == ["300.00", "50.00"]


def test_the_example_reads_the_pages_that_are_asked_for(example, tmp_path):
    file = written(tmp_path, b"one\ftwo\fthree")
    document = example.read_spool(file, FileType.PDF, Options(pages=(2,)), Limits())
    assert (document.page_count, [word.text for word in document.pages[0].words]) == (3, ["two"])


def test_the_example_refuses_what_it_cannot_read(example, tmp_path):
    with pytest.raises(Unreadable):
        example.read_spool(written(tmp_path, b"\xff\xfe\xfd"), FileType.PDF, Options(), Limits())
    with pytest.raises(TooLarge):
        example.read_spool(written(tmp_path, b"\f" * 2000), FileType.PDF, Options(), Limits())
