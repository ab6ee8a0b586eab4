"""XML files and signed XML: the e-invoice's bytes and what its signatures say, not what it means."""

import re
from pathlib import Path
from typing import Final

from app import markup
from app.errors import TooLarge, UnsupportedFile
from app.model.document import Document, FileType
from app.model.limits import Limits
from app.reading.signed import decoded, is_envelope, open_envelope
from app.reading.xades import signature_within

_HEAD: Final = 4096
_CARRIERS: Final = re.compile(
    rb"<(?:[\w.-]+:)?(?:fileSdI\w*|StandardBusinessDocument|Envelope)[\s>/]", re.IGNORECASE
)
"""Roots of messages that carry a whole file as base64 text."""
_SMALLEST_FILE: Final = 200
"""Characters of base64 below which nothing is a file."""


def read_xml(path: Path, kind: FileType, limits: Limits) -> Document:
    """Read an XML file, or take it out of its signed envelope.

    Raises:
        TooLarge: beyond the limit. Unreadable: when an envelope is broken.
        UnsupportedFile: when an envelope holds something else.
    """
    if path.stat().st_size > limits.bytes:
        raise TooLarge(f"The file has more than {limits.bytes // 1_000_000} MB.")
    data = path.read_bytes()
    if kind is FileType.P7M:
        return _opened(data)
    if not _looks_like_xml(data):
        data = decoded(data) or data
    carried = _carried(data)
    if is_envelope(carried[:_HEAD]):
        return _opened(carried)
    return Document(file_type=FileType.XML, xml=carried, signature=signature_within(carried))


def _opened(data: bytes) -> Document:
    opened = open_envelope(data)
    content = opened.content if _looks_like_xml(opened.content) else decoded(opened.content) or opened.content
    if not _looks_like_xml(content):
        raise UnsupportedFile("The signed file is opened, but what it holds is not XML.")
    return Document(file_type=FileType.P7M, xml=content, signature=opened.signature)


def _looks_like_xml(data: bytes) -> bool:
    return data[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def _carried(data: bytes) -> bytes:
    """The file that a transport message carries as base64, or the data itself."""
    if not _CARRIERS.search(data[:_HEAD]):
        return data
    for element in markup.parse(data).iter():
        text = element.text or ""
        if len(text) > _SMALLEST_FILE and not len(element):
            inner = decoded(text.encode())
            if inner and (_looks_like_xml(inner) or is_envelope(inner[:_HEAD])):
                return inner
    return data
