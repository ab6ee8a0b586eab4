"""Where on a page a machine-readable code may stand: in a squarish picture, or in a heap of small squares.

A code printed to be scanned has sides of 1 to 9 cm, drawn as one picture, one path, or many.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from app.model.evidence import Box
from app.reading.pdf.frame import Frame, Rect, around

MODULES: Final = 120
"""Pieces, of one path or of a page, from which they may be a code (the smallest QR code has 441 modules)."""
DOT: Final = 8.0
"""Points: the sides of such a piece are shorter."""
_FEWEST: Final = 60  # pieces of one heap, those that touch being drawn as one
_CELL: Final = 12.0  # points: dots in neighbouring cells of such a net belong together
_NARROW: Final = (
    20.0  # points of the shorter side of a heap; dots that lead the eye or rule a line are flatter
)
_SMALLEST: Final = 28.0
_LARGEST: Final = 260.0
_SQUARE: Final = 1.35  # longer side over shorter of what may be a square code with its margin
_MARGIN: Final = 8.0


def is_squarish(rect: Rect) -> bool:
    """Whether it has the shape and the size of a code that is scanned from paper."""
    short, long = sorted((rect.right - rect.left, rect.top - rect.bottom))
    return short >= _SMALLEST and long <= min(_LARGEST, _SQUARE * short)


def code_areas(squares: Sequence[Rect], dots: Sequence[Rect], frame: Frame) -> list[Box]:
    """The parts of a page, as displayed, where a code may be; none within another."""
    heaps = _heaps(dots) if len(dots) > MODULES else ()
    areas = list(dict.fromkeys(_with_margin(rect, frame) for rect in (*squares, *heaps)))
    return [area for area in areas if not any(_holds(other, area) for other in areas if other != area)]


def _heaps(dots: Sequence[Rect]) -> Iterator[Rect]:
    """Around dots that are many, stand together and do not form a line."""
    cells: dict[tuple[int, int], list[Rect]] = defaultdict(list)
    for dot in dots:
        cells[int(dot.left // _CELL), int(dot.bottom // _CELL)].append(dot)
    while cells:
        heap = _heap_at(next(iter(cells)), cells)
        rect = around(heap)
        if len(heap) >= _FEWEST and min(rect.right - rect.left, rect.top - rect.bottom) >= _NARROW:
            yield rect


def _heap_at(cell: tuple[int, int], cells: dict[tuple[int, int], list[Rect]]) -> list[Rect]:
    """The dots of a cell and of all that are reached from it through its neighbours; they are taken out."""
    heap, reached = cells.pop(cell), [cell]
    while reached:
        x, y = reached.pop()
        for neighbour in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            if neighbour in cells:
                heap.extend(cells.pop(neighbour))
                reached.append(neighbour)
    return heap


def _with_margin(rect: Rect, frame: Frame) -> Box:
    box = frame.box(*rect)
    return Box(
        max(0.0, box.x0 - _MARGIN),
        max(0.0, box.top - _MARGIN),
        min(frame.width, box.x1 + _MARGIN),
        min(frame.height, box.bottom + _MARGIN),
    )


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x0 <= inner.x0
        and outer.top <= inner.top
        and outer.x1 >= inner.x1
        and outer.bottom >= inner.bottom
    )
