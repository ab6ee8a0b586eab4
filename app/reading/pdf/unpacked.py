"""What a PDF's streams grow to, found out before anything keeps them in memory."""

import re
import sys
import zlib
from collections.abc import Iterator
from typing import Final

from app.errors import TooLarge, Unreadable
from app.model.limits import Limits

# RFC 1951 cannot pack tighter than about 1 : 1032.
_TIGHTEST: Final = 1032
_STEP: Final = 1 << 20
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

    Files that cannot exceed the limit at the tightest packing there is are not unpacked to see.

    Raises:
        Unreadable: the file was cut off.
        TooLarge: its streams unpack to more than `limits.unpacked_bytes`.
    """
    if b"startxref" not in data[-_TAIL:]:
        raise Unreadable("The PDF is cut off: its end is missing.")
    if len(data) * _TIGHTEST <= limits.unpacked_bytes and not _is_twice_packed(data):
        return
    total = 0
    for start, end in _streams(data):
        twice = _is_twice_packed(data, max(0, start - _DICTIONARY), start)
        total += _grown(data[start:end], limits.unpacked_bytes - total, twice)
        if total > limits.unpacked_bytes:
            raise TooLarge("The PDF unpacks to more data than may be read.")


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


def _grown(packed: bytes, room: int, twice: bool) -> int:
    """Bytes after unpacking, counted until they exceed the room."""
    pieces = _inflated(iter([packed]))
    if twice:
        pieces = _inflated(pieces)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > room:
            break
    return size


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked bytes in pieces; nothing more where they stop being a deflate stream."""
    engine = zlib.decompressobj()
    try:
        for piece in packed:
            rest = piece
            while rest and not engine.eof:
                yield engine.decompress(rest, _STEP)
                rest = engine.unconsumed_tail
    except zlib.error:
        return
