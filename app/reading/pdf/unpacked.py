"""What a PDF's streams grow to, found out before anything keeps them in memory."""

import math
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from app.errors import TooLarge, Unreadable
from app.model.limits import Limits

# RFC 1951 cannot pack tighter than about 1 : 1032.
_TIGHTEST: Final = 1032
_STEP: Final = 1 << 20
_SLICE: Final = 1 << 15
_STREAM: Final = re.compile(rb"stream\r?\n")
# Each begins with letters of its own, which is what makes a search through megabytes fast.
_TWICE_PACKED: Final = tuple(
    re.compile(first + rb"\b[\s/]+(?:FlateDecode|Fl|LZW)")
    for first in (rb"Decode(?:(?<=FlateDecode)|(?<=LZWDecode)|(?<=RunLengthDecode))", rb"/Fl")
)
_DICTIONARY: Final = 600
_TAIL: Final = 65_536


def check_streams(data: bytes, limits: Limits) -> None:
    """Refuse a PDF whose end is missing, or whose compressed streams would fill the memory.

    What cannot exceed the limit at the tightest packing there is is not unpacked to see.

    Raises:
        Unreadable: the file was cut off.
        TooLarge: its streams unpack to more than `limits.unpacked_bytes`.
    """
    if b"startxref" not in data[-_TAIL:]:
        raise Unreadable("The PDF is cut off: its end is missing.")
    tightest = math.inf if _is_twice_packed(data) else _TIGHTEST
    for at, grown in _growth(data):
        if grown > limits.unpacked_bytes:
            raise TooLarge("The PDF unpacks to more data than may be read.")
        if grown + tightest * (len(data) - at) <= limits.unpacked_bytes:
            return


def _growth(data: bytes) -> Iterator[tuple[int, int]]:
    """How much the streams before a place in the file have grown to, place after place."""
    size = 0
    yield 0, size
    for start, end in _streams(data):
        for at, piece in _unpacked(data, start, end):
            size += len(piece)
            yield at, size


def _streams(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each stream's bytes begin and end."""
    at = 0
    while match := _STREAM.search(data, at):
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        if data[match.start() - 3 : match.start()] != b"end":
            yield match.end(), end
        at = end + len(b"endstream")


def _is_twice_packed(data: bytes, start: int = 0, end: int = sys.maxsize) -> bool:
    return any(filters.search(data, start, end) for filters in _TWICE_PACKED)


def _unpacked(data: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The unpacked bytes of a stream in pieces, each with the place in the file up to which it is done.

    Nothing more comes where it stops being a deflate stream.
    """
    engine, second = zlib.decompressobj(), zlib.decompressobj()
    twice = _is_twice_packed(data, max(0, start - _DICTIONARY), start)
    with suppress(zlib.error):
        for at in range(start, end, _SLICE):
            for piece in _inflated(engine, data[at : min(at + _SLICE, end)]):
                for last in _inflated(second, piece) if twice else (piece,):
                    yield at, last


def _inflated(engine: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed and not engine.eof:
        yield engine.decompress(packed, _STEP)
        packed = engine.unconsumed_tail
