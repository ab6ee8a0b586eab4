"""What kind of file the bytes are. Names and declared content types are not asked."""

from app.errors import UnsupportedFile
from app.model.document import FileType


def sniff(head: bytes) -> FileType:
    """The file type by the first kilobytes.

    Raises:
        UnsupportedFile: when the bytes are of no kind that can be read.
    """
    if b"%PDF-" in head[:1024]:
        return FileType.PDF
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return FileType.XML
    raise UnsupportedFile("The file is neither a PDF, a picture nor an XML invoice.")
