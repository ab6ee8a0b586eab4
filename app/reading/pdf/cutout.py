"""A part of a PDF page as a picture."""

from contextlib import closing
from typing import Final

import pypdfium2
from PIL import Image

from app.model.evidence import Box
from app.model.limits import Limits

_DPI: Final = 150
_INCH: Final = 72.0
_SMALLEST: Final = 1.0  # points


def cut_out(pdf: pypdfium2.PdfDocument, number: int, box: Box, limits: Limits) -> Image.Image | None:
    """What shows within `box` on the page of that number, at 150 dpi, coarser where it would be too large.

    `None` for a box outside the page, or a page that cannot be drawn.
    """
    try:
        with closing(pdf[number - 1]) as page:
            width, height = page.get_size()
            x0, top = max(0.0, box.x0), max(0.0, box.top)
            x1, bottom = min(width, box.x1), min(height, box.bottom)
            if x1 - x0 < _SMALLEST or bottom - top < _SMALLEST:
                return None
            most = (limits.picture_pixels / ((x1 - x0) * (bottom - top))) ** 0.5
            crop = (x0, height - bottom, width - x1, top)
            picture: Image.Image = page.render(scale=min(_DPI / _INCH, most), crop=crop).to_pil()
            return picture
    except (pypdfium2.PdfiumError, ValueError):
        return None
