"""One door for every kind of file."""

from pathlib import Path

from app.model.document import Document, FileType
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage, Watch, unwatched
from app.reading.pdf import read_pdf
from app.reading.picture import read_picture
from app.reading.scan import recognise_scans
from app.reading.sniff import sniff
from app.reading.xml import read_xml

_HEAD = 4096
_PICTURES = (FileType.PNG, FileType.JPEG, FileType.TIFF, FileType.WEBP)


def read(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Document:
    """Read a file into a document.

    Raises:
        JobFailure: with the reason, when it cannot be read.
    """
    watch(Stage.READING, 5)
    kind = kind_of(path)
    if kind is FileType.PDF:
        return recognise_scans(path, read_pdf(path, options, limits, watch), options, limits, watch)
    if kind in _PICTURES:
        return read_picture(path, kind, options, limits, watch)
    return read_xml(path, kind, limits)


def kind_of(path: Path) -> FileType:
    """What the file's first bytes say it is.

    Raises:
        UnsupportedFile: nothing that is read here.
    """
    with path.open("rb") as file:
        return sniff(file.read(_HEAD))
