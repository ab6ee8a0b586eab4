"""Bytes to `Document`: what stands in a file and where, free of any meaning."""

from app.reading.leaves import Leaves, leaves
from app.reading.read import read

__all__ = ["Leaves", "leaves", "read"]
