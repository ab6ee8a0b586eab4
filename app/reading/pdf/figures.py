"""Pictures that are drawn of lines and curves: where enough of them stand together."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from app.reading.pdf.frame import Rect, around

_MOST_SHAPES: Final = 2000  # of a page that are looked at; of more, every so many
_CELL: Final = 9.0  # points: shapes nearer to each other than about this belong together
_SMALLEST: Final = 30.0  # points of the shorter side
_FEWEST_STROKES: Final = 12  # sides and curves; a frame with round corners or an underline has fewer
_WORD: Final = 250.0  # square points of a word on the page
_WORDY: Final = 0.25  # of its area: a shape with so many words on it is their background


class Shape(NamedTuple):
    """A path that is neither a level line nor a rectangle."""

    rect: Rect
    strokes: int


def figures(shapes: Sequence[Shape], page: Rect, words: Sequence[Rect]) -> Iterator[Rect]:
    """The rectangles around groups of shapes that show something."""
    step = max(1, len(shapes) // _MOST_SHAPES)
    for group in _groups([_clipped(shape, page) for shape in shapes[::step]]):
        rect = around([shape.rect for shape in group])
        width, height = rect.right - rect.left, rect.top - rect.bottom
        strokes = step * sum(shape.strokes for shape in group)
        within = sum(_is_within(word, rect) for word in words)
        if (
            min(width, height) >= _SMALLEST
            and strokes >= _FEWEST_STROKES
            and within * _WORD < _WORDY * width * height
        ):
            yield rect


def _clipped(shape: Shape, page: Rect) -> Shape:
    left, bottom, right, top = shape.rect
    inside = Rect(max(left, page.left), max(bottom, page.bottom), min(right, page.right), min(top, page.top))
    return shape._replace(rect=inside)


def _groups(shapes: Sequence[Shape]) -> list[list[Shape]]:
    """Shapes whose rectangles share cells of a net over the page, directly or through others."""
    roots = list(range(len(shapes)))
    owners: dict[tuple[int, int], int] = {}
    for number, shape in enumerate(shapes):
        for cell in _cells(shape.rect):
            roots[_root(roots, owners.setdefault(cell, number))] = _root(roots, number)
    groups: dict[int, list[Shape]] = {}
    for number, shape in enumerate(shapes):
        groups.setdefault(_root(roots, number), []).append(shape)
    return list(groups.values())


def _root(roots: list[int], number: int) -> int:
    while roots[number] != number:
        roots[number] = roots[roots[number]]
        number = roots[number]
    return number


def _cells(rect: Rect) -> Iterable[tuple[int, int]]:
    for x in range(int(rect.left // _CELL), int(rect.right // _CELL) + 1):
        for y in range(int(rect.bottom // _CELL), int(rect.top // _CELL) + 1):
            yield x, y


def _is_within(word: Rect, rect: Rect) -> bool:
    x, y = (word.left + word.right) / 2, (word.bottom + word.top) / 2
    return rect.left < x < rect.right and rect.bottom < y < rect.top
