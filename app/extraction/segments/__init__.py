"""What stands on the pages, in reading order: segments, tables, Markdown and chunks, for any document."""

from app.extraction.segments.gathering import gathered
from app.extraction.segments.invoice import invoice_parts
from app.extraction.segments.output import Told, whole, write

__all__ = ["Told", "gathered", "invoice_parts", "whole", "write"]
