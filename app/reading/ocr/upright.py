"""A picture as a page that stands upright: which way it is turned, and by how little it is askew."""

from math import atan2, cos, degrees, hypot, radians, sin
from statistics import median
from typing import Final, NamedTuple

from PIL import Image

from app.model.document import Word
from app.reading.ocr.engine import Engine, Point, SeenText, SeenWord
from app.reading.ocr.proved import proved
from app.reading.ocr.spelling import usual
from app.reading.ocr.strips import recognise_whole

_TALL: Final = 1.0
_SQUARE: Final = 3
"""Letters that together may be as high as they are wide, whichever way they run."""
_MOSTLY: Final = 0.5
_DOUBTFUL: Final = 0.8
"""Mean confidence below which a page may be lying the wrong way round; upright print reads above 0.9."""
_LONG_WORD: Final = 2.5
"""Width over height from which a word shows the direction of its line well."""
_FEW: Final = 5
_FLAT: Final = 0.15
"""Degrees of skew that no line of a page notices."""


class UprightText(NamedTuple):
    """The words of a picture in pixels of the picture once turned upright."""

    words: tuple[Word, ...]
    width: int
    height: int
    turned: float
    """Degrees, counter-clockwise, by which the picture was turned; quarter turns and skew together."""


def read_upright(picture: Image.Image, engine: Engine) -> UprightText:
    """Recognise a picture whichever way it lies, and set its words straight."""
    quarter, seen = _best_turn(picture, engine)
    width, height = picture.size if quarter % 180 == 0 else picture.size[::-1]
    skew = _skew(seen)
    centre = (width / 2, height / 2)
    words = tuple(_straight(word, skew, centre) for word in proved(seen.words))
    return UprightText(words, width, height, quarter + skew)


def _best_turn(picture: Image.Image, engine: Engine) -> tuple[int, SeenText]:
    best = (0, recognise_whole(picture, engine))
    tried: tuple[int, ...]
    if _is_lying(best[1]):
        tried = (90, 270)
    elif _certainty(best[1]) < _DOUBTFUL:
        tried = (180,)
    else:
        return best
    for turn in tried:
        other = recognise_whole(picture.rotate(turn, expand=True), engine)
        if _weight(other) > _weight(best[1]):
            best = (turn, other)
    return best


def _is_lying(seen: SeenText) -> bool:
    """Whether most of what is longer than a letter or two runs from top to bottom."""
    long = [word for word in seen.words if len(word.text) > _SQUARE]
    return bool(long) and sum(_is_tall(word) for word in long) > _MOSTLY * len(long)


def _is_tall(word: SeenWord) -> bool:
    width, height = _size(word)
    return len(word.text) > _SQUARE and height > _TALL * width


def _size(word: SeenWord) -> tuple[float, float]:
    across = [x for x, _ in word.corners]
    down = [y for _, y in word.corners]
    return max(across) - min(across), max(down) - min(down)


def _certainty(seen: SeenText) -> float:
    letters = sum(len(word.text) for word in seen.words)
    return sum(word.confidence * len(word.text) for word in seen.words) / letters if letters else 1.0


def _weight(seen: SeenText) -> float:
    """How much was read well: letters by the square of their confidence, but none of words on their side."""
    return sum(len(word.text) * word.confidence**2 for word in seen.words if not _is_tall(word))


def _skew(seen: SeenText) -> float:
    """Degrees by which lines fall to the right, by the median long word; 0 when it does not matter."""
    angles = [_angle(word) for word in seen.words if _is_long(word)]
    if len(angles) < _FEW:
        return 0.0
    angle = median(angles)
    return angle if abs(angle) > _FLAT else 0.0


def _is_long(word: SeenWord) -> bool:
    (x0, y0), (x1, y1), _, (x3, y3) = word.corners
    return hypot(x1 - x0, y1 - y0) > _LONG_WORD * hypot(x3 - x0, y3 - y0)


def _angle(word: SeenWord) -> float:
    (x0, y0), (x1, y1) = word.corners[:2]
    return degrees(atan2(y1 - y0, x1 - x0))


def turn_point(point: Point, angle: float, centre: Point) -> Point:
    """Where a point comes to stand when a page is turned counter-clockwise by degrees about a centre."""
    x, y = point[0] - centre[0], point[1] - centre[1]
    c, s = cos(radians(angle)), sin(radians(angle))
    return centre[0] + x * c + y * s, centre[1] - x * s + y * c


def _straight(word: SeenWord, skew: float, centre: Point) -> Word:
    corners = [turn_point(corner, skew, centre) for corner in word.corners] if skew else word.corners
    across, down = [x for x, _ in corners], [y for _, y in corners]
    if skew:
        # A turned box grows when it is boxed again: the upright height is the length of its own short side.
        middle, half = sum(down) / 4, hypot(down[3] - down[0], across[3] - across[0]) / 2
        down = [middle - half, middle + half]
    return Word(
        text=usual(word.text),
        x0=min(across),
        top=min(down),
        x1=max(across),
        bottom=max(down),
        size=max(down) - min(down),
        confidence=word.confidence,
    )
