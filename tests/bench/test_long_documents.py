"""Time and memory of an invoice of many pages, full of tables: both grow with the pages and no faster."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generator.long import long_invoice_pdf

PAGES = (1, 30, 300)
MOST_MEMORY = 250
"""Megabytes of the whole process, Python and all libraries with it."""
STEEPEST = 1.5
"""Times the seconds of a page of 30 that a page of 300 may take."""
MEASURED = """
import json, resource, sys, time
from pathlib import Path
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
warm, path = map(Path, sys.argv[1:])
read_invoice(warm, Options(), Limits())
start = time.process_time()
extraction = read_invoice(path, Options(), Limits(pages=1000))
print(json.dumps({
    "seconds": time.process_time() - start,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": len(extraction.invoice.line_items),
    "total": str(extraction.invoice.financials.total),
}))
"""


@pytest.mark.timeout(600)
def test_time_and_memory_grow_with_the_pages(tmp_path: Path) -> None:
    found = {}
    for pages in PAGES:
        path = tmp_path / f"{pages}.pdf"
        rows, total = long_invoice_pdf(path, pages)
        warm = tmp_path / f"{PAGES[0]}.pdf"
        answer = subprocess.run(
            [sys.executable, "-c", MEASURED, str(warm), str(path)], capture_output=True, text=True, check=True
        )
        found[pages] = one = json.loads(answer.stdout)
        print(
            f"{pages:4} pages {1000 * one['seconds'] / pages:7.1f} ms a page {one['megabytes']:7.0f} MB "
            f"{one['rows']} of {rows} rows"
        )
        assert (one["rows"], one["total"]) == (rows, str(total))
    assert found[300]["seconds"] / 300 < STEEPEST * found[30]["seconds"] / 30
    assert found[300]["megabytes"] < MOST_MEMORY
