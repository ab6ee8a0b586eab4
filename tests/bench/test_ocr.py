"""Seconds a page and peak memory of each text recognition engine, beside tesseract's command line, in one run."""

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from app.reading.ocr.choice import installed

READ = """
import resource, sys, time
from PIL import Image
from app.reading.ocr.choice import engine_named
engine = engine_named(sys.argv[1])
pages = [Image.open(path).convert("RGB") for path in sys.argv[2:]]
engine.recognise(pages[0])
start = time.perf_counter()
words = sum(len(engine.recognise(page).words) for page in pages)
seconds = time.perf_counter() - start
own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(seconds / len(pages), words / len(pages), max(own, children) / 1024)
"""
COMMAND = """
import resource, subprocess, sys, time
start, words = time.perf_counter(), 0
for path in sys.argv[1:]:
    table = subprocess.run(["tesseract", path, "-", "tsv"], capture_output=True, check=True, timeout=100).stdout
    words += sum(row.startswith(b"5") and bool(row.rpartition(b"\\t")[2].strip()) for row in table.splitlines())
pages, memory = len(sys.argv) - 1, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print((time.perf_counter() - start) / pages, words / pages, memory / 1024)
"""


@pytest.fixture(scope="module")
def pages(root, tmp_path_factory) -> list[Path]:
    """The first pages of the project's own printed invoices, as 200 dpi pictures."""
    folder, paths = tmp_path_factory.mktemp("pages"), []
    for document in sorted((root / "fixtures" / "invoices").glob("*/document.pdf"))[:5]:
        path = folder / f"{document.parent.name}.png"
        pypdfium2.PdfDocument(document)[0].render(scale=200 / 72).to_pil().save(path)
        paths.append(path)
    return paths


def measured(script: str, *arguments: object) -> tuple[float, ...]:
    """Seconds and words a page and megabytes at most, of a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    )
    return tuple(map(float, ended.stdout.split()))


@pytest.mark.timeout(600)
def test_engines_beside_tesseract_on_the_same_pages(pages, capsys):
    rows = [(name, *measured(READ, name, *pages)) for name in installed()]
    if "tesseract" in installed():
        rows.append(("tesseract command", *measured(COMMAND, *pages)))
    with capsys.disabled():
        print(f"\n{'engine':20}{'s a page':>10}{'words':>8}{'peak MB':>9}   ({len(pages)} pages at 200 dpi)")
        for name, seconds, words, memory in rows:
            print(f"{name:20}{seconds:10.2f}{words:8.0f}{memory:9.0f}")
    assert rows, "install the `ocr` extra or tesseract to measure them"
