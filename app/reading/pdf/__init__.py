"""PDF pages to words with boxes, by pdfium."""

from app.reading.pdf.document import open_pdf, pages_of, read_attached, read_pdf

__all__ = ["open_pdf", "pages_of", "read_attached", "read_pdf"]
