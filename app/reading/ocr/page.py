"""A picture to a `Page`: pixels become points, words keep the engine's confidence."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from PIL import Image

from app.model.document import CodePayload, Page, TextOrigin, Word
from app.reading.codes import codes_in
from app.reading.ocr.engine import Engine
from app.reading.ocr.upright import read_upright

_INCH: Final = 72.0
_LEGIBLE: Final = 0.85
"""Mean confidence of the letters of a page from which it is legible; good scans and photos reach 0.9."""
_STEEP: Final = 4
SLOW_SIDE: Final = 2546
"""Pixels of the shorter side (A4 at 300 dpi) beyond which more resolution costs time and reads no better."""


def recognise_page(number: int, picture: Image.Image, points_a_pixel: float, engine: Engine) -> Page:
    """Read one picture as the page of that number."""
    shrunk, scale = _shrunk(picture.convert("RGB"))
    text = read_upright(shrunk, engine)
    points = points_a_pixel / scale
    return Page(
        number=number,
        width=text.width * points,
        height=text.height * points,
        words=tuple(_scaled(word, points) for word in _doubted(text.words)),
        origin=TextOrigin.OCR,
        image_share=1.0,
        codes=codes_in(_set_upright(shrunk, text.turned), number, points),
        turned=text.turned,
    )


def _doubted(words: Sequence[Word]) -> Iterator[Word]:
    """The words, each trusted as far as the page as a whole can be read.

    On a picture that is too small or blurred an engine is sure of much that it guesses: what it makes of the
    page altogether tells better. Print that a person reads without effort stands above `_LEGIBLE`.
    """
    letters = sum(len(word.text) for word in words)
    mean = sum(word.confidence * len(word.text) for word in words) / letters if letters else 1.0
    share = min((mean / _LEGIBLE) ** _STEEP, 1.0)
    for word in words:
        yield word if share == 1 else msgspec.structs.replace(word, confidence=word.confidence * share)


def _set_upright(picture: Image.Image, turned: float) -> Image.Image:
    quarters = round(turned / 90) * 90 % 360
    return picture.rotate(quarters, expand=True) if quarters else picture


def scaled(page: Page, factor: float) -> Page:
    """The page and all on it, larger or smaller."""
    return msgspec.structs.replace(
        page,
        width=page.width * factor,
        height=page.height * factor,
        words=tuple(_scaled(word, factor) for word in page.words),
        codes=tuple(_scaled_code(code, factor) for code in page.codes),
    )


def _scaled_code(code: CodePayload, factor: float) -> CodePayload:
    sides = (code.x0 * factor, code.top * factor, code.x1 * factor, code.bottom * factor)
    return msgspec.structs.replace(code, **dict(zip(("x0", "top", "x1", "bottom"), sides, strict=True)))


def _shrunk(picture: Image.Image) -> tuple[Image.Image, float]:
    side = min(picture.size)
    if side <= SLOW_SIDE:
        return picture, 1.0
    scale = SLOW_SIDE / side
    smaller = picture.resize(
        (round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS
    )
    return smaller, scale


def _scaled(word: Word, points: float) -> Word:
    return msgspec.structs.replace(
        word,
        x0=word.x0 * points,
        top=word.top * points,
        x1=word.x1 * points,
        bottom=word.bottom * points,
        size=word.size * points,
    )
