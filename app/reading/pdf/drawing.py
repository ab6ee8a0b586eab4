"""What a page draws besides text: pictures, filled areas, and straight lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, Final, NamedTuple

from pypdfium2 import raw as pdfium

from app.reading.pdf import native
from app.reading.pdf.code_areas import DOT, MODULES, is_squarish
from app.reading.pdf.figures import Shape
from app.reading.pdf.frame import Rect, rects_of

_TEXT: Final = pdfium.FPDF_PAGEOBJ_TEXT
_PATH: Final = pdfium.FPDF_PAGEOBJ_PATH
_IMAGE: Final = pdfium.FPDF_PAGEOBJ_IMAGE
_FORM: Final = pdfium.FPDF_PAGEOBJ_FORM
_PLACED: Final = frozenset({_PATH, _IMAGE, _FORM})  # text is measured by its characters
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
        self._color = native.Cell("4I")
        self._mode = native.Cell("2i")
        count, handle = pdfium.FPDFPage_CountObjects(page), native.address(page.raw)
        self._walk(list(map(native.page_object, repeat(handle), range(min(count, _MOST_OBJECTS)))), _same, 0)

    def _walk(self, items: Sequence[int], place: "Place", depth: int) -> None:
        kinds = list(map(native.object_kind, items))
        placed = [item for item, kind in zip(items, kinds, strict=True) if kind in _PLACED]
        rects = iter(_rects(native.bounds(placed), place))
        for item, kind in zip(items, kinds, strict=True):
            self._count += 1
            if self._count > _MOST_OBJECTS:
                return
            if kind == _TEXT:
                self.orders[item] = self._count
            elif kind == _PATH:
                self._path(item, next(rects), place)
            elif kind == _IMAGE:
                self._image(next(rects))
            elif kind == _FORM:
                self._form(item, next(rects), place, depth)

    def _form(self, form: int, rect: Rect, place: "Place", depth: int) -> None:
        self._note_square(rect)
        if depth < _DEEPEST:
            count = min(native.form_count(form), _MOST_OBJECTS - self._count)
            items = list(map(native.form_object, repeat(form), range(count)))
            self._walk(items, _placed(form, place), depth + 1)

    def _image(self, rect: Rect) -> None:
        self.images.append(Painted(rect, self._count, 0.5))
        self._note_square(rect)

    def _note_square(self, rect: Rect) -> None:
        if is_squarish(rect):
            self.squares.append(rect)

    def _path(self, path: int, rect: Rect, place: "Place") -> None:
        left, bottom, right, top = rect
        short, long = sorted((right - left, top - bottom))
        if long < DOT:
            self.dots.append(rect)
        if long < _SHORT:
            return
        if short <= _THIN:
            self.rulings.append(rect)
            return
        count = native.segment_count(path)
        if count > MODULES:
            self._note_square(rect)
        if count > _MOST_SEGMENTS or (count > _RECTANGLE and long < _GLYPH):
            self.outlines += 1
            self.shapes.append(Shape(rect, count))
        else:
            self._shape(path, place, rect, count)

    def _shape(self, path: int, place: "Place", rect: Rect, count: int) -> None:
        native.draw_mode(path, *self._mode.fields)
        fill, stroke = self._mode.values
        simple = count in {_RECTANGLE - 1, _RECTANGLE} and _is_angular(path, 1, count)
        framed = count == 2 * _RECTANGLE and _is_angular(path, 1, _RECTANGLE)
        straight = simple or framed
        sides = _sides(rect) if straight else list(_straight_sides(path, count, _placed(path, place)))
        lightness, opaque = self._paint(path) if fill else (1.0, False)
        if not sides:
            self.outlines += bool(fill)
            self.shapes.append(Shape(rect, count))
        if opaque and simple:
            self.fills.append(Painted(rect, self._count, lightness))
        if stroke or lightness < _WHITE:
            self.rulings.extend(sides)

    def _paint(self, path: int) -> tuple[float, bool]:
        """0 black to 1 white, a half for a pattern; and whether it covers what is under it."""
        if not native.fill_color(path, *self._color.fields):
            return 0.5, True
        red, green, blue, alpha = self._color.values
        return (0.299 * red + 0.587 * green + 0.114 * blue) / _OPAQUE, alpha >= _OPAQUE


Place = Callable[[Point], Point]


def _same(point: Point) -> Point:
    return point


def _placed(item: int, place: Place) -> Place:
    """How points of an object's own space come to the page."""
    a, b, c, d, e, f = native.object_matrix(item)
    if (a, b, c, d, e, f) == (1, 0, 0, 1, 0, 0):
        return place
    return lambda point: place((a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f))


def _rects(bounds: Iterable[tuple[float, float, float, float]], place: Place) -> list[Rect]:
    """The bounds of objects as they stand on the page."""
    if place is _same:
        return rects_of(bounds)
    return [_around((place((left, bottom)), place((right, top)))) for left, bottom, right, top in bounds]


def _around(points: tuple[Point, Point]) -> Rect:
    (x, y), (u, v) = points
    return Rect(min(x, u), min(y, v), max(x, u), max(y, v))


def _is_angular(path: int, first: int, end: int) -> bool:
    """Whether a stretch of a path has no curve and no second part."""
    segments = map(native.segment, repeat(path), range(first, end))
    return set(map(native.segment_kind, segments)) <= {pdfium.FPDF_SEGMENT_LINETO}


def _sides(rect: Rect) -> list[Rect]:
    left, bottom, right, top = rect
    return rects_of((
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, bottom, left, top),
        (right, bottom, right, top),
    ))  # fmt: skip


def _straight_sides(path: int, count: int, place: Place) -> Iterator[Rect]:
    """The level and upright sides of a path that are long enough to divide something."""
    last = start = None
    for kind, point, closes in native.steps(path, count):
        here = place(point)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif last is not None and kind == pdfium.FPDF_SEGMENT_LINETO and _is_level(last, here):
            yield _around((last, here))
        if closes and start is not None and _is_level(here, start):
            yield _around((here, start))
        last = here


def _is_level(one: Point, other: Point) -> bool:
    across, along = sorted((abs(one[0] - other[0]), abs(one[1] - other[1])))
    return across <= _STRAIGHT and along >= _SHORT
