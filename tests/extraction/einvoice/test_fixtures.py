"""Invented documents of every format, each beside the whole result it must give."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.model.paths import leaves

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "einvoice"
DOCUMENTS = sorted(FIXTURES.glob("*.xml"))


def _known(value):
    """The result without its unknown keys, as the expected files are written."""
    if isinstance(value, dict):
        return {key: kept for key, one in value.items() if (kept := _known(one)) not in (None, [], {})}
    return [_known(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_term_of_an_invented_document_is_read(document, extracted):
    encoder = msgspec.json.Encoder(decimal_format="number")
    extraction = extracted(document.read_bytes())
    found = [json.loads(encoder.encode(one.invoice), parse_float=Decimal) for one in extraction.readings]
    expected = json.loads(document.with_suffix(".expected.json").read_text(), parse_float=Decimal)
    assert [_known(one) for one in found] == expected


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_an_invented_document_has_the_structure_of_its_format(document, extracted):
    assert extracted(document.read_bytes()).observations.schema_problems == ()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_value_of_an_invented_document_has_evidence(document, extracted):
    for reading in extracted(document.read_bytes()).readings:
        stated = {path for path, value in leaves(reading.invoice) if value is not False}
        assert stated - set(reading.fields) == set()
