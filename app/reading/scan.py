"""The pages of a PDF whose text cannot be used, recognised from their picture."""

import unicodedata
from pathlib import Path
from typing import Final

import msgspec
import pypdfium2

from app.errors import OcrFailed
from app.model.document import Document, Page, Word
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.model.progress import Stage, Watch
from app.reading.ocr.choice import engine_named
from app.reading.ocr.engine import Engine
from app.reading.ocr.page import recognise_page

_DPI: Final = 200
_INCH: Final = 72.0
_FEW_WORDS: Final = 8
_PICTURE: Final = 0.25
"""The part of a page that pictures must cover for a nearly wordless page to be a scan."""
_GARBAGE: Final = 0.2
_ENOUGH: Final = 60
"""Letters of words below which nothing is said about their language."""
_COMMON: Final = frozenset("eainrost")
"""Letters that make six tenths of running text in the languages read here, a third of a shuffled alphabet."""
_RARE: Final = 0.44
_LETTERS: Final = 4


def recognise_scans(
    path: Path, document: Document, options: Options, limits: Limits, watch: Watch
) -> Document:
    """The document with its scanned pages and its pages of garbled text recognised anew.

    Raises:
        OcrFailed: when no page can be read without an engine and none is installed.
    """
    wanted = [page.number for page in document.pages if needs_recognition(page)]
    if not wanted or options.mode is Mode.BASIC:
        return document
    try:
        engine = engine_named(limits.ocr_engine)
    except OcrFailed:
        if len(wanted) == len(document.pages):
            raise
        return document  # the pages that have text are better than nothing
    pages = {page.number: page for page in document.pages}
    with pypdfium2.PdfDocument(path, password=options.password) as pdf:
        for done, number in enumerate(wanted):
            watch(Stage.OCR, 10 + 50 * done // len(wanted))
            pages[number] = recognised(pdf[number - 1], number, engine, limits)
    return msgspec.structs.replace(document, pages=tuple(pages.values()))


def needs_recognition(page: Page) -> bool:
    """Whether a page has no words to speak of under a picture, or words that are no text."""
    if len(page.words) < _FEW_WORDS:
        return page.image_share >= _PICTURE or not page.words
    return is_garbled(page.words)


def is_garbled(words: tuple[Word, ...]) -> bool:
    """Whether a text layer maps its glyphs to the wrong characters.

    Two signs: characters that no font prints (unassigned, private, control, replacement), or words in which
    the letters common to all our languages are rare, as a shifted encoding gives.
    """
    texts = [word.text for word in words]
    text = "".join(texts)
    strange = sum(text.count(char) for char in set(text) if _is_strange(char))
    if strange > _GARBAGE * len(text):
        return True
    latin = (one for one in texts if len(one) >= _LETTERS and one.isascii() and one.isalpha())
    letters = "".join(latin).lower()
    return len(letters) >= _ENOUGH and sum(map(letters.count, _COMMON)) < _RARE * len(letters)


def _is_strange(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"}


def recognised(page: pypdfium2.PdfPage, number: int, engine: Engine, limits: Limits) -> Page:
    """A page of a PDF read from its picture; the handle is closed."""
    try:
        width, height = page.get_size()
        scale = min(_DPI / _INCH, (limits.pixels / max(1.0, width * height)) ** 0.5)
        picture = page.render(scale=scale).to_pil()
        return recognise_page(number, picture, 1 / scale, engine)
    finally:
        page.close()
