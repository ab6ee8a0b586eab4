"""What reading hands over: pages of words with boxes, or an e-invoice's bytes, free of any meaning.

Lengths are PDF points (1/72 inch), origin at the top left of the page as it is displayed.
"""

from enum import StrEnum

import msgspec

from app.model.evidence import Box


class FileType(StrEnum):
    """What the bytes are, decided from the bytes alone."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    WEBP = "webp"
    XML = "xml"
    P7M = "p7m"


class TextOrigin(StrEnum):
    """Where a page's words came from."""

    TEXT_LAYER = "text"
    OCR = "ocr"


class Word(msgspec.Struct, frozen=True, gc=False):
    """A run of characters without a space, and the box it covers."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    """Font size in points; 0 when unknown."""
    bold: bool = False
    confidence: float = 1.0
    """The reader's own certainty of the text: 1 for a text layer, the engine's figure for OCR."""
    turned: bool = False
    """Not set level on the page as displayed: upside down, or along its height."""


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """A drawn straight line or the edge of a drawn rectangle, horizontal or vertical."""

    x0: float
    top: float
    x1: float
    bottom: float


class CodePayload(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a machine-readable code found on a page."""

    symbology: str
    """`QRCode`, `Aztec`, `PDF417` …"""
    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page as displayed (rotation applied)."""

    number: int
    """From 1, in the file."""
    width: float
    height: float
    words: tuple[Word, ...] = ()
    """In the order of the content stream (text layer) or of the engine (OCR)."""
    rulings: tuple[Ruling, ...] = ()
    origin: TextOrigin = TextOrigin.TEXT_LAYER
    hidden: tuple[Word, ...] = ()
    """Text that nobody looking at the page sees (white, off-page, tiny, under an image). Never data."""
    image_share: float = 0.0
    """The part of the page that pictures cover, 0 to 1."""
    pictures: tuple[Box, ...] = ()
    """Where pictures stand, large enough to show something."""
    codes: tuple[CodePayload, ...] = ()
    """The machine-readable codes on it."""
    turned: float = 0.0
    """Degrees, counter-clockwise about its middle, by which the displayed page was turned so that it reads
    upright (a scan that lies on its side or askew). Sizes and words are those of the upright page."""


class SignatureRemark(StrEnum):
    """Why a signature does not hold or could not be checked, and what is odd about its certificate."""

    CONTENT_CHANGED = "content_changed"
    """The digest is another: what is in the file is not what was signed."""
    VALUE_MISMATCH = "value_mismatch"
    """The signature value was not made with the key of the certificate inside."""
    REFORMATTED = "reformatted"
    """Holds for every value, but the file was indented anew after it was signed."""
    PARTIAL = "partial"
    """Covers only a part of the document."""
    UNSUPPORTED = "unsupported"
    """Made by a method that is not checked here."""
    NO_CERTIFICATE = "no_certificate"
    SELF_SIGNED = "self_signed"
    """The certificate was issued by its own holder."""
    OUTSIDE_VALIDITY = "outside_validity"
    """The time of signing lies outside the period of the certificate."""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature says, and whether it holds as far as that can be told offline."""

    valid: bool | None = None
    """Digest and signature value against the certificate inside; `None` when it could not be checked."""
    remarks: tuple[SignatureRemark, ...] = ()
    """Those about the certificate say nothing about `valid`: the chain is reported, not trusted."""
    signer: str | None = None
    signed_at: str | None = None
    """ISO 8601 UTC."""
    chain: tuple[str, ...] = ()
    """Subjects of the certificates inside, signer first. Reported, not trusted."""


class Attachment(msgspec.Struct, frozen=True):
    """A file carried inside the document."""

    name: str
    data: bytes
    """Taken out of its envelope where it is signed."""
    signature: Signature | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read: its pages, or its XML, or both (a hybrid PDF)."""

    file_type: FileType
    pages: tuple[Page, ...] = ()
    page_count: int = 0
    """Pages in the file, also those that were not asked for; 0 for XML."""
    xml: bytes | None = None
    """The e-invoice the file is, wraps (`.p7m`) or embeds (hybrid PDF)."""
    attachments: tuple[Attachment, ...] = ()
    signature: Signature | None = None
