"""How much of an invoice is read, and whether the said confidence is true; over generated and, where there are any, real ones."""

import os
from pathlib import Path

import pytest

from tests.generator import LANGUAGES, TUNING, VALIDATION
from tests.generator.measure import corpus_cases, over_corpus, reliability, run

COUNT = int(os.environ.get("SPUNTA_BENCH_COUNT", "192"))
SEED = int(os.environ.get("SPUNTA_BENCH_SEED", "800000"))
LARGEST_ERROR = 0.05


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
