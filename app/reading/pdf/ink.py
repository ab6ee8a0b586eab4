"""How the text of one text object is drawn: its size, weight and colour."""

import ctypes
from collections.abc import Iterator, Sequence
from itertools import repeat
from math import atan2, hypot, pi
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

from app.reading.pdf import native

_BOLD_WEIGHT: Final = 600
_FORCE_BOLD: Final = 1 << 18  # ISO 32000-1 table 123
_BOLD_NAMES: Final = ("bold", "black", "heavy", "demi")
_OPAQUE: Final = 255
_SLANTED: Final = 0.08  # of a quarter turn: about seven degrees
_FAINT: Final = 26  # of 255: a tenth
_UNPAINTED: Final = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


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


NO_INK: Final = Ink(0.0, bold=False, direction=0, oblique=False, painted=True, lightness=0.0)


_Style = tuple[int | None, int, tuple[int, int, int, int], float, tuple[float, float, float, float]]
"""What makes text objects look alike: font, mode, colour, size, and how they are turned and stretched."""


class InkWell:
    """The inks of a page, looked up once per text object and worked out once per style."""

    def __init__(self, textpage: int) -> None:
        self._textpage = textpage
        self._inks: dict[int | None, Ink] = {None: NO_INK}
        self._by_style = _Inks()

    def of(self, items: Sequence[int | None], indices: Sequence[int]) -> list[Ink]:
        """The inks of some text objects, each with the index of a character that belongs to it."""
        unknown = dict(zip(reversed(items), reversed(indices), strict=True))
        for item in unknown.keys() & self._inks.keys():
            del unknown[item]
        styles = self._styles([*unknown], [*unknown.values()])
        self._inks.update(zip(unknown, map(self._by_style.__getitem__, styles), strict=True))
        return list(map(self._inks.__getitem__, items))

    def _styles(self, items: Sequence[Any], indices: Sequence[int]) -> Iterator[_Style]:
        return zip(
            map(native.font, items),
            map(native.render_mode, items),
            native.fill_colors(items),
            map(native.font_size, repeat(self._textpage), indices),
            native.char_matrices(self._textpage, indices),
            strict=True,
        )


class _Inks(dict[_Style, Ink]):
    """The ink of each style, worked out when it is first asked for."""

    def __missing__(self, style: _Style) -> Ink:
        font, mode, (red, green, blue, alpha), size, (a, b, c, d) = style
        angle = -atan2(b, a) / (pi / 2) if b or a < 0 else 0.0
        direction = round(angle)
        ink = self[style] = Ink(
            size=size * hypot(c, d),
            bold=mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE or (font is not None and _is_bold(font)),
            direction=direction % 4,
            oblique=abs(angle - direction) > _SLANTED,
            painted=alpha >= _FAINT and mode not in _UNPAINTED,
            lightness=(0.299 * red + 0.587 * green + 0.114 * blue) / _OPAQUE,
        )
        return ink


def _is_bold(font: int) -> bool:
    handle = ctypes.cast(font, pdfium.FPDF_FONT)
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(handle, name, 128)
    said = name.value.decode("latin-1").lower()
    return (
        any(word in said for word in _BOLD_NAMES)
        or pdfium.FPDFFont_GetWeight(handle) >= _BOLD_WEIGHT
        or bool(max(pdfium.FPDFFont_GetFlags(handle), 0) & _FORCE_BOLD)
    )
