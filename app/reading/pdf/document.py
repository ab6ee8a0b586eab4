"""A whole PDF: opened, held against the limits, its pages read one at a time."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import pypdfium2
from pypdfium2 import raw as pdfium

from app.errors import NoText, PasswordRequired, TooLarge, Unreadable
from app.model.document import Document, FileType, Page
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage, Watch
from app.reading.pdf.attachments import read_attachments
from app.reading.pdf.page import read_page
from app.reading.pdf.pages import Pages
from app.reading.pdf.unpacked import check_streams

_FIRST_PERCENT: Final = 5
_LAST_PERCENT: Final = 40


def read_pdf(path: Path, options: Options, limits: Limits, watch: Watch) -> Document:
    """Read the text layer, the rulings and the attachments of a PDF.

    A page without words keeps its `image_share`, so that whoever can read pictures may go on from there.

    Raises:
        PasswordRequired: it is encrypted and the password is missing or wrong.
        Unreadable: it is broken, or has no page, or none of the pages asked for.
        TooLarge: it exceeds a limit.
        NoText: there is neither a word nor a picture on any of its pages.
    """
    with open_pdf(path, options, limits) as (pdf, wanted):
        loaded = Pages(pdf)
        attachments = read_attachments(loaded, limits)
        pages = tuple(pages_of(loaded, wanted, limits, watch))
        if not any(page.words or page.hidden or page.image_share for page in pages) and not attachments:
            raise NoText("The pages of the PDF are empty.")
        return Document(file_type=FileType.PDF, pages=pages, page_count=len(pdf), attachments=attachments)


def read_attached(path: Path, options: Options, limits: Limits) -> Document:
    """The attachments of a PDF alone, no page of it; raises as `read_pdf` does."""
    with _opened(path.read_bytes(), options.password) as pdf:
        attachments = read_attachments(Pages(pdf), limits)
        return Document(file_type=FileType.PDF, page_count=len(pdf), attachments=attachments)


@contextmanager
def open_pdf(
    path: Path, options: Options, limits: Limits
) -> Iterator[tuple[pypdfium2.PdfDocument, tuple[int, ...]]]:
    """A PDF held against the limits, and the numbers of its pages to be read; raises as `read_pdf`."""
    data = path.read_bytes()
    check_streams(data, limits)
    with _opened(data, options.password) as pdf:
        yield pdf, _page_numbers(len(pdf), options, limits)


@contextmanager
def _opened(data: bytes, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    try:
        pdf = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError:
        raise _why_closed(data, password) from None
    with closing(pdf):
        yield pdf


def _last_error(data: bytes, password: str | None) -> int:
    """What PDFium says of a PDF that it does not open.

    It says why only sometimes, and else the reason of an earlier document stands: so one is put before it.
    """
    for refused in (b"no PDF", data):
        with suppress(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(refused, password=password).close()
    return int(pdfium.FPDF_GetLastError())


def _why_closed(data: bytes, password: str | None) -> PasswordRequired | Unreadable:
    code = _last_error(data, password)
    if code == pdfium.FPDF_ERR_PASSWORD:
        if password is None:
            return PasswordRequired("The PDF is encrypted: it can only be read with its password.")
        return PasswordRequired("The password given does not open the PDF.")
    if code == pdfium.FPDF_ERR_SECURITY:
        return Unreadable("The PDF is encrypted in a way that no password opens.")
    if code == pdfium.FPDF_ERR_SUCCESS:
        return Unreadable("The PDF has no pages.")
    return Unreadable("The PDF is damaged and cannot be opened.")


def _page_numbers(count: int, options: Options, limits: Limits) -> tuple[int, ...]:
    """The numbers, from 1, of the pages to read."""
    if not options.pages:
        wanted: tuple[int, ...] | range = range(1, count + 1)
    else:
        wanted = tuple(sorted({number for number in options.pages if 1 <= number <= count}))
    if not wanted:
        raise Unreadable(f"None of the pages asked for is in the PDF, which has {count}.")
    if len(wanted) > limits.pages:
        raise TooLarge(f"The PDF has more pages than may be read at once: {len(wanted)}, not {limits.pages}.")
    return tuple(wanted)


def pages_of(pages: Pages, wanted: tuple[int, ...], limits: Limits, watch: Watch) -> Iterator[Page]:
    """The pages one after another, each closed before the next is opened."""
    for done, number in enumerate(wanted):
        watch(Stage.READING, _FIRST_PERCENT + (_LAST_PERCENT - _FIRST_PERCENT) * done // len(wanted))
        yield read_page(pages, number, limits)
