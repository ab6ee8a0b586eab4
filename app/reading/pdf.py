"""PDF pages to words with boxes, by pdfium."""

from pathlib import Path

import pypdfium2

from app.model.document import Document, FileType, Page, Word
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Watch


def read_pdf(path: Path, options: Options, limits: Limits, watch: Watch) -> Document:
    """Read the text layer of a PDF."""
    pdf = pypdfium2.PdfDocument(path)
    pages = []
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        width, height = page.get_size()
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        words, start = [], 0
        for run in text.split():
            at = text.index(run, start)
            start = at + len(run)
            left = textpage.get_charbox(at)
            right = textpage.get_charbox(start - 1)
            words.append(
                Word(run, left[0], height - max(left[3], right[3]), right[2], height - min(left[1], right[1]))
            )
        pages.append(Page(number=number, width=width, height=height, words=tuple(words)))
        textpage.close()
        page.close()
    return Document(file_type=FileType.PDF, pages=tuple(pages), page_count=len(pdf))
