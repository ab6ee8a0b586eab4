"""Machine-readable codes (QR, Aztec, Data Matrix, PDF417) on pages and pictures, by zxing-cpp.

Of a PDF page only the parts where a code could be are rendered: that costs more than reading words.
"""

from collections.abc import Iterable
from math import ceil
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image

from app.model.document import CodePayload
from app.model.evidence import Box

_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
    ]
)
_INCH: Final = 72.0
_DPI: Final = 150


def find_codes(page: pypdfium2.PdfPage, number: int, areas: Iterable[Box]) -> tuple[CodePayload, ...]:
    """The codes in some areas of a PDF page as displayed, with their places in points."""
    width, height = page.get_size()
    found: dict[str, CodePayload] = {}
    for area in areas:
        crop = (area.x0, height - area.bottom, width - area.x1, area.top)
        picture = page.render(scale=_DPI / _INCH, crop=crop, grayscale=True).to_pil()
        for code in codes_in(picture, number, _INCH / _DPI, (_cut_at(area.x0), _cut_at(area.top))):
            found.setdefault(code.text, code)
    return tuple(found.values())


def _cut_at(points: float) -> float:
    """Where a cropped rendering begins: at the next whole pixel."""
    return ceil(points * _DPI / _INCH) * _INCH / _DPI


def codes_in(
    picture: Image.Image, number: int, points_a_pixel: float, origin: tuple[float, float] = (0.0, 0.0)
) -> tuple[CodePayload, ...]:
    """The codes on a picture; `origin` is where its top left corner stands on the page, in points."""
    seen = zxingcpp.read_barcodes(picture, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
    return tuple(_payload(code, number, points_a_pixel, origin) for code in seen if code.valid and code.text)


def _payload(code: zxingcpp.Barcode, number: int, scale: float, origin: tuple[float, float]) -> CodePayload:
    corners = code.position
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    across, down = [point.x * scale for point in points], [point.y * scale for point in points]
    return CodePayload(
        symbology=code.format.name,
        text=code.text,
        page=number,
        x0=origin[0] + min(across),
        top=origin[1] + min(down),
        x1=origin[0] + max(across),
        bottom=origin[1] + max(down),
    )
