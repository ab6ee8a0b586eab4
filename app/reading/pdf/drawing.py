"""What a page draws besides text: pictures, filled areas, and straight lines."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

from app.reading.pdf.code_areas import MODULES, is_dot, is_squarish
from app.reading.pdf.figures import Shape
from app.reading.pdf.frame import Rect

_MOST_OBJECTS: Final = 20_000  # a plan or a map; an invoice has hundreds
_MOST_SEGMENTS: Final = 200  # of one path; beyond it, it is a drawing
_DEEPEST: Final = 8  # forms within forms
_THIN: Final = 2.0  # points: a filled rectangle as thin as this is a line
_SHORT: Final = 4.0  # points: a line shorter than this divides nothing
_STRAIGHT: Final = 0.5  # points that the ends of a level line may differ
_WHITE: Final = 0.97
_RECTANGLE: Final = 5  # points with the closing one; more are a frame or a grid, which is hollow
_GLYPH: Final = 12.0  # points: a shape with many corners and smaller than this is a drawn letter or a sign
_OPAQUE: Final = 255

Point = tuple[float, float]


class Painted(NamedTuple):
    """An area that hides what was drawn before it."""

    rect: Rect
    order: int
    lightness: float
    """0 black to 1 white; meaningless for a picture."""


class Drawing:
    """The objects of a page, gone through once."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - a foreign handle
        self.images: list[Painted] = []
        self.fills: list[Painted] = []
        self.rulings: list[Rect] = []
        self.orders: dict[int, int] = {}
        """When each text object, named by its address, is drawn."""
        self.shapes: list[Shape] = []
        """Paths that are neither level lines nor rectangles."""
        self.outlines = 0
        """Filled shapes that are no rectangles: drawn letters, logos, charts."""
        self.dots: list[Rect] = []
        """Paths as small as the modules of a machine-readable code."""
        self.squares: list[Rect] = []
        """What has the shape and size of such a code and may show one."""
        self._count = 0
        self._bounds = tuple(ctypes.c_float() for _ in range(4))
        self._color = tuple(ctypes.c_uint() for _ in range(4))
        self._mode = (ctypes.c_int(), ctypes.c_int())
        self._walk(
            pdfium.FPDFPage_CountObjects(page), lambda index: pdfium.FPDFPage_GetObject(page, index), _same, 0
        )

    def _walk(self, count: int, get: Callable[[int], Any], place: "Place", depth: int) -> None:
        kinds = {pdfium.FPDF_PAGEOBJ_PATH: self._path, pdfium.FPDF_PAGEOBJ_IMAGE: self._image}
        for index in range(count):
            self._count += 1
            if self._count > _MOST_OBJECTS:
                return
            item = get(index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.orders[ctypes.addressof(item.contents)] = self._count
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                self._form(item, place, depth)
            elif kind in kinds:
                kinds[kind](item, place)

    def _form(self, form: Any, place: "Place", depth: int) -> None:  # noqa: ANN401 - a foreign handle
        self._note_square(self._rect(form, place))
        inner = _placed(form, place)
        self._walk(
            pdfium.FPDFFormObj_CountObjects(form),
            lambda index: pdfium.FPDFFormObj_GetObject(form, index),
            inner,
            depth + 1,
        )

    def _rect(self, item: Any, place: "Place") -> Rect:  # noqa: ANN401 - a foreign handle
        pdfium.FPDFPageObj_GetBounds(item, *self._bounds)
        left, bottom, right, top = (side.value for side in self._bounds)
        if place is _same:
            return Rect(left, bottom, right, top)
        return _around((place((left, bottom)), place((right, top))))

    def _image(self, image: Any, place: "Place") -> None:  # noqa: ANN401 - a foreign handle
        rect = self._rect(image, place)
        self.images.append(Painted(rect, self._count, 0.5))
        self._note_square(rect)

    def _note_square(self, rect: Rect) -> None:
        if is_squarish(rect):
            self.squares.append(rect)

    def _path(self, path: Any, place: "Place") -> None:  # noqa: ANN401 - a foreign handle
        rect = self._rect(path, place)
        width, height = rect.right - rect.left, rect.top - rect.bottom
        if is_dot(rect):
            self.dots.append(rect)
        if max(width, height) < _SHORT:
            return
        if min(width, height) <= _THIN:
            self.rulings.append(rect)
            return
        count = pdfium.FPDFPath_CountSegments(path)
        if count > MODULES:
            self._note_square(rect)
        if count > _MOST_SEGMENTS or (count > _RECTANGLE and max(width, height) < _GLYPH):
            self.outlines += 1
            self.shapes.append(Shape(rect, count))
        else:
            self._shape(path, place, rect, count)

    def _shape(self, path: Any, place: "Place", rect: Rect, count: int) -> None:  # noqa: ANN401 - a foreign handle
        fill, stroke = self._mode
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        simple = count in {_RECTANGLE - 1, _RECTANGLE} and _is_angular(path, 1, count)
        framed = count == 2 * _RECTANGLE and _is_angular(path, 1, _RECTANGLE)
        sides = _sides(rect) if simple or framed else tuple(_straight_sides(path, _placed(path, place)))
        lightness = self._lightness(path) if fill.value else 1.0
        if not sides:
            self.outlines += bool(fill.value)
            self.shapes.append(Shape(rect, count))
        if fill.value and simple and self._color[3].value >= _OPAQUE:
            self.fills.append(Painted(rect, self._count, lightness))
        if stroke.value or lightness < _WHITE:
            self.rulings.extend(sides)

    def _lightness(self, path: Any) -> float:  # noqa: ANN401 - a foreign handle
        """0 black to 1 white; a half for a pattern."""
        if not pdfium.FPDFPageObj_GetFillColor(path, *self._color):
            self._color[3].value = _OPAQUE
            return 0.5
        red, green, blue, _ = (part.value for part in self._color)
        return (0.299 * red + 0.587 * green + 0.114 * blue) / _OPAQUE


Place = Callable[[Point], Point]


def _same(point: Point) -> Point:
    return point


def _placed(item: Any, place: Place) -> Place:  # noqa: ANN401 - a foreign handle
    """How points of an object's own space come to the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    if (a, b, c, d, e, f) == (1, 0, 0, 1, 0, 0):
        return place
    return lambda point: place((a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f))


def _around(points: tuple[Point, Point]) -> Rect:
    (x, y), (u, v) = points
    return Rect(min(x, u), min(y, v), max(x, u), max(y, v))


def _is_angular(path: Any, first: int, end: int) -> bool:  # noqa: ANN401 - a foreign handle
    """Whether a stretch of a path has no curve and no second part."""
    return all(
        pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, index))
        == pdfium.FPDF_SEGMENT_LINETO
        for index in range(first, end)
    )


def _sides(rect: Rect) -> tuple[Rect, ...]:
    left, bottom, right, top = rect
    return (
        Rect(left, top, right, top),
        Rect(left, bottom, right, bottom),
        Rect(left, bottom, left, top),
        Rect(right, bottom, right, top),
    )


def _straight_sides(path: Any, place: Place) -> Iterator[Rect]:  # noqa: ANN401 - a foreign handle
    """The level and upright sides of a path that are long enough to divide something."""
    last = start = None
    for kind, point, closes in _steps(path):
        here = place(point)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif last is not None and kind == pdfium.FPDF_SEGMENT_LINETO and _is_level(last, here):
            yield _around((last, here))
        if closes and start is not None and _is_level(here, start):
            yield _around((here, start))
        last = here


def _steps(path: Any) -> Iterator[tuple[int, Point, bool]]:  # noqa: ANN401 - a foreign handle
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        closes = bool(pdfium.FPDFPathSegment_GetClose(segment))
        yield pdfium.FPDFPathSegment_GetType(segment), (x.value, y.value), closes


def _is_level(one: Point, other: Point) -> bool:
    across, along = sorted((abs(one[0] - other[0]), abs(one[1] - other[1])))
    return across <= _STRAIGHT and along >= _SHORT
