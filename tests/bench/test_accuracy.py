"""How much of an invoice is read, and whether the said confidence is true; over generated and, where there are any, real ones."""

import os
from pathlib import Path

import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from tests.generator import LANGUAGES, TUNING, VALIDATION, generate
from tests.generator.hostile import two_invoices_pdf
from tests.generator.measure import corpus_cases, over_corpus, reliability, run

COUNT = int(os.environ.get("SPUNTA_BENCH_COUNT", "192"))
SEED = int(os.environ.get("SPUNTA_BENCH_SEED", "800000"))
LARGEST_ERROR = 0.05
FEWEST_PAIRS = 0.95


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "families"), [("tuning", TUNING), ("validation", VALIDATION)])
def test_generated_invoices(name, families):
    report = run(range(SEED, SEED + COUNT), list(families), list(LANGUAGES), wrong=False)
    print(f"\n{name} families", *report.lines(), sep="\n")
    assert report.failed == []
    assert report.total.documents == COUNT


@pytest.mark.timeout(600)
def test_reliability_over_real_documents(corpus: Path):
    folder = corpus / "pdf"
    if not any(corpus_cases(folder)):
        pytest.skip("no printed invoices in the folder of real documents")
    report = over_corpus(folder)
    table = list(reliability(report.said))
    print("\nreal documents", *table, report.decisions(), sep="\n")
    assert float(table[-1].rsplit(" ", 1)[1]) <= LARGEST_ERROR


@pytest.mark.timeout(600)
def test_pairs_of_invoices_in_one_file(tmp_path):
    """An invoice behind another is not lost."""
    path, seen, pairs = tmp_path / "pair.pdf", 0, 0
    families = list(TUNING)
    for seed in range(SEED, SEED + 48):
        language = LANGUAGES[seed % len(LANGUAGES)]
        first, second = (
            generate(seed + n, families[(seed + 5 * n) % len(families)], language).pdf for n in (0, 1)
        )
        path.write_bytes(two_invoices_pdf(first, second))
        pairs += 1
        seen += len(read_invoice(path, Options(), Limits()).readings) == 2
    print(f"\ntwo invoices in one file: both seen in {seen} of {pairs}")
    assert seen >= FEWEST_PAIRS * pairs
