"""From the coordinates of a PDF page to those of the page as displayed."""

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from pypdfium2 import raw as pdfium

from app.model.evidence import Box


class Rect(NamedTuple):
    """A rectangle in the page's own coordinates: origin anywhere, y upwards."""

    left: float
    bottom: float
    right: float
    top: float


def rects_of(sides: Iterable[tuple[float, float, float, float]]) -> list[Rect]:
    """Rectangles of their left, bottom, right and top, of thousands without a line of Python for each."""
    return list(map(tuple.__new__, repeat(Rect), sides))


def around(rects: Sequence[Rect]) -> Rect:
    """The smallest rectangle that holds them all."""
    return Rect(
        min(rect.left for rect in rects),
        min(rect.bottom for rect in rects),
        max(rect.right for rect in rects),
        max(rect.top for rect in rects),
    )


class Frame(NamedTuple):
    """The visible part of a page and the way it is turned."""

    visible: Rect
    quarter_turns: int
    """Clockwise."""

    @property
    def width(self) -> float:
        """As displayed, in points."""
        visible = self.visible
        return visible.top - visible.bottom if self.quarter_turns % 2 else visible.right - visible.left

    @property
    def height(self) -> float:
        """As displayed, in points."""
        visible = self.visible
        return visible.right - visible.left if self.quarter_turns % 2 else visible.top - visible.bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle as displayed: origin top left, y downwards."""
        (x0, y0, x1, y1), turns = self.visible, self.quarter_turns
        if turns == 0:
            return Box(left - x0, y1 - top, right - x0, y1 - bottom)
        if turns == 1:
            return Box(bottom - y0, left - x0, top - y0, right - x0)
        if turns == 2:  # noqa: PLR2004 - upside down
            return Box(x1 - right, bottom - y0, x1 - left, top - y0)
        return Box(y1 - top, x1 - right, y1 - bottom, x1 - left)

    def boxes(self, rects: Iterable[Rect]) -> list[tuple[float, float, float, float]]:
        """The sides of rectangles as `box` gives them, of the thousands on a page at once."""
        if self.quarter_turns:
            return [self.box(*rect) for rect in rects]
        x0, _, _, y1 = self.visible
        return [(left - x0, y1 - top, right - x0, y1 - bottom) for left, bottom, right, top in rects]


def frame_of(page: Any) -> Frame:  # noqa: ANN401 - a foreign handle
    """The frame of a page: its crop box inside its media box, and its rotation."""
    rect = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, rect)
    return Frame(Rect(rect.left, rect.bottom, rect.right, rect.top), pdfium.FPDFPage_GetRotation(page) % 4)
