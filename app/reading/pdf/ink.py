"""How the text of one text object is drawn: its size, weight, colour, and when."""

import ctypes
from collections.abc import Mapping
from math import atan2, hypot, pi
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

_BOLD_WEIGHT: Final = 600
_FORCE_BOLD: Final = 1 << 18  # ISO 32000-1 table 123
_BOLD_NAMES: Final = ("bold", "black", "heavy", "demi")
_OPAQUE: Final = 255
_SLANTED: Final = 0.08  # of a quarter turn: about seven degrees
_FAINT: Final = 26  # of 255: a tenth


class Ink(NamedTuple):
    """How a text object is drawn."""

    size: float
    """Font size in points."""
    bold: bool
    direction: int
    """Quarter turns clockwise of the writing on the unturned page, to the nearest."""
    oblique: bool
    """Whether the writing runs neither level nor upright: a stamp, a watermark."""
    painted: bool
    """Whether it is drawn at all: not invisible, not fully transparent."""
    lightness: float
    """0 black to 1 white, of the fill."""
    order: int
    """When it is drawn among the page's objects; -1 when unknown."""
    handle: Any
    """The text object of pdfium; `None` for characters that belong to none."""


NO_INK: Final = Ink(
    0.0, bold=False, direction=0, oblique=False, painted=True, lightness=0.0, order=-1, handle=None
)


class InkWell:
    """The inks of a page, looked up once per text object."""

    def __init__(self, textpage: Any, orders: Mapping[int, int]) -> None:  # noqa: ANN401 - a foreign handle
        self._textpage = textpage
        self._orders = orders
        self._inks: dict[int, Ink] = {0: NO_INK}
        self._weights: dict[int, bool] = {}
        self._matrix = pdfium.FS_MATRIX()
        self._color = tuple(ctypes.c_uint() for _ in range(4))

    def of(self, index: int) -> Ink:
        """The ink of the character at an index of the text page."""
        handle = pdfium.FPDFText_GetTextObject(self._textpage, index)
        address = ctypes.addressof(handle.contents) if handle else 0
        ink = self._inks.get(address)
        if ink is None:
            ink = self._inks[address] = self._ink(handle, index, self._orders.get(address, -1))
        return ink

    def _ink(self, handle: Any, index: int, order: int) -> Ink:  # noqa: ANN401 - a foreign handle
        mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
        red, green, blue, alpha = self._fill(handle)
        painted = alpha >= _FAINT and mode not in {
            pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
            pdfium.FPDF_TEXTRENDERMODE_CLIP,
        }
        bold = self._is_bold(handle) or mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        lightness = (0.299 * red + 0.587 * green + 0.114 * blue) / _OPAQUE
        size, angle = self._size(index)
        direction = round(angle)
        oblique = abs(angle - direction) > _SLANTED
        return Ink(size, bold, direction % 4, oblique, painted, lightness, order, handle)

    def _fill(self, handle: Any) -> tuple[int, int, int, int]:  # noqa: ANN401 - a foreign handle
        if not pdfium.FPDFPageObj_GetFillColor(handle, *self._color):
            return 0, 0, 0, _OPAQUE
        red, green, blue, alpha = (part.value for part in self._color)
        return red, green, blue, alpha

    def _size(self, index: int) -> tuple[float, float]:
        """Points, and quarter turns clockwise."""
        matrix, size = self._matrix, pdfium.FPDFText_GetFontSize(self._textpage, index)
        if not pdfium.FPDFText_GetMatrix(self._textpage, index, matrix):
            return float(size), 0.0
        angle = atan2(matrix.b, matrix.a) if matrix.b or matrix.a < 0 else 0.0
        return float(size) * hypot(matrix.c, matrix.d), -angle / (pi / 2)

    def _is_bold(self, handle: Any) -> bool:  # noqa: ANN401 - a foreign handle
        font = pdfium.FPDFTextObj_GetFont(handle)
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self._weights:
            self._weights[address] = _is_bold_font(font)
        return self._weights[address]


def _is_bold_font(font: Any) -> bool:  # noqa: ANN401 - a foreign handle
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    said = name.value.decode("latin-1").lower()
    return (
        any(word in said for word in _BOLD_NAMES)
        or pdfium.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
        or bool(max(pdfium.FPDFFont_GetFlags(font), 0) & _FORCE_BOLD)
    )
