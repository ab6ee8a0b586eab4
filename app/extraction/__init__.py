"""`Document` to `Extraction`: the invoice, and the evidence for each of its values. Nothing here judges."""

from app.extraction.extract import extract

__all__ = ["extract"]
