"""The slips of invented shops say what their truth says, and the reader that has never seen them reads them."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.extraction import extract
from app.model.limits import Limits
from app.model.options import Options
from app.reading import read
from app.reading.ocr.choice import installed
from tests.generator.photo import photographed, rendered
from tests.generator.slips import KINDS, slip_of


def text_of(kind: str, seed: int) -> str:
    return "\n".join(row if isinstance(row, str) else " ".join(row) for row in slip_of(kind, seed).rows)


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_of_a_slip_is_printed_on_it(kind):
    for seed in range(5):
        printed, truth = text_of(kind, seed), slip_of(kind, seed).truth
        total = f"{truth['financials']['total']:.2f}"
        assert total in printed or total.replace(".", ",") in printed
        assert truth["vendor"]["name"].split()[0] in printed


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_always_gives_the_same_slip(kind):
    assert slip_of(kind, 3) == slip_of(kind, 3)


@pytest.mark.skipif(not installed(), reason="no text recognition engine: install the `ocr` extra")
@pytest.mark.parametrize("kind", ["german_till", "us_diner"])
def test_a_photographed_slip_is_read(kind, tmp_path: Path):
    slip = slip_of(kind, 11)
    path = tmp_path / "photo.jpg"
    photographed(rendered(slip.rows, slip.width, slip.large, 11), 11).save(path, quality=70)
    invoice = extract(read(path, Options(), Limits()), Options()).readings[0].invoice
    assert invoice.vendor.name == slip.truth["vendor"]["name"]
    assert str(invoice.invoice.date) == slip.truth["invoice"]["date"]
    assert invoice.financials.total == Decimal(slip.truth["financials"]["total"])
