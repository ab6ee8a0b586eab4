"""A document as what stands on its pages: segments in reading order, and chunks of them."""

from enum import StrEnum

import msgspec

from app.model.document import FileType
from app.model.evidence import Box


class SegmentType(StrEnum):
    """What a part of a page is."""

    PICTURE = "Picture"
    SECTION_HEADER = "SectionHeader"
    TEXT = "Text"
    TABLE = "Table"
    CAPTION = "Caption"


class Region(StrEnum):
    """Whether a segment is part of the flow, or runs along the edge of every page."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"


class RecognisedWord(msgspec.Struct, frozen=True):
    """A word of a scanned page."""

    text: str
    confidence: float
    bbox: Box


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a page."""

    segment_type: SegmentType
    content: str
    """Plain text; a table's rows by line, its cells by tab."""
    image: str | None = None
    """Where a picture can be fetched."""
    page_number: int
    page_width: float
    page_height: float
    bbox: Box
    confidence: float = 1.0
    html: str = ""
    markdown: str = ""
    ocr: tuple[RecognisedWord, ...] = ()
    region: Region = Region.BODY
    continued: bool = False
    """A table that goes on from the page before."""


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of the document small enough for an index or a model."""

    index: int
    text: str
    """Markdown."""
    tokens: int
    """Estimated: words and signs, long words counted by every four letters."""
    page: int
    """Where it begins."""
    confidence: float
    segments: tuple[Segment, ...]


class ParsedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a parse job."""

    document_id: str = ""
    """The job it is the result of."""
    filename: str | None = None
    file_type: FileType
    page_count: int
    markdown: str
    chunks: tuple[Chunk, ...]
