"""What must hold of any invoice, seen on freshly printed ones."""

from decimal import Decimal

import pytest

from app.model.evidence import Source
from app.model.limits import Limits
from app.model.options import Options
from app.model.paths import leaves
from app.reading import read
from tests.generator import LANGUAGES, TUNING, generate

FAMILIES = sorted(TUNING)
CENT = Decimal("0.01")
CASES = [
    (4200 + turn, FAMILIES[turn * 3 % len(FAMILIES)], language) for turn, language in enumerate(LANGUAGES)
]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[1]}-{case[2]}")
def printed(request, tmp_path_factory):
    seed, family, language = request.param
    path = tmp_path_factory.mktemp("generated") / "invoice.pdf"
    path.write_bytes(generate(seed, family, language).pdf)
    return read(path, Options(), Limits())


@pytest.fixture
def extraction(printed, extracted):
    return extracted(*printed.pages)


def test_every_value_has_evidence_and_all_evidence_a_value(extraction):
    assert {path for path, _ in leaves(extraction.invoice)} == set(extraction.fields)


def test_the_box_of_a_value_covers_its_words(printed, extraction):
    pages = {page.number: page for page in printed.pages}
    for path, proof in extraction.fields.items():
        if proof.source is Source.COMPUTED:
            assert proof.bbox is None
            continue
        box = proof.bbox
        inside = "".join(
            word.text
            for word in pages[proof.page].words
            if word.x0 >= box.x0 - 0.01
            and word.x1 <= box.x1 + 0.01
            and word.top >= box.top - 0.01
            and word.bottom <= box.bottom + 0.01
        )
        assert all(part in inside for part in proof.text.split()), path


def test_what_is_said_to_be_read_stands_on_the_page(printed, extraction):
    texts = {page.number: " ".join(word.text for word in page.words) for page in printed.pages}
    for path, proof in extraction.fields.items():
        if proof.source is not Source.COMPUTED:
            assert all(part in texts[proof.page] for part in proof.text.split()), path


def test_sums_that_are_trusted_add_up(extraction):
    money = extraction.invoice.financials
    sure = {
        path: extraction.fields[f"financials.{path}"].confidence
        for path in ("subtotal", "tax_amount", "total")
        if f"financials.{path}" in extraction.fields
    }
    if len(sure) == 3 and min(sure.values()) > 0.95:
        rounding = (money.rounding or 0) + (money.stamp_duty or 0)
        assert abs(money.subtotal + money.tax_amount - money.total) <= abs(rounding) + 2 * CENT
