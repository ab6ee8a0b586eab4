"""What kind of file the bytes are. Names and declared content types are not asked."""

from typing import Final

from app.errors import UnsupportedFile
from app.model.document import FileType
from app.reading.signed import decoded, is_envelope

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"II*\x00", FileType.TIFF),
    (b"MM\x00*", FileType.TIFF),
    (b"II+\x00", FileType.TIFF),
    (b"MM\x00+", FileType.TIFF),
)
_PDF_WITHIN: Final = 1024
"""Readers accept a PDF's header this far into the file (ISO 32000-1, annex H)."""
_MARKUP_PADDING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def sniff(head: bytes) -> FileType:
    """The file type by the first kilobytes.

    Raises:
        UnsupportedFile: when the bytes are of no kind that can be read.
    """
    kind = _picture(head)
    if kind:
        return kind
    if is_envelope(head):
        return FileType.P7M
    if _is_markup(head) or _is_markup(decoded(head) or b""):
        return FileType.XML
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return FileType.PDF
    raise _refusal(head)


def _picture(head: bytes) -> FileType | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType.WEBP
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _is_markup(head: bytes) -> bool:
    body = head.lstrip(_MARKUP_PADDING)
    return body.startswith(b"<") and not body[:_HTML_LENGTH].lower().startswith(_HTML)


_HTML: Final = (b"<!doctype html", b"<html")
_HTML_LENGTH: Final = 20


def _refusal(head: bytes) -> UnsupportedFile:
    if head.startswith(b"PK\x03\x04"):
        return UnsupportedFile("The file is an archive (ZIP or office document); send the invoice itself.")
    if not head.strip():
        return UnsupportedFile("The file is empty.")
    return UnsupportedFile("The file is neither a PDF, a picture nor an XML invoice.")
