"""The files a PDF carries."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pypdfium2
from pypdfium2 import raw as pdfium

from app.errors import TooLarge, Unreadable
from app.model.document import Attachment
from app.model.limits import Limits
from app.reading.pdf.pages import Pages
from app.reading.signed import is_envelope, open_envelope
from app.reading.xades import signature_within

_HEAD: Final = 4096
_PADDING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_MOST: Final = 100  # files: a catalogue of e-invoice attachments has a handful


def read_attachments(pages: Pages, limits: Limits) -> tuple[Attachment, ...]:
    """Names and bytes of the embedded files, those that cannot be unpacked left out.

    Where the document lists none, those pinned to its first page as notes; to be asked for before that page
    is read, which merges its notes into it.

    Raises:
        TooLarge: together they exceed `limits.unpacked_bytes`.
    """
    found = _listed(pages.pdf) if pages.pdf.count_attachments() else _pinned(pages)
    return tuple(_unpacked(found, limits.unpacked_bytes))


def _listed(pdf: pypdfium2.PdfDocument) -> Iterator[pypdfium2.PdfAttachment]:
    for index in range(min(pdf.count_attachments(), _MOST)):
        with suppress(pypdfium2.PdfiumError):
            yield pdf.get_attachment(index)


def _unpacked(found: Iterator[pypdfium2.PdfAttachment], room: int) -> Iterator[Attachment]:
    for attachment in found:
        try:
            room -= _size(attachment)
            if room < 0:
                raise TooLarge("The files attached to the PDF unpack to more data than may be read.")
            yield _opened(attachment.get_name(), bytes(attachment.get_data()))
        except pypdfium2.PdfiumError:
            continue


def _opened(name: str, data: bytes) -> Attachment:
    """An attachment; a signed one without its envelope, unless that is broken."""
    if is_envelope(data[:_HEAD]):
        with suppress(Unreadable):
            opened = open_envelope(data)
            return Attachment(name, opened.content, opened.signature)
    is_xml = data[:_HEAD].lstrip(_PADDING).startswith(b"<")
    return Attachment(name, data, signature_within(data) if is_xml else None)


def _pinned(pages: Pages) -> Iterator[pypdfium2.PdfAttachment]:
    try:
        page = pages.first()
    except Unreadable:
        return
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_FILEATTACHMENT and (
            file := pdfium.FPDFAnnot_GetFileAttachment(note)
        ):
            yield pypdfium2.PdfAttachment(file, pages.pdf)
        pdfium.FPDFPage_CloseAnnot(note)


def _size(attachment: pypdfium2.PdfAttachment) -> int:
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(attachment, None, 0, size)
    return size.value
