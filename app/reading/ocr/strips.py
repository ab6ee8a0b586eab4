"""Long pictures (till rolls, whole pages as screenshots) read piece by piece, that none is shrunk to nothing.

An engine looks at a picture of a fixed size: what is many times as long as it is wide would be read at a
fraction of its resolution, and would need memory for all of it at once.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from PIL import Image, ImageFilter

from app.reading.ocr.engine import Engine, SeenText, SeenWord

_LONG: Final = 2.2
"""Longer side over shorter, from which a picture is cut; a sheet of any paper is below it."""
_PIECE: Final = 1.4
"""Length of a piece over the shorter side."""
_SHORTEST: Final = 800
"""Pixels that a piece has at least: a picture as narrow as a thread is not cut into thousands."""
_SEARCH: Final = 0.3
"""Of the shorter side: how far from its usual place a cut may be moved to fall between two lines."""
_MARGIN: Final = 0.06
"""Of the shorter side: what a piece shows beyond its cuts, so that a line askew is seen whole."""


def recognise_whole(picture: Image.Image, engine: Engine) -> SeenText:
    """Read a picture of any shape."""
    short, long = sorted(picture.size)
    if long <= _LONG * short:
        return engine.recognise(picture)
    lying = picture.width > picture.height
    margin = round(_MARGIN * short)
    words: list[SeenWord] = []
    for begin, end in pairwise(_cuts(picture)):
        first, last = max(begin - margin, 0), min(end + margin, long)
        area = (first, 0, last, picture.height) if lying else (0, first, picture.width, last)
        for word in engine.recognise(picture.crop(area)).words:
            placed = _moved(word, *area[:2])
            if begin <= _middle(placed, lying=lying) < end:
                words.append(placed)
    return SeenText(tuple(words))


def _cuts(picture: Image.Image) -> list[int]:
    """Where to cut along the longer side: in the emptiest rows near every multiple of a piece."""
    short, long = sorted(picture.size)
    pieces = max(round(long / max(_PIECE * short, _SHORTEST)), 1)
    empty = _unevenness(picture)
    return [0, *_inner_cuts(empty, pieces, round(_SEARCH * short)), long]


def _inner_cuts(unevenness: list[float], pieces: int, reach: int) -> Iterator[int]:
    for number in range(1, pieces):
        at = len(unevenness) * number // pieces
        near = range(max(at - reach, 0), min(at + reach, len(unevenness)))
        yield min(near, key=lambda row: (unevenness[row], abs(row - at)))


def _unevenness(picture: Image.Image) -> list[float]:
    """By position along the longer side, how much the shades across differ: little between two lines."""
    grey = picture.convert("L")
    if grey.width > grey.height:
        grey = grey.transpose(Image.Transpose.TRANSPOSE)
    edges = grey.filter(ImageFilter.FIND_EDGES).resize((1, grey.height), Image.Resampling.BOX)
    return [float(shade) for shade in edges.tobytes()]


def _moved(word: SeenWord, right: int, down: int) -> SeenWord:
    first, second, third, fourth = ((x + right, y + down) for x, y in word.corners)
    return word._replace(corners=(first, second, third, fourth))


def _middle(word: SeenWord, *, lying: bool) -> float:
    axis = 0 if lying else 1
    return sum(corner[axis] for corner in word.corners) / 4
