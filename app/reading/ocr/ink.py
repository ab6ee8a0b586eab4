"""Where the ink of a line of text stands: the engine tells the places of its words only roughly.

The gaps between words decide what is a label, what its value, and which words make a name, so they are
measured on the picture.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.reading.ocr.engine import Point, SeenWord
from app.reading.ocr.spaces import Span, lost_spaces, widths

Pixels = NDArray[np.uint8]
_LOWEST: Final = 6
"""Pixels of a line's height below which nothing is measured."""
_FAINT: Final = 40
"""Shades between ink and paper below which a line is too faint to measure."""
_MOSTLY: Final = 0.5
_RULE: Final = 0.85
"""The part of a row of pixels that is ink from which it is a drawn line."""
_REACH: Final = 0.6
"""Of the line's height: how far from where the engine saw it a gap may be."""


def tightened(words: Sequence[SeenWord], line: Sequence[Point], grey: Pixels) -> list[SeenWord]:
    """The words of one line, from left to right, each as wide as its ink.

    `line` is the quadrangle of the whole line on the picture `grey`, clockwise from its top left corner.
    """
    width = round(hypot(line[1][0] - line[0][0], line[1][1] - line[0][1]))
    height = round(hypot(line[3][0] - line[0][0], line[3][1] - line[0][1]))
    if height < _LOWEST or width < height:
        return list(words)
    inked = _inked_columns(_flattened(line, width, height, grey))
    if inked is None:
        return list(words)
    spans = [_span(word, line, width) for word in words]
    spans = _measured(spans, inked, round(_REACH * height))
    between = widths(spans)
    return [
        _widened(part, part_span, line, width)
        for word, span in zip(words, spans, strict=True)
        for part, part_span in _parted(word, span, inked, between, height)
    ]


def _parted(
    word: SeenWord, span: Span, inked: NDArray[np.bool_], between: Sequence[int], height: int
) -> Iterator[tuple[SeenWord, Span]]:
    """The word, or the words that it is where recognition lost the spaces between them."""
    done, begin = 0, span[0]
    for at, gap in lost_spaces(word.text, span, _gaps(inked, span), between, height):
        yield word._replace(text=word.text[done:at]), (begin, gap[0])
        done, begin = at, gap[1]
    yield word._replace(text=word.text[done:]), (begin, span[1])


def _gaps(inked: NDArray[np.bool_], span: Span) -> list[Span]:
    """The runs of paper inside a span."""
    inner = np.concatenate(([1], inked[span[0] : span[1]].astype(np.int8), [1]))
    steps = np.diff(inner)
    starts, ends = np.flatnonzero(steps == -1), np.flatnonzero(steps == 1)
    return [(span[0] + int(a), span[0] + int(b)) for a, b in zip(starts, ends, strict=True)]


def _flattened(line: Sequence[Point], width: int, height: int, grey: Pixels) -> Pixels:
    """The line cut out of the picture and laid level."""
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(np.array(line, np.float32), corners)
    return np.asarray(
        cv2.warpPerspective(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _inked_columns(cut: Pixels) -> NDArray[np.bool_] | None:
    """For every column of a line whether ink stands in it; `None` where ink and paper are too much alike."""
    _, dark = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = dark.astype(bool)
    if ink.mean() > _MOSTLY:
        ink = ~ink  # light letters on a dark ground
    if not ink.any() or ink.all() or abs(float(cut[ink].mean()) - float(cut[~ink].mean())) < _FAINT:
        return None
    level = ink.mean(axis=1) < _RULE
    columns: NDArray[np.bool_] = ink[level].any(axis=0)
    return columns if columns.any() else None


def _span(word: SeenWord, line: Sequence[Point], width: int) -> tuple[int, int]:
    """Where a word begins and ends along its line, in pixels of the flattened line."""
    across = ((line[1][0] - line[0][0]) / width, (line[1][1] - line[0][1]) / width)

    def along(point: Point) -> int:
        return round((point[0] - line[0][0]) * across[0] + (point[1] - line[0][1]) * across[1])

    return along(word.corners[0]), along(word.corners[1])


def _measured(spans: list[tuple[int, int]], inked: NDArray[np.bool_], reach: int) -> list[tuple[int, int]]:
    """The spans with their gaps where the paper shows, and their ends where the ink does."""
    found = np.flatnonzero(inked)
    edges = [int(found[0])]
    for (begin, end), (start, stop) in pairwise(spans):
        left = max(min(end, start) - reach, (begin + end) // 2, edges[-1] + 1)
        right = min(max(end, start) + reach, (start + stop) // 2 + 1, len(inked))
        edges += _widest_gap(inked, left, right) or [max(end, edges[-1] + 1), max(start, edges[-1] + 2)]
    edges.append(max(int(found[-1]) + 1, edges[-1] + 1))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _widest_gap(inked: NDArray[np.bool_], left: int, right: int) -> list[int] | None:
    """Begin and end of the widest run of paper between two columns that has ink on both sides."""
    best: tuple[int, int] | None = None
    start: int | None = None
    for column in range(left, right):
        if inked[column]:
            if start is not None and start > 0 and (best is None or column - start > best[1] - best[0]):
                best = (start, column)
            start = None
        elif start is None:
            start = column
    if start is not None:
        end = next((column for column in range(right, len(inked)) if inked[column]), None)
        if end is not None and (best is None or end - start > best[1] - best[0]):
            best = (start, end)
    return list(best) if best else None


def _widened(word: SeenWord, span: tuple[int, int], line: Sequence[Point], width: int) -> SeenWord:
    """The word between two places along its line, as high as it was."""
    top_left, _, _, bottom_left = word.corners
    across = ((line[1][0] - line[0][0]) / width, (line[1][1] - line[0][1]) / width)
    base = _span(word, line, width)[0]

    def at(corner: Point, column: int) -> Point:
        return corner[0] + (column - base) * across[0], corner[1] + (column - base) * across[1]

    begin, end = span
    return word._replace(
        corners=(at(top_left, begin), at(top_left, end), at(bottom_left, end), at(bottom_left, begin))
    )
