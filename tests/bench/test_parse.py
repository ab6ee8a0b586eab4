"""Parsing: milliseconds a page beside pdfplumber's tables and the invoice pipeline, and what it tells of real pages."""

import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pdfplumber
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from app.extraction.segments.written import segment_of
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.model.progress import unwatched
from app.model.segment import Parsing, Target
from app.pipeline import read_invoice, read_pages
from app.reading.pdf import read_pdf
from tests.extraction.segments.measure import can_measure, parts_of, rows_of, summary, words_of
from tests.generator.papers.pieces import Writer

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


def test_a_thousand_pages_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    peaks = {}
    for pages in (20, 1000):
        path = tmp_path / f"{pages}.pdf"
        path.write_bytes(printed(pages))
        begun = time.monotonic()
        command = [sys.executable, "-c", WATCHED, str(path), str(tmp_path / f"out{pages}")]
        (tmp_path / f"out{pages}").mkdir()
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
        peaks[pages] = int(said)
        print(f"{pages:5} pages: {time.monotonic() - begun:6.1f} s, at most {peaks[pages] // 1024} MB")
    assert peaks[1000] - peaks[20] < 100_000


def test_a_drawing_of_a_hundred_thousand_lines_is_a_picture(tmp_path: Path) -> None:
    random = Random(1)
    lines = "\n".join(
        f"{random.uniform(40, 500):.1f} {random.uniform(40, 700):.1f} m "
        f"{random.uniform(40, 500):.1f} {random.uniform(40, 700):.1f} l S"
        for _ in range(100_000)
    )
    (tmp_path / "plan.pdf").write_bytes(pages_of([lines]))
    begun = time.monotonic()
    target = Target(folder=str(tmp_path))
    read_pages(tmp_path / "plan.pdf", TEXT_ONLY, Limits(), unwatched, Parsing(), target)
    print(f"100,000 lines: {time.monotonic() - begun:.1f} s")
    assert (tmp_path / "0.png").stat().st_size > 10_000


WATCHED = """
import resource, sys
from pathlib import Path
from app.model.limits import Limits
from app.model.options import Options
from app.model.segment import Parsing, Target
from app.pipeline import read_pages

seen = []
watch = lambda stage, percent: seen.append(percent)
read_pages(Path(sys.argv[1]), Options(), Limits().for_parsing(), watch, Parsing(), Target(folder=sys.argv[2]))
assert len(seen) > 20 and seen == sorted(seen)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def printed(pages: int) -> bytes:
    """A book with a header, text, a table and a number on each page."""
    writer = Writer(Random(pages))
    return pages_of([_page(writer, number) for number in range(1, pages + 1)])


def _page(writer: Writer, number: int) -> str:
    lines = [(50, 810, "Manuale di esercizio"), (290, 30, f"Pagina {number}")]
    lines += [(50, 780 - 16 * at, writer.words(8, 8)) for at in range(25)]
    for at in range(26, 44):
        cells = (writer.word(), *(writer.amount() for _ in range(3)))
        lines += [(50 + 120 * column, 780 - 16 * at, cell) for column, cell in enumerate(cells)]
    return "\n".join(f"BT /F 10 Tf 1 0 0 1 {x} {y} Tm ({said}) Tj ET" for x, y, said in lines)


def pages_of(contents: list[str]) -> bytes:
    writer = pypdf.PdfWriter()
    names = ("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica")
    font = writer._add_object(DictionaryObject({NameObject(key): NameObject(value) for key, value in names}))
    for content in contents:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(content.encode())
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
