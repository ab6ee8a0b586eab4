"""The functions of PDFium that are called for every character or object of a page, made quick to call.

They take and give addresses as plain integers: making typed pointers for a call takes longer than the call.
"""

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from struct import Struct
from typing import Any, Final

from pypdfium2 import raw as pdfium

_WORD: Final = 4  # bytes of each number that these functions write


def _plain(function: Any) -> Any:  # noqa: ANN401 - a foreign function
    """The same function over integers."""
    same = type(function)(ctypes.cast(function, ctypes.c_void_p).value)
    same.argtypes = [_plain_type(kind) for kind in function.argtypes]
    same.restype = _plain_type(function.restype)
    return same


def _plain_type(kind: Any) -> Any:  # noqa: ANN401 - a type of ctypes
    return ctypes.c_void_p if hasattr(kind, "contents") else kind


font_size: Final = _plain(pdfium.FPDFText_GetFontSize)
render_mode: Final = _plain(pdfium.FPDFTextObj_GetTextRenderMode)
font: Final = _plain(pdfium.FPDFTextObj_GetFont)
page_object: Final = _plain(pdfium.FPDFPage_GetObject)
form_count: Final = _plain(pdfium.FPDFFormObj_CountObjects)
form_object: Final = _plain(pdfium.FPDFFormObj_GetObject)
object_kind: Final = _plain(pdfium.FPDFPageObj_GetType)
_object_matrix: Final = _plain(pdfium.FPDFPageObj_GetMatrix)
fill_color: Final = _plain(pdfium.FPDFPageObj_GetFillColor)
set_active: Final = _plain(pdfium.FPDFPageObj_SetIsActive)
draw_mode: Final = _plain(pdfium.FPDFPath_GetDrawMode)
segment_count: Final = _plain(pdfium.FPDFPath_CountSegments)
segment: Final = _plain(pdfium.FPDFPath_GetPathSegment)
segment_kind: Final = _plain(pdfium.FPDFPathSegment_GetType)
_segment_point: Final = _plain(pdfium.FPDFPathSegment_GetPoint)
_segment_closes: Final = _plain(pdfium.FPDFPathSegment_GetClose)
char_box: Final = _plain(pdfium.FPDFText_GetLooseCharBox)
_text_object: Final = _plain(pdfium.FPDFText_GetTextObject)
_char_matrix: Final = _plain(pdfium.FPDFText_GetMatrix)
_bounds: Final = _plain(pdfium.FPDFPageObj_GetBounds)


def address(handle: Any) -> int:  # noqa: ANN401 - a foreign handle
    """Where the thing that a handle stands for is kept."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


class Records:
    """Places in memory that calls write to, a record for each call; what is not written keeps its default."""

    def __init__(self, layout: str, count: int, default: tuple[float, ...] | None = None) -> None:
        self._record = Struct(layout)
        self.bytes = bytearray(self._record.pack(*default) if default else self._record.size) * count
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes)) if count else 0
        end, size = start + len(self.bytes), self._record.size
        self.fields = [range(start + part, end + part, size) for part in range(0, size, _WORD)]
        """The addresses of each field of all records."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._record.iter_unpack(self.bytes)


class Cell:
    """A single record that one call after another writes to."""

    def __init__(self, layout: str, default: tuple[float, ...] | None = None) -> None:
        self._records = Records(layout, 1, default)
        self.fields = [field[0] for field in self._records.fields]
        """The addresses of its fields."""

    @property
    def values(self) -> tuple[Any, ...]:
        """What was written last."""
        [values] = self._records
        return values


def char_boxes(textpage: int, indices: Sequence[int]) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of characters: their advance, and the height of their font."""
    records = Records("4f", len(indices))
    _run(map(char_box, repeat(textpage), indices, records.fields[0]))
    sides = memoryview(records.bytes).cast("f")  # here PDFium has the top before the bottom
    return zip(sides[0::4], sides[3::4], sides[2::4], sides[1::4], strict=True)


def char_matrices(textpage: int, indices: Sequence[int]) -> Iterator[tuple[float, float, float, float]]:
    """How characters are turned and stretched: the matrix without the place."""
    records = Records("4f8x", len(indices), (1.0, 0.0, 0.0, 1.0))
    _run(map(_char_matrix, repeat(textpage), indices, records.fields[0]))
    return iter(records)


def fill_colors(items: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """Red, green, blue and opacity of what fills objects, each to 255; opaque black for a pattern."""
    records = Records("4I", len(items), (0, 0, 0, 255))
    _run(map(fill_color, items, *records.fields))
    return iter(records)


def text_objects(textpage: int, indices: Sequence[int]) -> list[int | None]:
    """The objects that characters belong to; `None` for characters that only the text page has."""
    return list(map(_text_object, repeat(textpage), indices))


def bounds(items: Sequence[int]) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of objects, in the space they stand in."""
    records = Records("4f", len(items))
    _run(map(_bounds, items, *records.fields))
    return iter(records)


def object_matrix(item: int) -> tuple[float, ...]:
    """How an object's own space comes to the one it stands in."""
    record = Cell("6f", (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    _object_matrix(item, record.fields[0])
    return record.values


def steps(path: int, count: int) -> Iterator[tuple[int, tuple[float, float], int]]:
    """The first segments of a path: their kind, where they end, and whether they close a part of it."""
    segments = list(map(segment, repeat(path), range(count)))
    ends = Records("2f", count)
    _run(map(_segment_point, segments, *ends.fields))
    return zip(map(segment_kind, segments), ends, map(_segment_closes, segments), strict=True)


def _run(calls: Iterator[Any]) -> None:
    deque(calls, maxlen=0)
