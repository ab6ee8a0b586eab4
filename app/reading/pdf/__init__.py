"""PDF pages to words with boxes, by pdfium."""

from app.reading.pdf.document import read_attached, read_pdf

__all__ = ["read_attached", "read_pdf"]
