"""What stands on the pages, in reading order: segments, tables, Markdown and chunks, for any document."""

from app.extraction.segments.parse import parse_document, segments_of

__all__ = ["parse_document", "segments_of"]
