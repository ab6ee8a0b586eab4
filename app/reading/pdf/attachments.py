"""The files a PDF carries."""

import ctypes
from collections.abc import Iterator
from typing import Final

import pypdfium2
from pypdfium2 import raw as pdfium

from app.errors import TooLarge
from app.model.document import Attachment
from app.model.limits import Limits

_MOST: Final = 100  # files: a catalogue of e-invoice attachments has a handful


def read_attachments(pdf: pypdfium2.PdfDocument, limits: Limits) -> tuple[Attachment, ...]:
    """Names and bytes of the embedded files, those that cannot be unpacked left out.

    Raises:
        TooLarge: together they exceed `limits.unpacked_bytes`.
    """
    return tuple(_attachments(pdf, limits.unpacked_bytes))


def _attachments(pdf: pypdfium2.PdfDocument, room: int) -> Iterator[Attachment]:
    for index in range(min(pdf.count_attachments(), _MOST)):
        try:
            attachment = pdf.get_attachment(index)
            room -= _size(attachment)
            if room < 0:
                raise TooLarge("The files attached to the PDF unpack to more data than may be read.")
            yield Attachment(attachment.get_name(), bytes(attachment.get_data()))
        except pypdfium2.PdfiumError:
            continue


def _size(attachment: pypdfium2.PdfAttachment) -> int:
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(attachment, None, 0, size)
    return size.value
