import base64

import pytest

from app.errors import UnsupportedFile
from app.model.document import FileType
from app.reading.sniff import sniff
from tests.reading.signing import Signer


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", FileType.PDF),
        (b"\r\n%PDF-1.4", FileType.PDF),
        (b"\x00" * 900 + b"%PDF-1.4", FileType.PDF),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileType.PNG),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileType.JPEG),
        (b"\xff\xd8\xff\xdb", FileType.JPEG),
        (b"II*\x00\x08\x00", FileType.TIFF),
        (b"MM\x00*\x00\x00", FileType.TIFF),
        (b"II+\x00\x08\x00", FileType.TIFF),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", FileType.WEBP),
        (b"<?xml version='1.0'?><a/>", FileType.XML),
        (b"\xef\xbb\xbf<a/>", FileType.XML),
        (b"  \n\t<a/>", FileType.XML),
        ("<a/>".encode("utf-16"), FileType.XML),
        ("<a/>".encode("utf-16-be"), FileType.XML),
        (base64.b64encode(b"<?xml version='1.0'?><a/>"), FileType.XML),
    ],
)
def test_the_bytes_decide_the_kind(head, kind):
    assert sniff(head) is kind


def test_a_signed_envelope_is_known_in_binary_and_in_text():
    envelope = Signer().envelope(b"<a/>")
    assert sniff(envelope[:4096]) is FileType.P7M
    assert sniff(base64.encodebytes(envelope)[:4096]) is FileType.P7M


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"PK\x03\x04\x14\x00", "archive"),
        (b"Dear customer, here is your invoice", "neither"),
        (b"GIF89a", "neither"),
        (b"RIFF\x24\x00\x00\x00WAVE", "neither"),
        (b"<!DOCTYPE html><html>", "neither"),
        (b"<html><body>", "neither"),
        (b"0\x82\x01\x00\x02\x01\x00", "neither"),
    ],
)
def test_other_bytes_are_refused_by_a_sentence(head, why):
    with pytest.raises(UnsupportedFile, match=why):
        sniff(head)
