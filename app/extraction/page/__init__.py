"""Printed pages to an invoice, for layouts never seen before, without a model."""

from app.extraction.page.extract import extract_pages

__all__ = ["extract_pages"]
