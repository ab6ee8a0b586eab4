"""The whole document as one flow: what the ends of pages and columns divided is put together again."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from app.extraction.segments.part import Part
from app.extraction.segments.prose import line_added
from app.extraction.segments.table import Table
from app.model.segment import Region, SegmentType

_ENDS: Final = (".", "!", "?", ":", ";", "…", "»", "”", '"')
_SAME: Final = 0.5
"""Points that the sizes of one text differ by at most."""


def assembled(parts: Iterable[tuple[int, Part]]) -> Iterator[tuple[int, Part]]:
    """The parts with tables that go on over pages made one, and sentences too; numbers are the first one's.

    Headers, footers and notes in the margin that stand between the pieces come after them.
    """
    held: tuple[int, Part] | None = None
    between: list[tuple[int, Part]] = []
    for index, part in parts:
        if held is None:
            held = index, part
        elif (joined := _joined(held[1], part)) is not None:
            held = held[0], joined
        elif part.region is not Region.BODY and held[1].region is Region.BODY:
            between.append((index, part))
        else:
            yield held
            yield from between
            held, between = (index, part), []
    if held is not None:
        yield held
    yield from between


def _joined(above: Part, below: Part) -> Part | None:
    if below.continued and above.table is not None and below.table is not None:
        return msgspec.structs.replace(above, table=_stacked(above.table, below.table))
    if _goes_on(above, below):
        last, first = above.paragraphs[-1], below.paragraphs[0]
        whole = last._replace(text=line_added(last.text, first.text))
        return msgspec.structs.replace(
            above, paragraphs=(*above.paragraphs[:-1], whole, *below.paragraphs[1:])
        )
    return None


def _stacked(above: Table, below: Table) -> Table:
    return msgspec.structs.replace(
        above,
        rows=(*above.rows, *below.rows[below.head :]),
        right=tuple(one or other for one, other in zip(above.right, below.right, strict=True)),
    )


def _goes_on(above: Part, below: Part) -> bool:
    """Whether a sentence that one text leaves open goes on in the next column or on the next page."""
    if not (above.kind is below.kind is SegmentType.TEXT and above.region is below.region is Region.BODY):
        return False
    if not above.paragraphs or not below.paragraphs or below.paragraphs[0].mark is not None:
        return False
    same = abs(above.size - below.size) <= _SAME and above.bold is below.bold and above.size > 0
    elsewhere = above.sheet.number != below.sheet.number or below.box.top < above.box.bottom
    text = above.paragraphs[-1].text.rstrip()
    return same and elsewhere and not text.endswith(_ENDS) and below.paragraphs[0].text[:1].islower()
