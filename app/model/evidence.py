"""Where a value came from and how sure it is: the entries of `fields`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Source(StrEnum):
    """The kind of place a value was taken from, the most exact first."""

    XML = "xml"
    CODE = "code"
    TEXT = "text"
    OCR = "ocr"
    MODEL = "model"
    COMPUTED = "computed"


class Box(NamedTuple):
    """A rectangle on a page in PDF points, origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The proof of one value of the result."""

    confidence: float
    """The calibrated probability, 0 to 1, that the value is right."""
    source: Source
    page: int | None = None
    """From 1; `None` for XML and computed values."""
    bbox: Box | None = None
    text: str | None = None
    """What stands on the page (or in the XML), unchanged."""


def told(value: object) -> object:
    """For encoders: evidence that is put together when it is asked for, as the dictionary that it stands for.

    Raises:
        NotImplementedError: for anything else; msgspec then says that it cannot be encoded.
    """
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError
