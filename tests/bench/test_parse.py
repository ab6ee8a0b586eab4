"""Parsing: milliseconds a page beside pdfplumber's tables and the invoice pipeline, and what it tells of real pages."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest

from app.extraction.segments.written import segment_of
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.model.progress import unwatched
from app.model.segment import Parsing, Target
from app.pipeline import read_invoice, read_pages
from app.reading.pdf import read_pdf
from tests.extraction.segments.measure import can_measure, parts_of, rows_of, summary, words_of

TEXT_ONLY = Options(mode=Mode.BASIC)


def plumbed(path: Path) -> None:
    """What pdfplumber gives of tables, its pages closed one by one."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()


def parsed(path: Path) -> None:
    """Everything, written to a folder: segments, Markdown, HTML, chunks, pictures."""
    with tempfile.TemporaryDirectory() as folder:
        read_pages(path, TEXT_ONLY, Limits(), unwatched, Parsing(), Target(folder=folder))


def seconds(work: Callable[[Path], object], path: Path) -> float:
    start = time.process_time()
    work(path)
    return time.process_time() - start


@pytest.fixture(scope="module")
def documents(corpus: Path) -> list[Path]:
    found = sorted((corpus / "pdf").rglob("*.pdf"))
    return [
        path
        for path in found
        if all(page.words for page in read_pdf(path, Options(), Limits(), unwatched).pages)
    ]


def test_a_page_is_parsed_faster_than_pdfplumber_finds_its_tables(documents: list[Path]) -> None:
    works: dict[str, Callable[[Path], object]] = {
        "pdfplumber extract_tables": plumbed,
        "invoice pipeline": lambda path: read_invoice(path, Options(), Limits()),
        "parse, all forms": parsed,
    }
    pages = sum(len(read_pdf(path, Options(), Limits(), unwatched).pages) for path in documents)
    spent = {
        name: sum(min(seconds(work, path) for _ in range(2)) for path in documents)
        for name, work in works.items()
    }
    for name, total in spent.items():
        ratio = total / spent["pdfplumber extract_tables"]
        print(f"{name:28}{1000 * total / pages:8.2f} ms a page {ratio:6.2f} x pdfplumber")
    assert spent["parse, all forms"] < spent["pdfplumber extract_tables"]


def test_real_pages_are_told_whole_and_their_rows_in_one_row(corpus: Path) -> None:
    if not can_measure(corpus):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    words, rows = [], Counter()
    for path in sorted((corpus / "pdf").rglob("*.pdf")):
        segments = [segment_of(at, part) for at, part in enumerate(parts_of(path))]
        words.append(words_of(path, [segment.content for segment in segments]))
        rows += rows_of(path, segments, show=False)
    print(summary(words, rows))
    seen = sum(each.all - each.hidden for each in words)
    assert sum(each.alike + each.divided for each in words) >= 0.995 * seen
    assert rows["whole"] >= 0.95 * rows["all"]
