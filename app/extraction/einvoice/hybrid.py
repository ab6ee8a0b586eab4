"""Hybrid PDFs: the invoice among the attachments.

Which attachment is the invoice is decided by what is in it, never by its name.
"""

from typing import Final

import msgspec

from app.errors import JobFailure, UnsupportedFile
from app.extraction.einvoice.extract import extract_xml
from app.extraction.einvoice.formats import NotAnInvoice
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.options import Options

_PADDING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class Embedded(msgspec.Struct, frozen=True):
    """What the attachments of a document say."""

    extraction: Extraction | None = None
    """Of the first that is an invoice."""
    xml: bytes = b""
    notes: tuple[str, ...] = ()
    """Why others that might have been one were passed over."""


def extract_embedded(document: Document, options: Options) -> Embedded:
    """Read the first attachment that is an invoice.

    Raises:
        NotAnInvoice: when there is none, but one that says the document is an order or the like.
    """
    notes: list[str] = []
    other: NotAnInvoice | None = None
    for attachment in document.attachments:
        if not attachment.data[:1024].lstrip(_PADDING).startswith(b"<"):
            continue
        try:
            found = extract_xml(msgspec.structs.replace(document, xml=attachment.data), options)
        except NotAnInvoice as refused:
            other = refused
        except UnsupportedFile:
            continue
        except JobFailure as problem:
            notes.append(f"An attached XML was passed over. {problem}")
        else:
            return Embedded(found, attachment.data, tuple(notes))
    if other is not None:
        raise other
    return Embedded(notes=tuple(notes))
