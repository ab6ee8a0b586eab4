"""Invoices that carry their data as XML."""

from app.extraction.einvoice.comparison import compared
from app.extraction.einvoice.extract import extract_xml
from app.extraction.einvoice.hybrid import Embedded, extract_embedded

__all__ = ["Embedded", "compared", "extract_embedded", "extract_xml"]
