"""A file opened to be read page by page, for documents too long to be held whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image

from app.errors import NoText, OcrFailed
from app.model.document import Attachment, Document, FileType, Page
from app.model.evidence import Box
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.model.progress import Stage, Watch, unwatched
from app.reading.ocr.choice import engine_named
from app.reading.pdf import open_pdf, pages_of
from app.reading.pdf.attachments import read_attachments
from app.reading.pdf.cutout import cut_out
from app.reading.pdf.pages import Pages
from app.reading.read import kind_of, read
from app.reading.scan import needs_recognition, recognised

_WITHOUT_OCR: Final = Mode.BASIC


class Leaves(msgspec.Struct, frozen=True):
    """An opened file. Its pages come one at a time and are read while they are asked for."""

    file_type: FileType
    page_count: int
    """Pages in the file, also those that were not asked for; 0 for XML."""
    wanted: int
    """Pages that were asked for."""
    pages: Iterator[Page]
    draw: Callable[[int, Box], Image.Image | None] = lambda _number, _box: None
    """A part of a page, by its number, as a picture; `None` where it cannot be drawn."""
    xml: bytes | None = None
    attachments: tuple[Attachment, ...] = ()


@contextmanager
def leaves(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Iterator[Leaves]:
    """Open a file of any kind that can be read.

    Raises:
        JobFailure: with the reason, when it cannot be read; also while the pages are asked for.
    """
    watch(Stage.READING, 5)
    if kind_of(path) is not FileType.PDF:
        yield _whole(read(path, options, limits, watch))
        return
    with open_pdf(path, options, limits) as (pdf, wanted):
        loaded = Pages(pdf)
        yield Leaves(
            FileType.PDF,
            len(pdf),
            len(wanted),
            _pages(loaded, wanted, options, limits),
            lambda number, box: cut_out(pdf, number, box, limits),
            attachments=read_attachments(loaded, limits),
        )


def _whole(document: Document) -> Leaves:
    return Leaves(
        document.file_type, document.page_count, len(document.pages), iter(document.pages), xml=document.xml
    )


def _pages(pages: Pages, wanted: tuple[int, ...], options: Options, limits: Limits) -> Iterator[Page]:
    """The pages, scans and garbled text recognised anew where there is an engine.

    Raises:
        NoText: there was neither a word nor a picture on any of them.
        OcrFailed: all of them would have to be recognised and no engine is installed.
    """
    empty, unread = True, 0
    for page in pages_of(pages, wanted, limits, unwatched):
        empty = empty and not (page.words or page.hidden or page.image_share or page.pictures)
        blank = not page.words and not page.image_share
        if options.mode is _WITHOUT_OCR or blank or not needs_recognition(page):
            yield page
            continue
        try:
            yield recognised(pages.load(page.number), page.number, engine_named(limits.ocr_engine), limits)
        except OcrFailed:
            unread += 1
            if unread == len(wanted):
                raise
            yield page
    if empty:
        raise NoText("The pages of the PDF are empty.")
