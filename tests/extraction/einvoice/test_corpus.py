"""Real e-invoices with known answers, where there is a folder of them: what the XML states is what is returned."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import JobFailure
from app.extraction import extract
from app.model.invoice import Invoice
from app.model.limits import Limits
from app.model.options import Options
from app.reading import read

HEADER = (
    "vendor.name", "vendor.vat_number", "vendor.iban", "vendor.country", "buyer.name", "buyer.country",
    "invoice.number", "invoice.date", "invoice.due_date", "invoice.type", "invoice.currency",
    "invoice.po_number", "financials.subtotal", "financials.tax_amount", "financials.total",
)  # fmt: skip
BROKEN = re.compile(r"-broken$")


def _document(truth: Path) -> Path:
    return truth.with_name(truth.name.removesuffix(".truth.json"))


def _read(path: Path) -> Invoice:
    return extract(read(path, Options(), Limits()), Options()).invoice


def _plain(value: object) -> str:
    return re.sub(r"[^\w]", "", str(value)).lower()


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, Decimal | int) and isinstance(found, Decimal):
        return abs(abs(found) - abs(wanted)) < Decimal("0.005")
    return _plain(found) == _plain(wanted)


def _at(tree: object, path: str) -> object:
    for name in path.split("."):
        tree = tree.get(name) if isinstance(tree, dict) else getattr(tree, name, None)
    return tree


def test_hardly_a_field_of_a_real_e_invoice_is_missed(corpus):
    right, wrong = 0, []
    for truth in sorted((corpus / "xml").rglob("*.truth.json")):
        wanted = json.loads(truth.read_text(), parse_float=Decimal)
        invoice = _read(_document(truth))
        for path in HEADER:
            if (want := _at(wanted, path)) not in (None, ""):
                if _same(_at(invoice, path), want):
                    right += 1
                else:
                    wrong.append(path)
    if not right:
        pytest.skip("the folder holds no e-invoices")
    assert right / (right + len(wrong)) >= 0.99, wrong


def test_broken_e_invoices_fail_with_a_reason_or_are_told_to_be_tampered_with(corpus):
    folders = [folder for folder in (corpus / "xml").iterdir() if BROKEN.search(folder.name)]
    for path in (file for folder in folders for file in folder.iterdir()):
        try:
            document = read(path, Options(), Limits())
            extraction = extract(document, Options())
        except JobFailure:
            continue
        assert extraction.signature
        assert extraction.signature.valid is False
