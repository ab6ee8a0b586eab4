"""Bytes to `Document`: what kind of file it is, its pages of words, its XML. Nothing here knows invoices."""

from app.reading.read import read

__all__ = ["read"]
