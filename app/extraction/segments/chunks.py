"""Pieces of a document that respect its segments: a row of a table is never cut."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import msgspec

from app.extraction.segments.part import Part
from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Table
from app.model.segment import Chunk, Segment

Render = Callable[[int, Part], Segment]
"""A part by its number in the document as a segment with its Markdown."""

_PIECES: Final = re.compile(r"\w+|[^\w\s]")
_LETTERS_A_TOKEN: Final = 4
_SENTENCE: Final = re.compile(r"(?<=[.!?;:。！？])\s+|\n+")
_BETWEEN: Final = "\n\n"


class _Piece(NamedTuple):
    number: int
    part: Part
    segment: Segment


def cut(parts: Iterable[tuple[int, Part]], size: int, overlap: int, render: Render) -> Iterator[Chunk]:
    """Chunks of at most `size` characters, each beginning with up to `overlap` characters of the one before.

    Segments stay whole where they fit; larger ones are cut between rows (each piece under the table's head),
    paragraphs, sentences or words. Only a row or a word longer than `size` makes a longer chunk.
    """
    held: list[_Piece] = []
    index = 0
    for piece in (piece for number, part in parts for piece in _pieces(number, part, size, render)):
        if held and _length(held) + len(_BETWEEN) + len(piece.segment.markdown) > size:
            yield _chunk(index, held)
            index += 1
            room = min(overlap, size - len(piece.segment.markdown) - len(_BETWEEN))
            held = _tail(held, room, render)
        held.append(piece)
    if held:
        yield _chunk(index, held)


def estimated_tokens(text: str) -> int:
    """Words and signs, long words counted by every four letters: near what common tokenisers give."""
    return sum(-(-len(piece) // _LETTERS_A_TOKEN) for piece in _PIECES.findall(text))


def _length(held: Sequence[_Piece]) -> int:
    texts = [piece.segment.markdown for piece in held if piece.segment.markdown]
    return sum(map(len, texts)) + len(_BETWEEN) * max(len(texts) - 1, 0)


def _chunk(index: int, held: Sequence[_Piece]) -> Chunk:
    segments = tuple(piece.segment for piece in held)
    text = _BETWEEN.join(segment.markdown for segment in segments if segment.markdown)
    return Chunk(
        index=index,
        text=text,
        tokens=estimated_tokens(text),
        page=segments[0].page_number,
        confidence=min(segment.confidence for segment in segments),
        segments=segments,
    )


def _tail(held: Sequence[_Piece], room: int, render: Render) -> list[_Piece]:
    """The end of a chunk that fits into the room: whole pieces, else the last rows or sentences."""
    tail: list[_Piece] = []
    for piece in reversed(held):
        if _length([piece, *tail]) > room:
            break
        tail.insert(0, piece)
    if tail or room <= 0:
        return tail
    last = held[-1]
    ending = _ending(last.part, room)
    if ending is None:
        return []
    piece = _Piece(last.number, ending, render(last.number, ending))
    return [piece] if 0 < len(piece.segment.markdown) <= room else []


def _ending(part: Part, room: int) -> Part | None:
    """The last rows, or sentences, of a part that may fit."""
    if part.table is not None:
        rows = part.table.rows[part.table.head :]
        sizes = accumulate(_row_length(row) for row in reversed(rows))
        count = sum(size <= room for size in sizes)
        return (
            _of_rows(part, part.table, len(part.table.rows) - count, len(part.table.rows)) if count else None
        )
    if not part.paragraphs:
        return None
    last = part.paragraphs[-1]
    sentences = _SENTENCE.split(last.text)
    count = sum(size <= room for size in accumulate(len(it) + 1 for it in reversed(sentences)))
    if not count:
        return None
    whole = count == len(sentences)
    return _of_texts(part, [last if whole else Paragraph(" ".join(sentences[-count:]))])


def _pieces(index: int, part: Part, size: int, render: Render) -> Iterator[_Piece]:
    """A part whole if it fits, else in pieces that do; recognised words stand in the first alone."""
    segment = render(index, part)
    if len(segment.markdown) <= size:
        yield _Piece(index, part, segment)
        return
    cuts = _by_rows(part, part.table, size) if part.table is not None else _by_texts(part, size)
    for at, piece in enumerate(cuts):
        one = piece if at == 0 else msgspec.structs.replace(piece, words=())
        yield _Piece(index, one, render(index, one))


def _by_rows(part: Part, table: Table, size: int) -> Iterator[Part]:
    head = sum(_row_length(row) for row in table.rows[: table.head]) + 12 * table.columns
    first, held = table.head, 0
    for at in range(table.head, len(table.rows)):
        length = _row_length(table.rows[at])
        if held and head + held + length > size and not _is_spanned(table, at):
            yield _of_rows(part, table, first, at)
            first, held = at, 0
        held += length
    if first < len(table.rows) or not table.rows:
        yield _of_rows(part, table, first, len(table.rows))


def _row_length(row: Sequence[object]) -> int:
    """Of a row in Markdown, marks counted generously."""
    return sum(len(getattr(cell, "text", "")) + 4 for cell in row) + 8


def _is_spanned(table: Table, at: int) -> bool:
    """Whether a cell of an earlier row reaches into a row."""
    return any(row + cell.down > at for row in range(at) for cell in table.rows[row] if cell.down > 1)


def _of_rows(part: Part, table: Table, first: int, end: int) -> Part:
    rows = (*table.rows[: table.head], *table.rows[first:end])
    carried = table.carried if first == table.head else table.head
    return msgspec.structs.replace(part, table=msgspec.structs.replace(table, rows=rows, carried=carried))


def _by_texts(part: Part, size: int) -> Iterator[Part]:
    """Paragraphs grouped; those that are too long by sentences, and those by words."""
    held: list[Paragraph] = []
    length = 0
    for paragraph in (piece for it in part.paragraphs for piece in _short_enough(it, size)):
        own = 2 * len(paragraph.text) - len(paragraph.text.replace("\n", "")) + len(paragraph.printed) + 8
        if held and length + own > size:
            yield _of_texts(part, held)
            held, length = [], 0
        held.append(paragraph)
        length += own
    if held:
        yield _of_texts(part, held)


def _of_texts(part: Part, texts: Sequence[Paragraph]) -> Part:
    return msgspec.structs.replace(part, paragraphs=tuple(texts))


def _short_enough(paragraph: Paragraph, size: int) -> Iterator[Paragraph]:
    most = size * 3 // 4
    if len(paragraph.text) <= most:
        yield paragraph
        return
    units = [
        unit for it in _SENTENCE.split(paragraph.text) for unit in (it.split() if len(it) > most else [it])
    ]
    held = ""
    first = paragraph
    for unit in units:
        joined = f"{held} {unit}".strip()
        if held and len(joined) > most:
            yield first._replace(text=held)
            first = Paragraph("")
            joined = unit
        held = joined
    if held:
        yield first._replace(text=held)
