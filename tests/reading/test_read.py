import pytest
from PIL import Image

from app.errors import UnsupportedFile
from app.model.document import FileType
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage
from app.reading import read
from tests.reading.signing import Signer


def _read(path, watch=None):
    return read(path, Options(), Limits(ocr_engine="none"), watch or (lambda _stage, _percent: None))


@pytest.mark.parametrize("name", ["invoice.pdf", "invoice.txt", "invoice"])
def test_the_bytes_decide_who_reads_whatever_the_name(name, tmp_path):
    file = tmp_path / name
    file.write_bytes(b"<a/>")
    assert _read(file).file_type is FileType.XML


def test_an_envelope_is_opened(tmp_path):
    file = tmp_path / "invoice.xml"
    file.write_bytes(Signer().envelope(b"<a/>"))
    document = _read(file)
    assert (document.file_type, document.xml) == (FileType.P7M, b"<a/>")


def test_a_text_file_is_refused(tmp_path):
    file = tmp_path / "invoice.pdf"
    file.write_text("Dear customer")
    with pytest.raises(UnsupportedFile):
        _read(file)


def test_an_office_document_is_refused(tmp_path):
    file = tmp_path / "invoice.xlsx"
    file.write_bytes(b"PK\x03\x04" + b"\x00" * 100)
    with pytest.raises(UnsupportedFile):
        _read(file)


def test_the_watcher_hears_that_reading_began(tmp_path):
    file = tmp_path / "invoice.xml"
    file.write_bytes(b"<a/>")
    heard = []
    _read(file, lambda stage, percent: heard.append((stage, percent)))
    assert heard[0] == (Stage.READING, 5)


def test_pictures_are_for_the_reader_of_pictures(tmp_path):
    file = tmp_path / "invoice.xml"
    Image.new("RGB", (20, 20), "white").save(file, "PNG")
    with pytest.raises(Exception, match=r".") as caught:
        _read(file)
    assert type(caught.value).__name__ in {"OcrFailed", "NoText"}
