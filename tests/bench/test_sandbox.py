"""What reading in another process costs beside reading in this one."""

import statistics
import time
from pathlib import Path

import pytest

from app.jobs.sandbox import ReaderProcess
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice

ROUNDS = 40
INVOICES = Path(__file__).parents[2] / "fixtures" / "invoices"

pytestmark = pytest.mark.bench


def milliseconds(call, document):
    started = time.perf_counter()
    call(document)
    return (time.perf_counter() - started) * 1000


def test_overhead_per_document():
    documents = sorted(INVOICES.glob("*/document.pdf"))[:5]
    with ReaderProcess(Limits()) as reader:

        def inside(path):
            return read_invoice(path, Options(), Limits())

        def outside(path):
            return reader.read(path, Options())

        for document in documents:
            assert inside(document) == outside(document)
        pairs = [
            (milliseconds(inside, document), milliseconds(outside, document))
            for _ in range(ROUNDS)
            for document in documents
        ]
        extra = statistics.median(theirs - ours for ours, theirs in pairs)
        plain = statistics.median(ours for ours, _ in pairs)
        started = time.perf_counter()
        reader._kill()
        reader.start()
        restart = (time.perf_counter() - started) * 1000
    print(f"\nin this process {plain:.1f} ms, in the other {plain + extra:.1f} ms: {extra:+.2f} ms (medians)")
    print(f"a killed reader is replaced in {restart:.1f} ms")
    assert extra < 5
