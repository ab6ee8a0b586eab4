"""Pages as pictures, for a reader that has eyes."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from app.errors import Unreadable
from app.model.consultation import Picture
from app.model.document import FileType
from app.model.limits import Limits
from app.model.options import Options
from app.reading.pdf import open_pdf
from app.reading.picture import on_white
from app.reading.read import kind_of

LONG_SIDE: Final = 1568
"""Pixels beyond which models see no more."""
MOST: Final = 4
"""Pages that are shown; invoices without a word on them are scans of a sheet or two."""


def sheets(path: Path, options: Options, limits: Limits) -> tuple[Picture, ...]:
    """The first pages that were asked for, as PNG; none of a file that has no pages."""
    kind = kind_of(path)
    if kind is FileType.PDF:
        with open_pdf(path, options, limits) as (pdf, wanted):
            return tuple(_printed(pdf, number) for number in wanted[:MOST])
    if kind in {FileType.PNG, FileType.JPEG, FileType.TIFF, FileType.WEBP}:
        try:
            return tuple(_frames(path, options, limits))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
            raise Unreadable("The picture is broken and could not be opened.") from problem
    return ()


def _printed(pdf: pypdfium2.PdfDocument, number: int) -> Picture:
    page = pdf[number - 1]
    try:
        scale = LONG_SIDE / max(1.0, *page.get_size())
        return Picture(number, _png(page.render(scale=min(scale, 4.0)).to_pil()))
    finally:
        page.close()


def _frames(path: Path, options: Options, limits: Limits) -> Iterator[Picture]:
    done = 0
    with Image.open(path) as opened:
        for number, frame in enumerate(ImageSequence.Iterator(opened), start=1):
            if done == MOST or (number > 1 and opened.format != "TIFF"):
                return
            if (options.pages and number not in options.pages) or frame.width * frame.height > limits.pixels:
                continue
            done += 1
            yield Picture(number, _png(on_white(ImageOps.exif_transpose(frame))))


def _png(picture: Image.Image) -> bytes:
    picture = picture.convert("RGB")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
