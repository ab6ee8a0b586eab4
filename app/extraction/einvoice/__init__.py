"""Invoices that carry their data as XML."""

from app.extraction.einvoice.extract import extract_xml

__all__ = ["extract_xml"]
