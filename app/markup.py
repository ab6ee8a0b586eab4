"""XML, strictly: well-formed or refused, no document type, no entities, no network, bounded depth.

Both reading (signatures) and extraction (e-invoices) parse through here, so that a hostile file meets the
same walls everywhere.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from app.errors import Unreadable

CHUNK: Final = 1 << 18
MAX_DEPTH: Final = 100
"""Elements inside one another; no invoice format needs a third of it."""

_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_WIDE_NAMES: Final = ("utf-16", "utf16", "utf-32", "ucs-2", "ucs-4", "unicode")
_SPACE: Final = b" \t\r\n"
_MISC: Final = re.compile(rb"<\?.*?\?>|<!--.*?-->|[ \t\r\n]+", re.DOTALL)
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']{1,40})["']""")


def plain_bytes(data: bytes) -> tuple[bytes, str | None]:
    """The document without padding in an encoding that contains ASCII, and its name if it is not declared.

    Spaces before the declaration and NUL bytes after the root are forgiven: many exporters leave them. So is
    a declaration of UTF-16 on bytes that are not, as .NET writes it when it saves a string.

    Raises:
        Unreadable: when the bytes are not in the encoding they announce.
    """
    data = data.strip(_SPACE)
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return _narrowed(data, encoding), "utf-8"
    data, marked = data.rstrip(b"\x00" + _SPACE), data.startswith(codecs.BOM_UTF8)
    while data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :].lstrip(_SPACE)
    wrongly_wide = declared_encoding(data).startswith(_WIDE_NAMES)
    return data, "utf-8" if marked or wrongly_wide else None


def _narrowed(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("The XML is not in the character encoding it announces.") from error
    return text.lstrip("\ufeff").strip(" \t\r\n\x00").encode()


def refuse_document_type(data: bytes) -> None:
    """Let no document type declaration pass: it is the door to entities, and no invoice has one.

    Raises:
        Unreadable: when there is one, or what stands before the root is not XML.
    """
    at = 0
    while match := _MISC.match(data, at):
        at = match.end()
    if data[at : at + 2] == b"<!":
        raise Unreadable("The XML declares a document type (DOCTYPE), which is refused.")
    if data[at : at + 1] != b"<":
        raise Unreadable("The XML is cut short or is not XML at all.")


def declared_encoding(data: bytes) -> str:
    """The encoding an XML declaration names, `utf-8` when it names none."""
    match = _DECLARED.match(data)
    return match.group(1).decode("ascii", "replace").lower() if match else "utf-8"


def parse(data: bytes, *, whole: bool = False) -> etree._Element:
    """The root element of an XML document; its comments and instructions only when it is wanted whole.

    A namespace that is no valid URI, or a prefix nobody declared, is forgiven: the document is still XML.

    Raises:
        Unreadable: when it is not well-formed, declares a document type or is nested absurdly.
    """
    data, encoding = plain_bytes(data)
    refuse_document_type(data)
    try:
        return etree.fromstring(data, _parser(encoding, whole=whole))
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        root = _forgiven(data, encoding, whole=whole)
        if root is None:
            raise _explained(data, error) from error
        return root


def parse_streaming(data: bytes, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Elements of the given `{*}name` tags as each is complete, the root last; memory holds one at a time.

    Who receives an element clears it when done, and trusts nothing before the root has come.

    Raises:
        Unreadable: as `parse`.
    """
    data, encoding = plain_bytes(data)
    refuse_document_type(data)
    parser: Any = etree.XMLPullParser(events=("end",), tag=tags, encoding=encoding, recover=True, **_STRICT)
    try:
        for at in range(0, len(data), CHUNK):
            parser.feed(data[at : at + CHUNK])
            for _event, element in parser.read_events():
                yield element
        root: etree._Element = parser.close()
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise _explained(data, error) from error
    if not _only_namespaces(parser.feed_error_log):
        raise _explained(data, None)
    yield root


_STRICT: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "remove_comments": True,
    "remove_pis": True,
    "huge_tree": True,  # attachments pass 10 MB; without a document type nothing can multiply
}


def _parser(encoding: str | None, *, recover: bool = False, whole: bool = False) -> etree.XMLParser:
    keep = {"remove_comments": False, "remove_pis": False} if whole else {}
    return etree.XMLParser(encoding=encoding, recover=recover, **{**_STRICT, **keep})


def _only_namespaces(log: etree._ListErrorLog) -> bool:
    return all(entry.domain == etree.ErrorDomains.NAMESPACE for entry in log)


def _forgiven(data: bytes, encoding: str | None, *, whole: bool) -> etree._Element | None:
    """The root, if nothing is wrong but a namespace."""
    try:
        parser = _parser(encoding, recover=True, whole=whole)
        root: etree._Element | None = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None
    return root if root is not None and _only_namespaces(parser.error_log) else None


def _explained(data: bytes, error: Exception | None) -> Unreadable:
    line = getattr(error, "lineno", None)
    where = f" (line {line})" if line else ""
    try:
        data.decode(declared_encoding(data))
    except UnicodeDecodeError:
        return Unreadable("The XML is not in the character encoding it announces.")
    except (LookupError, ValueError):
        return Unreadable("The XML announces a character encoding that does not exist.")
    return Unreadable(f"The XML is not well-formed{where}: it is cut short or broken.")
