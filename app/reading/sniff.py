"""What kind of file the bytes are. Names and declared content types are not asked."""

from typing import Final

from app.errors import UnsupportedFile
from app.model.document import FileType

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"II*\x00", FileType.TIFF),
    (b"MM\x00*", FileType.TIFF),
)


def sniff(head: bytes) -> FileType:
    """The file type by the first kilobytes.

    Raises:
        UnsupportedFile: when the bytes are of no kind that can be read.
    """
    if b"%PDF-" in head[:1024]:
        return FileType.PDF
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return FileType.XML
    raise UnsupportedFile("The file is neither a PDF, a picture nor an XML invoice.")
