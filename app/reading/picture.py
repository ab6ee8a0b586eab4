"""Pictures (PNG, JPEG, TIFF, WebP) to pages: every frame of a TIFF is one, of anything else the first.

What moves, and what a camera stores behind a photo (its depth, a preview), is no second page.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from PIL import Image, ImageOps, ImageSequence

from app.errors import TooLarge, Unreadable
from app.model.document import Document, FileType, Page
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage, Watch
from app.reading.ocr.choice import engine_named
from app.reading.ocr.page import SLOW_SIDE, recognise_page, scaled

_INCH: Final = 72.0
_PAPER: Final = (150.0, 1300.0)
"""Points of the longer side within which a declared resolution is believed: a small slip to A3."""
_A4_LONG: Final = 842.0
_SLIP_WIDTH: Final = 227.0
"""Points: the 80 mm of a till roll."""
_PRINT: Final = (5.0, 22.0)
"""Points of the usual height of letters within which a page is believed to be as large as it says."""
_USUAL_PRINT: Final = 9.0
_PALETTES: Final = ("P", "1")
_PLAIN: Final = ("L", "RGB", "CMYK")
"""Modes of which several pixels may be averaged to one."""
_SLIP_SHAPE: Final = 1.9
"""Height over width from which a picture is taken for a till slip rather than a sheet."""


def read_picture(path: Path, kind: FileType, options: Options, limits: Limits, watch: Watch) -> Document:
    """Recognise the frames of a picture file.

    Raises:
        Unreadable: when it is broken. TooLarge: beyond the limits on pixels or frames.
        OcrFailed: when no engine is installed.
    """
    try:
        with Image.open(path) as picture:
            count = _checked_frames(picture, limits)
            wanted = [n for n in range(1, count + 1) if not options.pages or n in options.pages]
            pages = tuple(_read_frames(picture, wanted, limits, watch))
    except Image.DecompressionBombError:
        raise TooLarge(f"The picture has more than {limits.pixels} pixels.") from None
    except (OSError, SyntaxError, ValueError) as problem:
        raise Unreadable("The picture is broken and could not be opened.") from problem
    return Document(file_type=kind, pages=pages, page_count=count)


def _checked_frames(picture: Image.Image, limits: Limits) -> int:
    count = int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
    if count > limits.pages:
        raise TooLarge(f"The picture has {count} pages; the limit is {limits.pages}.")
    return count


def _read_frames(picture: Image.Image, wanted: list[int], limits: Limits, watch: Watch) -> Iterator[Page]:
    engine = engine_named(limits.ocr_engine)
    done = 0
    for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
        if number not in wanted:
            continue
        if frame.width * frame.height > limits.pixels:
            raise TooLarge(f"Page {number} has more than {limits.pixels} pixels.")
        watch(Stage.OCR, 10 + 50 * done // len(wanted))
        upright = ImageOps.exif_transpose(_of_useful_size(frame))
        yield _of_likely_size(recognise_page(number, on_white(upright), points_a_pixel(upright), engine))
        done += 1


def _of_useful_size(frame: Image.Image) -> Image.Image:
    """The frame without the resolution that reads no better, so that it takes no memory either."""
    width = frame.width
    wanted = max(min(frame.size) // SLOW_SIDE, 1)
    frame.draft(frame.mode, (frame.width // wanted, frame.height // wanted))  # a JPEG unpacks smaller
    if frame.mode in _PALETTES:
        frame = on_white(frame)
    factor = min(frame.size) // SLOW_SIDE
    if factor > 1 and frame.mode in _PLAIN:
        frame = frame.reduce(factor)
    if frame.width < width and "dpi" in frame.info:
        frame.info["dpi"] = tuple(float(dots) * frame.width / width for dots in frame.info["dpi"])
    return frame


def _of_likely_size(page: Page) -> Page:
    """The page as large as its letters say, where its resolution makes them too small or large for print."""
    sizes = [word.size for word in page.words]
    usual = median(sizes) if sizes else _PRINT[0]
    return page if _PRINT[0] <= usual <= _PRINT[1] else scaled(page, _USUAL_PRINT / usual)


def on_white(picture: Image.Image) -> Image.Image:
    """Transparent pixels show paper, not ink."""
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(paper, rgba).convert("RGB")


def points_a_pixel(picture: Image.Image) -> float:
    """How large a pixel is on paper, from the declared resolution or else from the picture's shape."""
    declared = picture.info.get("dpi", (0, 0))[0]
    long = max(picture.size)
    if declared and _PAPER[0] <= long * _INCH / float(declared) <= _PAPER[1]:
        return _INCH / float(declared)
    if picture.height > _SLIP_SHAPE * picture.width:
        return _SLIP_WIDTH / picture.width
    return _A4_LONG / long
