import base64

import pytest

from app.errors import TooLarge, Unreadable, UnsupportedFile
from app.model.document import FileType
from app.model.limits import Limits
from app.reading.xml import read_xml
from tests.reading.signing import Signer

INVOICE = b"<?xml version='1.0'?><FatturaElettronica>" + b"<x>1000.00</x>" * 20 + b"</FatturaElettronica>"


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes, kind: FileType = FileType.XML, limits: Limits | None = None):
        file = tmp_path / "file"
        file.write_bytes(data)
        return read_xml(file, kind, limits or Limits())

    return read_bytes


def test_an_xml_file_is_handed_over_as_it_is(read):
    document = read(INVOICE)
    assert (document.file_type, document.xml, document.signature) == (FileType.XML, INVOICE, None)


def test_the_content_of_an_envelope_is_handed_over_with_its_signature(read):
    document = read(Signer().envelope(INVOICE), FileType.P7M)
    assert (document.file_type, document.xml, document.signature.valid) == (FileType.P7M, INVOICE, True)


def test_a_signature_inside_the_xml_is_told(read):
    document = read(Signer().sign_xml(INVOICE))
    assert (document.file_type, document.signature.valid) == (FileType.XML, True)


def test_an_xml_file_as_base64_is_decoded(read):
    assert read(base64.encodebytes(INVOICE)).xml == INVOICE


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("root", ["FileSdIConMetadati", "StandardBusinessDocument"])
def test_a_file_inside_a_transport_message_is_taken_out(root, signed, read):
    carried = base64.b64encode(Signer().envelope(INVOICE) if signed else INVOICE).decode()
    message = f"<t:{root} xmlns:t='urn:t'><NomeFile>a.xml</NomeFile><File>{carried}</File></t:{root}>"
    document = read(message.encode())
    assert document.xml == INVOICE
    assert (document.signature is not None) is signed


def test_a_file_attached_to_an_invoice_is_not_taken_for_it(read):
    data = INVOICE.replace(b"</Fatt", b"<Attachment>" + base64.b64encode(INVOICE) + b"</Attachment></Fatt")
    assert read(data).xml == data


def test_an_envelope_around_something_else_is_refused(read):
    with pytest.raises(UnsupportedFile, match="not XML"):
        read(Signer().envelope(b"%PDF-1.7 hello"), FileType.P7M)


def test_an_invoice_as_base64_inside_an_envelope_is_decoded(read):
    assert read(Signer().envelope(base64.b64encode(INVOICE)), FileType.P7M).xml == INVOICE


def test_a_broken_envelope_is_unreadable(read):
    with pytest.raises(Unreadable):
        read(Signer().envelope(INVOICE)[:-500], FileType.P7M)


def test_a_file_beyond_the_limit_is_too_large(read):
    with pytest.raises(TooLarge, match="MB"):
        read(INVOICE, limits=Limits(bytes=100))
