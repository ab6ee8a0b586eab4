"""Which words a person looking at the page does not see.

Geometry and colour name suspects; whether one is really hidden is asked of the renderer: text is hidden when
taking it away changes no pixel that it stands on.
"""

import math
import sys
from collections.abc import Sequence
from typing import Final

import pypdfium2
from PIL import Image, ImageChops

from app.model.evidence import Box
from app.reading.pdf import native
from app.reading.pdf.drawing import Drawing, Painted, Point
from app.reading.pdf.frame import Frame, Rect
from app.reading.pdf.words import Run

_TINY: Final = 2.0  # points; the smallest print on paper is about three
_PALE: Final = 0.75
_PAPER: Final = 1.0  # how light it is
_LIKE: Final = 0.25  # difference in lightness that is hard to see
_SCAN: Final = 0.5  # of the page: pictures that cover so much are the page itself
_NOTICEABLE: Final = 24  # of 255
_MOST_PIXELS: Final = 2_000_000
_MOST_FILLS: Final = 5_000
_BAND: Final = 24.0  # points
_LAST: Final = sys.maxsize  # when text is drawn of which that is unknown: nothing is said to be over it
_FAR: Final = 15_000.0  # points: no page is longer


def hidden_runs(
    page: pypdfium2.PdfPage, runs: Sequence[Run], drawing: Drawing, frame: Frame, share: float
) -> frozenset[int]:
    """Positions of the runs that nobody sees.

    Invisible text over a page that is a picture is what a scanner recognised, and counts as seen.
    """
    scan = drawing.images if share >= _SCAN else []
    ground = Ground(drawing)
    hidden, suspects = set(), []
    for at, run in enumerate(runs):
        middle = _middle(run.rect)
        if not _holds(frame.visible, middle) or _is_tiny(run):
            hidden.add(at)
        elif (not run.ink.painted or ground.may_hide(run, middle)) and not _is_recognised(run, middle, scan):
            suspects.append(at)
    hidden.update(at for at in suspects if not runs[at].ink.painted)
    doubtful = [at for at in suspects if runs[at].ink.painted]
    if doubtful:
        hidden.update(_without_trace(page, [runs[at] for at in doubtful], doubtful, frame))
    return frozenset(hidden)


def _is_tiny(run: Run) -> bool:
    return run.ink.size < _TINY and run.rect.top - run.rect.bottom < _TINY


def _is_recognised(run: Run, middle: Point, scan: Sequence[Painted]) -> bool:
    """Whether a picture of the page, not something smaller, lies where the text is."""
    return any(_holds(image.rect, middle) for image in scan) and not (
        run.ink.painted and run.ink.lightness > _PALE
    )


class Ground:
    """What lies under and over the text: the filled areas and pictures of a page, found by height."""

    def __init__(self, drawing: Drawing) -> None:
        self._images = drawing.images
        self._orders = drawing.orders
        self._is_bare = not drawing.images and not drawing.fills
        self._bands: dict[int, list[Painted]] = {}
        for fill in drawing.fills[:_MOST_FILLS]:
            low, high = (
                int(min(max(side, -_FAR), _FAR) // _BAND) for side in (fill.rect.bottom, fill.rect.top)
            )
            for band in range(low, high + 1):
                self._bands.setdefault(band, []).append(fill)

    def may_hide(self, run: Run, middle: Point) -> bool:
        """Whether something was drawn over the text, or it is drawn in the colour of what lies under it."""
        if self._is_bare:
            return abs(run.ink.lightness - _PAPER) < _LIKE
        order = self._orders.get(run.item or 0, _LAST)
        for image in self._images:
            if image.order > order and _holds(image.rect, middle):
                return True
        lightness = _PAPER
        for fill in self._bands.get(int(middle[1] // _BAND), ()):
            if _holds(fill.rect, middle):
                if fill.order > order:
                    return True
                lightness = fill.lightness
        return abs(run.ink.lightness - lightness) < _LIKE


def _holds(rect: Rect, point: Point) -> bool:
    left, bottom, right, top = rect
    x, y = point
    return left <= x <= right and bottom <= y <= top


def _middle(rect: Rect) -> Point:
    left, bottom, right, top = rect
    return (left + right) / 2, (bottom + top) / 2


def _without_trace(
    page: pypdfium2.PdfPage, runs: Sequence[Run], places: Sequence[int], frame: Frame
) -> list[int]:
    """The places of the runs that can be taken off the page unnoticed."""
    boxes = [frame.box(*run.rect) for run in runs]
    strip = (
        int(max(min(box.top for box in boxes), 0.0)),
        int(min(max(box.bottom for box in boxes), frame.height)),
    )
    before = _picture(page, frame, strip)
    for run in runs:
        if run.item:
            native.set_active(run.item, 0)
    changed = ImageChops.difference(before, _picture(page, frame, strip))
    scale = _scale(frame)
    return [at for at, box in zip(places, boxes, strict=True) if not _shows(changed, box, strip[0], scale)]


def _scale(frame: Frame) -> float:
    """Pixels a point: one, or fewer for a poster."""
    return min(1.0, math.sqrt(_MOST_PIXELS / (frame.width * frame.height)))


def _picture(page: pypdfium2.PdfPage, frame: Frame, strip: tuple[int, int]) -> Image.Image:
    """The part of the page between two heights, as it looks, in greys."""
    crop = (0, int(frame.height) - strip[1], 0, strip[0])
    picture: Image.Image = page.render(
        scale=_scale(frame), crop=crop, grayscale=True, may_draw_forms=False
    ).to_pil()
    return picture


def _shows(changed: Image.Image, box: Box, top: int, scale: float) -> bool:
    """Whether there is a noticeable change where a word stands."""
    x0, y0, x1, y1 = (side * scale for side in (box.x0, box.top - top, box.x1, box.bottom - top))
    histogram = changed.crop((int(x0), int(y0), int(x1) + 1, int(y1) + 1)).histogram()
    return any(histogram[_NOTICEABLE:])
