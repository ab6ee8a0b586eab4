"""What the caller may ask of one extraction."""

from enum import StrEnum

import msgspec


class Mode(StrEnum):
    """How a document is read."""

    DETERMINISTIC = "deterministic"
    BYOK_ASSISTED = "byok_assisted"
    BASIC = "basic"


class DateOrder(StrEnum):
    """How an ambiguous numeric date is to be understood."""

    DMY = "dmy"
    MDY = "mdy"


class Perspective(StrEnum):
    """Which side of the invoice the caller's own company stands on."""

    BUYER = "buyer"
    SELLER = "seller"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The options that change what is read; two equal ones over the same bytes give the same extraction."""

    locale: str | None = None
    """Language hint, ISO 639-1; only breaks ties."""
    mode: Mode = Mode.DETERMINISTIC
    own_company: str | None = None
    """The caller's VAT number or name."""
    perspective: Perspective | None = None
    date_order: DateOrder | None = None
    pages: tuple[int, ...] = ()
    """Page numbers from 1; empty for all."""
    password: str | None = None
    """For encrypted PDFs; never stored, never logged, no part of a cache key."""
