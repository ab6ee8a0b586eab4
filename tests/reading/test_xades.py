import random
import shutil
import subprocess

import pytest
from lxml import etree

from app.model.document import SignatureRemark
from app.reading import xades
from app.reading.xades import signature_within
from tests.reading.signing import Signer

DOCUMENT = (
    b"<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?>"
    b"<p:Fattura xmlns:p='urn:p' xmlns:q='urn:q'><!-- note --><Totale>1000.00</Totale>\n</p:Fattura>"
)


COMPACT = b"<p:Fattura xmlns:p='urn:p'><Righe><Totale>1000.00</Totale><Nota/></Righe></p:Fattura>"


@pytest.fixture(scope="module", params=["rsa", "ec"])
def signer(request):
    return Signer(request.param)


def _with_stylesheet(signed: bytes) -> bytes:
    return b"<?xml-stylesheet href='a.xsl'?>" + signed


@pytest.mark.parametrize("transform", ["enveloped", "filter"])
def test_a_signature_over_the_whole_document_holds(signer, transform):
    signature = signature_within(_with_stylesheet(signer.sign_xml(DOCUMENT, transform)))
    assert signature.valid is True
    assert (signature.signer, signature.signed_at) == ("Gianna Verdi", "2026-03-01T11:00:00Z")
    assert len(signature.chain) == 1


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha384", "sha512"])
def test_every_digest_in_use_is_checked(name):
    signed = _with_stylesheet(Signer().sign_xml(DOCUMENT, name=name))
    assert signature_within(signed).valid is True
    assert signature_within(signed.replace(b"1000.00", b"9000.00")).valid is False


def test_changed_content_is_told(signer):
    signed = _with_stylesheet(signer.sign_xml(DOCUMENT)).replace(b"1000.00", b"9000.00")
    signature = signature_within(signed)
    assert (signature.valid, signature.remarks) == (False, (SignatureRemark.CONTENT_CHANGED,))


def _indented(signed: bytes) -> bytes:
    root = etree.fromstring(signed)
    etree.indent(root)
    return etree.tostring(root)


def test_a_document_indented_anew_is_told_apart_from_a_changed_one(signer):
    signed = signer.sign_xml(COMPACT)
    signature = signature_within(_indented(signed))
    assert (signature.valid, signature.remarks) == (None, (SignatureRemark.REFORMATTED,))
    changed = signature_within(_indented(signed).replace(b"1000.00", b"9000.00"))
    assert (changed.valid, changed.remarks) == (False, (SignatureRemark.CONTENT_CHANGED,))


def test_a_space_in_a_value_is_no_layout(signer):
    signed = _indented(signer.sign_xml(COMPACT)).replace(b"1000.00<", b"1000.00 <")
    assert signature_within(signed).valid is False


@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="xmlsec1 is not installed")
@pytest.mark.parametrize("change", [bytes, _indented, lambda signed: signed.replace(b"1000", b"9000")])
def test_another_program_says_the_same(change, signer, tmp_path):
    file = tmp_path / "signed.xml"
    file.write_bytes(change(signer.sign_xml(COMPACT)))
    command = ["xmlsec1", "--verify", "--insecure", file]
    theirs = subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert (signature_within(file.read_bytes()).valid is True) is theirs


def test_a_changed_digest_is_told(signer):
    signed = _with_stylesheet(signer.sign_xml(DOCUMENT))
    at = signed.index(b"DigestValue>") + len(b"DigestValue>")
    other = b"B" if signed[at : at + 1] != b"B" else b"C"
    assert signature_within(signed[:at] + other + signed[at + 1 :]).valid is False


def test_the_signature_of_another_document_is_told(signer):
    other = signer.sign_xml(DOCUMENT.replace(b"1000.00", b"1.00"))
    start, end = other.index(b"<ds:Signature "), other.index(b"</p:Fattura>")
    forged = DOCUMENT.replace(b"</p:Fattura>", other[start:end] + b"</p:Fattura>")
    assert signature_within(forged).valid is False


def test_a_signature_over_a_part_that_nobody_reads_vouches_for_nothing(signer):
    part = signer.sign_xml(b"<part Id='part'>hello</part>", uri="#part")
    assert signature_within(part).valid is True
    assert signature_within(b"<Fattura><Totale>9000.00</Totale>" + part + b"</Fattura>").valid is None


def test_a_transform_that_is_not_understood_leaves_it_open(signer):
    assert signature_within(signer.sign_xml(DOCUMENT, "unknown")).valid is None


def test_references_without_end_are_not_checked(signer):
    signed = signer.sign_xml(DOCUMENT)
    start, end = signed.index(b"<ds:Reference "), signed.index(b"</ds:SignedInfo>")
    signature = signature_within(signed[:start] + signed[start:end] * 5000 + signed[end:])
    assert signature.valid is None


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b"<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><SignatureValue/></a>",
        b"<a>http://www.w3.org/2000/09/xmldsig# SignatureValue",
    ],
)
def test_a_document_without_signature_has_none(data):
    assert signature_within(data) is None


def test_no_damage_outside_the_signature_leaves_it_valid(signer):
    signed, chance = _with_stylesheet(signer.sign_xml(DOCUMENT)), random.Random(7)
    assert signature_within(signed).valid is True
    end = signed.index(b"<ds:Signature ")
    for _ in range(200):
        damaged = bytearray(signed)
        at = signed.index(b"<Totale>") + chance.randrange(end - signed.index(b"<Totale>"))
        damaged[at] = (damaged[at] + 1 + chance.randrange(90)) % 127
        signature = signature_within(bytes(damaged))
        assert damaged == signed or signature is None or signature.valid is not True


def test_a_certificate_that_is_none_leaves_it_open(signer):
    signed = _with_stylesheet(signer.sign_xml(DOCUMENT))
    start = signed.index(b"X509Certificate>") + len(b"X509Certificate>")
    signature = signature_within(signed[: start + 40] + b"AAAA" * 10 + signed[start + 80 :])
    assert signature.valid is None


def test_more_than_can_be_hashed_in_time_is_not_checked(signer, monkeypatch):
    monkeypatch.setattr(xades, "_MOST_BYTES", 100)
    signature = signature_within(signer.sign_xml(DOCUMENT))
    assert (signature.valid, signature.remarks) == (None, (SignatureRemark.UNSUPPORTED,))
