"""Machine-readable codes (QR, Aztec, Data Matrix, PDF417) on pages and pictures, by zxing-cpp.

A PDF page is rendered only where something on it could be a code: rendering costs more than reading words.
"""

from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2 import raw as pdfium

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
_SMALLEST, _LARGEST = 28.0, 260.0
"""Points: the side of a code that is meant to be scanned from paper, about 1 to 9 cm."""
_SQUARE: Final = 1.35
"""Longer side over shorter of what may be a square code with its margin."""
_MODULES: Final = 120
"""Drawn pieces from which something may be a code made of little squares (the smallest QR code has 441)."""
_DOT: Final = 8.0
_MARGIN: Final = 8.0
_DRAWN: Final = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM)


def find_codes(page: pypdfium2.PdfPage, number: int) -> tuple[CodePayload, ...]:
    """The codes of a PDF page, with their places in points."""
    width, height = page.get_size()
    found: dict[str, CodePayload] = {}
    for area in _areas(page, width, height):
        crop = (area.x0, height - area.bottom, width - area.x1, area.top)
        picture = page.render(scale=_DPI / _INCH, crop=crop, grayscale=True).to_pil()
        for code in codes_in(picture, number, _INCH / _DPI, (area.x0, area.top)):
            found.setdefault(code.text, code)
    return tuple(found.values())


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


def _areas(page: pypdfium2.PdfPage, width: float, height: float) -> list[Box]:
    """The parts of a page that may hold a code, as displayed; the whole page when that cannot be told."""
    candidates, dots = [], 0
    for thing in page.get_objects(filter=_DRAWN, max_depth=1):
        box = Box(*thing.get_bounds())
        dots += box.x1 - box.x0 < _DOT and box.bottom - box.top < _DOT
        if _may_be_code(thing, box):
            candidates.append(_with_margin(box, page, width, height))
    if dots > _MODULES or (candidates and page.get_rotation()):
        return [Box(0.0, 0.0, width, height)]
    return [box for box in candidates if not any(_holds(other, box) for other in candidates if other != box)]


def _may_be_code(thing: pypdfium2.PdfObject, box: Box) -> bool:
    """A squarish picture, group or elaborate drawing of a size that scanners like."""
    sides = sorted((box.x1 - box.x0, box.bottom - box.top))
    if sides[0] < _SMALLEST or sides[1] > _LARGEST or sides[1] > _SQUARE * sides[0]:
        return False
    if thing.type == pdfium.FPDF_PAGEOBJ_PATH:
        return int(pdfium.FPDFPath_CountSegments(thing)) > _MODULES
    return True


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x0 <= inner.x0
        and outer.top <= inner.top
        and outer.x1 >= inner.x1
        and outer.bottom >= inner.bottom
    )


def _with_margin(box: Box, page: pypdfium2.PdfPage, width: float, height: float) -> Box:
    left, bottom, _, _ = page.get_bbox()
    return Box(
        max(0.0, box.x0 - left - _MARGIN),
        max(0.0, height - (box.bottom - bottom) - _MARGIN),
        min(width, box.x1 - left + _MARGIN),
        min(height, height - (box.top - bottom) + _MARGIN),
    )
