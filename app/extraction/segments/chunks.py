"""Pieces of a document that respect its segments: a row of a table is never cut."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.model.segment import Chunk, Segment, SegmentType

_PIECES: Final = re.compile(r"\w+|[^\w\s]")
_LETTERS_A_TOKEN: Final = 4
_SENTENCE: Final = re.compile(r"(?<=[.!?;:])\s+|\n+")
_BETWEEN: Final = "\n\n"
_HEAD_LINES: Final = 2


def cut(segments: Sequence[Segment], size: int, overlap: int) -> tuple[Chunk, ...]:
    """Chunks of at most `size` characters, each beginning with up to `overlap` characters of the one before.

    A single sentence or row longer than `size` is a chunk of its own.
    """
    chunks: list[Chunk] = []
    held: list[Segment] = []
    for piece in (part for segment in segments for part in _pieces(segment, size)):
        if held and _length(held) + len(_BETWEEN) + len(piece.markdown) > size:
            chunks.append(_chunk(len(chunks), held))
            held = _tail(held, min(overlap, size - len(piece.markdown) - len(_BETWEEN)))
        held.append(piece)
    if held:
        chunks.append(_chunk(len(chunks), held))
    return tuple(chunks)


def estimated_tokens(text: str) -> int:
    """Words and signs, long words counted by every four letters: near what common tokenisers give."""
    return sum(-(-len(piece) // _LETTERS_A_TOKEN) for piece in _PIECES.findall(text))


def _length(held: Sequence[Segment]) -> int:
    return sum(len(segment.markdown) for segment in held) + len(_BETWEEN) * (len(held) - 1)


def _tail(held: Sequence[Segment], overlap: int) -> list[Segment]:
    """The last whole pieces that fit into the overlap."""
    tail: list[Segment] = []
    for segment in reversed(held):
        if _length([segment, *tail]) > overlap:
            break
        tail.insert(0, segment)
    return tail


def _chunk(index: int, held: Sequence[Segment]) -> Chunk:
    text = _BETWEEN.join(segment.markdown for segment in held if segment.markdown)
    return Chunk(
        index=index,
        text=text,
        tokens=estimated_tokens(text),
        page=held[0].page_number,
        confidence=min(segment.confidence for segment in held),
        segments=tuple(held),
    )


def _pieces(segment: Segment, size: int) -> Iterator[Segment]:
    """The segment whole if it fits, else by rows (each piece under the table's head) or by sentences."""
    if len(segment.markdown) <= size:
        yield segment
        return
    if segment.segment_type is SegmentType.TABLE:
        lines = segment.markdown.split("\n")
        head, units, between = lines[:_HEAD_LINES], lines[_HEAD_LINES:], "\n"
    else:
        head, units, between = [], _SENTENCE.split(segment.markdown), " "
    for group in _grouped(units, size - len("\n".join(head)) - 1, between):
        text = "\n".join([*head, group]) if head else group
        yield msgspec.structs.replace(segment, markdown=text, content=group, html="")


def _grouped(units: Sequence[str], size: int, between: str) -> Iterator[str]:
    held = ""
    for unit in filter(None, units):
        joined = f"{held}{between}{unit}" if held else unit
        if held and len(joined) > size:
            yield held
            joined = unit
        held = joined
    if held:
        yield held
