"""Something of a page with its place, before it is known what it is in the whole document."""

from typing import NamedTuple

import msgspec

from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Table
from app.model.document import Word
from app.model.evidence import Box
from app.model.segment import Region, SegmentType


class Sheet(NamedTuple):
    """The page a part stands on."""

    number: int
    width: float
    height: float


class Part(msgspec.Struct, kw_only=True):
    """A part of a page, free of its words unless they were recognised: a long document has many."""

    kind: SegmentType
    sheet: Sheet
    box: Box
    paragraphs: tuple[Paragraph, ...] = ()
    table: Table | None = None
    region: Region = Region.BODY
    size: float = 0.0
    """Of its font in points."""
    bold: bool = False
    lines: int = 0
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    """Of a scanned page."""
    level: int | None = None
    continued: bool = False
    alone: bool = False
    """Whether empty height parts it from what stands above."""

    @property
    def text(self) -> str:
        """Paragraphs by line, marks of lists as printed."""
        return "\n".join(f"{it.printed} {it.text}" if it.printed else it.text for it in self.paragraphs)
