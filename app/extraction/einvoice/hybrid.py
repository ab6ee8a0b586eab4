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

_SEVERAL: Final = 2
_PADDING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


class Embedded(msgspec.Struct, frozen=True):
    """What the attachments of a document say."""

    extraction: Extraction | None = None
    """Of the first that is an invoice, with the invoices of the others that are not the same one again."""
    xml: bytes = b""
    notes: tuple[str, ...] = ()
    """Why others that might have been one were passed over."""


def extract_embedded(document: Document, options: Options) -> Embedded:
    """Read the attachments that are invoices.

    Raises:
        NotAnInvoice: when there is none, but one that says the document is an order or the like.
    """
    notes: list[str] = []
    other: NotAnInvoice | None = None
    found: list[Extraction] = []
    xml = b""
    for attachment in document.attachments:
        if not attachment.data[:1024].lstrip(_PADDING).startswith(b"<"):
            continue
        try:
            carried = msgspec.structs.replace(document, xml=attachment.data, signature=attachment.signature)
            found.append(extract_xml(carried, options))
        except NotAnInvoice as refused:
            other = refused
        except UnsupportedFile:
            continue
        except JobFailure as problem:
            notes.append(f"An attached XML was passed over. {problem}")
        else:
            xml = xml or attachment.data
    if other is not None and not found:
        raise other
    return Embedded(_together(found), xml, tuple(notes))


def _together(found: list[Extraction]) -> Extraction | None:
    """The first, and what the others hold beside it; one invoice in two formats is one."""
    if len(found) < _SEVERAL:
        return found[0] if found else None
    first, readings = found[0], list(found[0].readings)
    known = {one.invoice.invoice.number for one in readings}
    for reading in (one for each in found[1:] for one in each.readings):
        if reading.invoice.invoice.number not in known:
            known.add(reading.invoice.invoice.number)
            readings.append(reading)
    observations = msgspec.structs.replace(first.observations, invoice_count=len(readings))
    return msgspec.structs.replace(first, readings=tuple(readings), observations=observations)
