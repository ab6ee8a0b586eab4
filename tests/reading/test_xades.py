import random

import pytest

from app.reading.xades import signature_within
from tests.reading.signing import Signer

DOCUMENT = (
    b"<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?>"
    b"<p:Fattura xmlns:p='urn:p' xmlns:q='urn:q'><!-- note --><Totale>1000.00</Totale>\n</p:Fattura>"
)


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


def test_changed_content_is_told(signer):
    signed = _with_stylesheet(signer.sign_xml(DOCUMENT)).replace(b"1000.00", b"9000.00")
    assert signature_within(signed).valid is False


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
