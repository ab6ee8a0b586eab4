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
    """Whether a segment is part of the flow, or stands beside it."""

    BODY = "body"
    HEADER = "header"
    """Runs along the upper edge of every page."""
    FOOTER = "footer"
    """Runs along the lower edge of every page."""
    SIDEBAR = "sidebar"
    """A narrow column beside the text, or what is set along the height of the page."""


class Extra(StrEnum):
    """What a segment may bring besides its text and place; leaving some out keeps answers small."""

    MARKDOWN = "markdown"
    HTML = "html"
    OCR = "ocr"
    IMAGE = "image"


class OutputFormat(StrEnum):
    """How a parsed document is handed over."""

    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    ZIP = "zip"


class Parsing(msgspec.Struct, frozen=True, kw_only=True):
    """What a parse job is to give of a document, and in pieces of what size; characters."""

    chunk_size: int = 2000
    overlap: int = 200
    segment_types: tuple[SegmentType, ...] = ()
    """Empty for all."""
    regions: tuple[Region, ...] = ()
    """Empty for all."""
    include: tuple[Extra, ...] = tuple(Extra)
    output_format: OutputFormat = OutputFormat.JSON
    """With another than JSON the result brings no chunks: the document is fetched from `download`."""


class RecognisedWord(msgspec.Struct, frozen=True):
    """A word of a scanned page."""

    text: str
    confidence: float
    bbox: Box


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a page."""

    index: int = 0
    """Its number in the document, from 0; the same segment in two overlapping chunks has the same."""
    segment_type: SegmentType
    content: str
    """Plain text; a table's rows by line, its cells by tab."""
    image: str | None = None
    """Where a picture can be fetched as PNG."""
    page_number: int
    page_width: float
    page_height: float
    bbox: Box
    confidence: float = 1.0
    html: str = ""
    markdown: str = ""
    ocr: tuple[RecognisedWord, ...] = ()
    region: Region = Region.BODY
    level: int | None = None
    """Of a heading: 1 for the document's title, up to 6."""
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
    download: str | None = None
    """Where the whole can be fetched in the format that was asked for."""
    markdown: str
    chunks: tuple[Chunk, ...]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a parsed document is written, and what it says of itself."""

    folder: str
    """Empty, and nobody else's."""
    document_id: str = ""
    filename: str | None = None
    pictures: str = ""
    """What stands before a picture's file name in links to it."""


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a parsed document whose content was written to its target."""

    file_type: FileType
    page_count: int
