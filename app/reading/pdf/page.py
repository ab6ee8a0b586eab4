"""One page of a PDF as words, hidden words and rulings."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import starmap
from typing import Final

import pypdfium2
from msgspec import structs
from pypdfium2 import raw as pdfium

from app.errors import TooLarge
from app.model.document import Page, Ruling, Word
from app.model.evidence import Box
from app.model.limits import Limits
from app.reading.codes import find_codes
from app.reading.pdf.code_areas import code_areas
from app.reading.pdf.drawing import Drawing
from app.reading.pdf.figures import figures
from app.reading.pdf.frame import Frame, Rect, frame_of
from app.reading.pdf.pages import Pages
from app.reading.pdf.visibility import hidden_runs
from app.reading.pdf.words import Run, TextLayer, read_text

_MOST_ANNOTATIONS: Final = 1000
_DRAWN_LETTERS: Final = 20
_SMALLEST_PICTURE: Final = 12.0  # points
_BACKGROUND: Final = 0.9  # of the page: a picture as large as this is its paper
_RECOGNISED: Final = 0.9  # how sure invisible text over a scan is: some engine has read it
_DUPLICATE: Final = 0.2  # of the height: how far overprinted text is moved
# Notes with text of their own: filled form fields, typed comments, stamps.
_WRITTEN: Final = {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}


def read_page(pages: Pages, number: int, limits: Limits) -> Page:
    """Read a page by its number from 1.

    Raises:
        Unreadable: the page cannot be loaded.
        TooLarge: it has more words than `limits.words_per_page`.
    """
    with _opened(pages, number) as page, closing(page.get_textpage()) as textpage:
        frame, drawing = frame_of(page), Drawing(page)
        layer = read_text(textpage.raw)
        if len(layer.runs) > limits.words_per_page:
            raise TooLarge(f"Page {number} has more words than may be read: {len(layer.runs)}.")
        share = _image_share(drawing, frame, layer)
        hidden = hidden_runs(page, layer.runs, drawing, frame, share)
        return Page(
            number=number,
            width=frame.width,
            height=frame.height,
            words=_seen([run for at, run in enumerate(layer.runs) if at not in hidden], frame),
            rulings=tuple(_rulings(drawing.rulings, frame)),
            hidden=tuple(_words([layer.runs[at] for at in sorted(hidden)], frame)),
            image_share=share,
            pictures=tuple(_pictures(drawing, frame, layer)),
            codes=find_codes(page, number, code_areas(drawing.squares, drawing.dots, frame)),
        )


@contextmanager
def _opened(pages: Pages, number: int) -> Iterator[pypdfium2.PdfPage]:
    page = pages.load(number)
    if _has_written_notes(page):
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = pages.load(number)
    with closing(page):
        yield page


def _has_written_notes(page: pypdfium2.PdfPage) -> bool:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in _WRITTEN:
            return True
    return False


def _image_share(drawing: Drawing, frame: Frame, layer: TextLayer) -> float:
    """The part of the page that only a picture of it tells: images, or text drawn as shapes."""
    if layer.is_garbled or (not layer.runs and drawing.outlines > _DRAWN_LETTERS):
        return 1.0
    area = sum(_area(_within(image.rect, frame.visible)) for image in drawing.images)
    return min(area / (_area(frame.visible) or 1.0), 1.0)


def _pictures(drawing: Drawing, frame: Frame, layer: TextLayer) -> Iterator[Box]:
    """The pictures that show something: neither a line or dot nor the paper itself."""
    drawn = figures(drawing.shapes, frame.visible, [run.rect for run in layer.runs])
    for image in dict.fromkeys([*(image.rect for image in drawing.images), *drawn]):
        rect = _within(image, frame.visible)
        sides = (rect.right - rect.left, rect.top - rect.bottom)
        if min(sides) >= _SMALLEST_PICTURE and _area(rect) < _BACKGROUND * _area(frame.visible):
            yield frame.box(*rect)


def _within(rect: Rect, outer: Rect) -> Rect:
    return Rect(
        max(rect.left, outer.left),
        max(rect.bottom, outer.bottom),
        min(rect.right, outer.right),
        min(rect.top, outer.top),
    )


def _area(rect: Rect) -> float:
    return max(rect.right - rect.left, 0.0) * max(rect.top - rect.bottom, 0.0)


def _rulings(rects: Iterable[Rect], frame: Frame) -> Iterator[Ruling]:
    return starmap(Ruling, frame.boxes(dict.fromkeys(rects)))


def _seen(runs: Sequence[Run], frame: Frame) -> tuple[Word, ...]:
    """The visible words; what is printed twice over itself to look bold is one bold word."""
    words: list[Word] = []
    known: dict[str, list[int]] = {}
    for word in _words(runs, frame):
        same = known.setdefault(word.text, [])
        for twin in same:
            if _overprinted(words[twin], word):
                words[twin] = words[twin] if words[twin].bold else structs.replace(word, bold=True)
                break
        else:
            same.append(len(words))
            words.append(word)
    return tuple(words)


def _overprinted(one: Word, other: Word) -> bool:
    moved = _DUPLICATE * (one.bottom - one.top)
    return abs(one.x0 - other.x0) < moved and abs(one.top - other.top) < moved


def _words(runs: Sequence[Run], frame: Frame) -> Iterator[Word]:
    for (text, rect, ink, _), box in zip(runs, frame.boxes([run.rect for run in runs]), strict=True):
        size, bold, direction, oblique, painted, _ = ink
        height = rect.top - rect.bottom
        if not height / 2 < size < 2 * height:
            size = 0.0
        turned = oblique or (direction + frame.quarter_turns) % 4 != 0
        yield Word(text, *box, size, bold, 1.0 if painted else _RECOGNISED, turned)
