"""How long a page takes beside the floor: the words of pdfium alone."""

import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import unwatched
from app.pipeline import read_invoice
from app.reading.pdf import read_pdf

ROUNDS = 3


def words_alone(path: Path) -> int:
    """One text call a page, two box calls a word; gives the number of pages."""
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        textpage = page.get_textpage()
        text, start = textpage.get_text_range(), 0
        for run in text.split():
            at = text.index(run, start)
            start = at + len(run)
            textpage.get_charbox(at)
            textpage.get_charbox(start - 1)
        textpage.close()
        page.close()
    count = len(pdf)
    pdf.close()
    return count


def best_of(work: Callable[[Path], object], path: Path) -> float:
    """Seconds of processor time of the fastest of some runs."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work(path)
        times.append(time.process_time() - start)
    return min(times)


@pytest.fixture(scope="module")
def documents(corpus: Path) -> list[Path]:
    """Those with a text layer: recognising a picture is another measurement."""
    found = sorted((corpus / "pdf").rglob("*.pdf"))
    return [
        path
        for path in found
        if all(page.words for page in read_pdf(path, Options(), Limits(), unwatched).pages)
    ]


def test_a_page_takes_few_times_as_long_as_its_words_alone(documents: list[Path]) -> None:
    works: dict[str, Callable[[Path], object]] = {
        "words alone (the floor)": words_alone,
        "reading": lambda path: read_pdf(path, Options(), Limits(), unwatched),
        "reading and extraction": lambda path: read_invoice(path, Options(), Limits()),
    }
    pages = sum(words_alone(path) for path in documents)
    seconds = dict.fromkeys(works, 0.0)
    for path in documents:  # one after another, so that what else the machine does slows all alike
        for name, work in works.items():
            seconds[name] += best_of(work, path)
    floor = seconds["words alone (the floor)"]
    for name, spent in seconds.items():
        print(f"{name:28}{1000 * spent / pages:8.2f} ms a page {spent / floor:6.2f} x the floor")
    assert seconds["reading"] < 3 * floor
    assert seconds["reading and extraction"] < 6 * floor
