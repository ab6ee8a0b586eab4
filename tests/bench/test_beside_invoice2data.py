"""How long an invoice takes beside the package invoice2data 1.0, on the same files.

The package is no part of this project: `SPUNTA_BENCH_INVOICE2DATA` names the Python of an environment that has it.
Both read each file once in one process, all loaded, warmed on the first and frozen, as the service's reader is before
it takes its first file; what their helpers spend counts.
"""

import gc
import json
import os
import subprocess
from pathlib import Path

import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import unwatched
from app.pipeline import read_invoice
from app.reading.pdf import read_pdf

SLOWEST = 2.5
"""Times its time: more is a defect."""
PYTHON = os.environ.get("SPUNTA_BENCH_INVOICE2DATA")
THEIRS = """
import gc, json, logging, os, sys
from invoice2data import extract_data
from invoice2data.extract.loader import read_templates
logging.disable(logging.CRITICAL)
templates, paths = read_templates(), sys.argv[1:]
def spent():
    return sum(os.times()[:4])
def run():
    read = 0
    for path in paths:
        try:
            read += bool(extract_data(path, templates=templates))
        except Exception:
            pass
    return read
extract_data(paths.pop(0), templates=templates)
gc.freeze()
start = spent()
read = run()
print(json.dumps({"seconds": spent() - start, "read": read}))
"""


def ours(paths: list[Path]) -> tuple[float, int]:
    """Seconds of processor time of all but the first, and how many of them gave an invoice."""
    read_invoice(paths[0], Options(), Limits())
    gc.freeze()
    try:
        return spent_on(paths[1:])
    finally:
        gc.unfreeze()


def spent_on(paths: list[Path]) -> tuple[float, int]:
    start = sum(os.times()[:4])
    found = [read_invoice(path, Options(), Limits()) for path in paths]
    return sum(os.times()[:4]) - start, sum(one.observations.invoice_count > 0 for one in found)


@pytest.mark.timeout(600)
@pytest.mark.skipif(PYTHON is None, reason="SPUNTA_BENCH_INVOICE2DATA names no Python that has invoice2data")
def test_an_invoice_takes_about_as_long_as_with_a_template_each(corpus: Path) -> None:
    paths = [
        path
        for path in sorted((corpus / "pdf").rglob("*.pdf"))
        if all(page.words for page in read_pdf(path, Options(), Limits(), unwatched).pages)
    ]
    answer = subprocess.run(
        [str(PYTHON), "-c", THEIRS, *map(str, paths)], capture_output=True, text=True, check=True
    )
    theirs = json.loads(answer.stdout.splitlines()[-1])
    seconds, read = ours(paths)
    for name, spent, count in (
        ("this reader", seconds, read),
        ("invoice2data", theirs["seconds"], theirs["read"]),
    ):
        print(f"{name:14}{1000 * spent / (len(paths) - 1):8.1f} ms a file, {count} of {len(paths) - 1} read")
    print(f"{seconds / theirs['seconds']:.2f} x its time; the aim is below 1")
    assert seconds < SLOWEST * theirs["seconds"]
