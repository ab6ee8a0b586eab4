"""Each value's box covers its text on the page: over real documents, and over layouts as the field prints them."""

from collections import defaultdict
from pathlib import Path

import pytest

from app.extraction import extract
from app.model.evidence import Source
from app.model.limits import Limits
from app.model.options import Options
from app.reading import read
from tests.generator import generate
from tests.generator.field import FIELD

SLACK = 0.02
"""Points: boxes are given to a hundredth."""


def uncovered(document, extraction):
    """Paths of values whose words do not lie in their box, on upright pages of a text layer."""
    words = defaultdict(list)
    for page in document.pages:
        words[page.number] = [] if page.turned else list(page.words)
    for path, proof in extraction.fields.items():
        if proof.source is not Source.TEXT or not words[proof.page]:
            continue
        box = proof.bbox
        inside = "".join(
            word.text
            for word in words[proof.page]
            if word.x0 >= box.x0 - SLACK
            and word.x1 <= box.x1 + SLACK
            and word.top >= box.top - SLACK
            and word.bottom <= box.bottom + SLACK
        )
        if not all(part in inside for part in proof.text.split()):
            yield path


@pytest.mark.timeout(300)
def test_boxes_cover_their_texts_on_real_documents(corpus: Path):
    bare = []
    for path in sorted((corpus / "pdf").rglob("*.pdf"))[::3]:
        document = read(path, Options(), Limits(ocr_engine="none"))
        bare += [(path.name, field) for field in uncovered(document, extract(document, Options()))]
    assert bare == []


@pytest.mark.parametrize("family", sorted(FIELD)[::4])
def test_boxes_cover_their_texts_on_layouts_of_the_field(tmp_path, family):
    path = tmp_path / "invoice.pdf"
    path.write_bytes(generate(5150, family, FIELD[family].languages[0]).pdf)
    document = read(path, Options(), Limits())
    assert list(uncovered(document, extract(document, Options()))) == []
