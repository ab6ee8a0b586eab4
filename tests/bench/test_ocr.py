"""Seconds a page and peak memory of each text recognition engine, beside tesseract's command line, in one run."""

import resource
import shutil
import subprocess
import sys
import time
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
print(seconds / len(pages), words / len(pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
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


@pytest.mark.timeout(600)
def test_engines_beside_tesseract_on_the_same_pages(pages, capsys):
    rows = []
    for name in installed():
        ended = subprocess.run(
            [sys.executable, "-c", READ, name, *map(str, pages)],
            capture_output=True,
            text=True,
            check=True,
            timeout=500,
        )
        rows.append((name, *map(float, ended.stdout.split())))
    if "tesseract" in installed():
        start = time.perf_counter()
        for page in pages:
            subprocess.run(
                [shutil.which("tesseract"), str(page), "-", "tsv"],
                capture_output=True,
                check=True,
                timeout=100,
            )
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows.append(("tesseract command", (time.perf_counter() - start) / len(pages), 0.0, memory))
    with capsys.disabled():
        print(f"\n{'engine':20}{'s a page':>10}{'words':>8}{'peak MB':>9}   ({len(pages)} pages at 200 dpi)")
        for name, seconds, words, memory in rows:
            print(f"{name:20}{seconds:10.2f}{words:8.0f}{memory:9.0f}")
    assert rows, "install the `ocr` extra or tesseract to measure them"
