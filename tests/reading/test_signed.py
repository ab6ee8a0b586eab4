import base64
import contextlib
import random
import shutil
import subprocess
import textwrap

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from app.errors import Unreadable
from app.model.document import SignatureRemark
from app.reading.signed import is_envelope, open_envelope
from tests.reading.signing import Signer, in_pieces

CONTENT = b"<?xml version='1.0'?>\n<FatturaElettronica>" + b"<x>1000.00</x>" * 40 + b"</FatturaElettronica>"


@pytest.fixture(scope="module", params=["rsa", "ec"])
def signer(request):
    return Signer(request.param)


@pytest.fixture(scope="module")
def envelope(signer):
    return signer.envelope(CONTENT)


def _forms(der: bytes) -> dict[str, bytes]:
    flat = base64.b64encode(der)
    wrapped = "\n".join(textwrap.wrap(flat.decode(), 64))
    return {
        "DER": der,
        "BER in pieces": in_pieces(der, CONTENT),
        "base64": flat,
        "base64 with lines": wrapped.encode(),
        "base64 with CRLF": wrapped.replace("\n", "\r\n").encode() + b"\r\n",
        "PEM": f"-----BEGIN PKCS7-----\n{wrapped}\n-----END PKCS7-----\n".encode(),
        "PEM as CMS": f"-----BEGIN CMS-----\n{wrapped}\n-----END CMS-----\n".encode(),
        "an e-mail part": b"Content-Type: application/pkcs7-mime;\n name=a.p7m\nContent-Transfer-Encoding: base64\n\n"
        + wrapped.encode(),
    }


FORMS = (
    "DER",
    "BER in pieces",
    "base64",
    "base64 with lines",
    "base64 with CRLF",
    "PEM",
    "PEM as CMS",
    "an e-mail part",
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_envelope_opens_to_its_content(form, envelope):
    opened = open_envelope(_forms(envelope)[form])
    assert opened.content == CONTENT
    assert opened.signature.valid is True


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_an_envelope_is_known_by_its_first_bytes(form, envelope):
    assert is_envelope(_forms(envelope)[form][:512])


@pytest.mark.parametrize(
    "digest", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda one: one.name
)
def test_every_digest_in_use_is_checked(digest, signer):
    envelope = signer.envelope(CONTENT, digest=digest)
    assert open_envelope(envelope).signature.valid is True
    at = envelope.index(b"1000.00")
    assert open_envelope(envelope[:at] + b"9000.00" + envelope[at + 7 :]).signature.valid is False


def test_a_signature_with_probabilistic_padding_is_checked():
    envelope = Signer().envelope(CONTENT, digest=hashes.SHA512(), pss=True)
    assert open_envelope(envelope).signature.valid is True


def test_of_several_signers_all_must_hold(signer):
    envelope = signer.envelope(CONTENT, others=(type(signer)(signer.kind), type(signer)(signer.kind)))
    assert open_envelope(envelope).signature.valid is True
    third = cms.ContentInfo.load(envelope)["content"]["signer_infos"][2]["signature"].native
    broken = open_envelope(envelope.replace(third, third[:-1] + bytes([third[-1] ^ 1]))).signature
    assert (broken.valid, broken.remarks) == (False, (SignatureRemark.VALUE_MISMATCH,))


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
@pytest.mark.parametrize(
    "options",
    [
        ("-outform", "DER", "-md", "sha1"),
        ("-outform", "DER", "-stream", "-indef"),
        ("-outform", "DER", "-keyid"),
        ("-outform", "DER", "-cades", "-md", "sha512"),
        (
            "-outform",
            "PEM",
        ),
        ("-outform", "DER", "-noattr"),
        ("-outform", "DER", "-keyopt", "rsa_padding_mode:pss"),
    ],
    ids=lambda options: " ".join(options[1:]),
)
def test_what_another_program_signs_holds(options, tmp_path):
    key, certificate = Signer(start_year=2020).files(tmp_path)
    content, signed = tmp_path / "content.xml", tmp_path / "signed.p7m"
    content.write_bytes(CONTENT)
    command = ["openssl", "cms", "-sign", "-nodetach", "-binary", "-in", content, "-out", signed]
    subprocess.run([*command, "-signer", certificate, "-inkey", key, *options], check=True)
    opened = open_envelope(signed.read_bytes())
    assert (opened.content, opened.signature.valid) == (CONTENT, True)


@pytest.mark.parametrize(
    ("signer_of", "remarks"),
    [
        (lambda: Signer(start_year=2020), ()),
        (lambda: Signer(self_signed=True, start_year=2020), (SignatureRemark.SELF_SIGNED,)),
        (lambda: Signer(start_year=2060), (SignatureRemark.OUTSIDE_VALIDITY,)),
    ],
    ids=["of an authority", "self-signed", "of another time"],
)
def test_what_is_odd_about_a_certificate_is_told_and_no_fault_of_the_signature(signer_of, remarks):
    signature = open_envelope(signer_of().envelope(CONTENT)).signature
    assert (signature.valid, signature.remarks) == (True, remarks)


def test_the_signer_the_time_and_the_chain_are_told(envelope):
    signature = open_envelope(envelope).signature
    assert signature.signer == "Gianna Verdi"
    assert signature.signed_at.endswith("Z")
    assert [name.split("Common Name: ")[1].split(",")[0] for name in signature.chain] == [
        "Gianna Verdi",
        "Prova CA",
    ]


def test_tampered_content_is_still_read_and_told(envelope):
    at = envelope.index(b"1000.00")
    opened = open_envelope(envelope[:at] + b"9000.00" + envelope[at + 7 :])
    assert b"9000.00" in opened.content
    assert opened.signature.valid is False
    assert opened.signature.remarks == (SignatureRemark.CONTENT_CHANGED,)


def test_a_signature_value_that_is_not_the_keys_is_told(envelope):
    info = cms.ContentInfo.load(envelope)
    signature = info["content"]["signer_infos"][0]["signature"]
    broken = bytearray(signature.native)
    broken[-1] ^= 1
    assert open_envelope(envelope.replace(signature.native, bytes(broken))).signature.valid is False


def test_attributes_that_were_not_signed_are_told(envelope):
    attribute = cms.ContentInfo.load(envelope)["content"]["signer_infos"][0]["signed_attrs"][1].dump()
    assert b"\x17\x0d" in attribute
    at = envelope.index(attribute) + attribute.index(b"\x17\x0d") + 2
    assert open_envelope(envelope[:at] + b"10" + envelope[at + 2 :]).signature.valid is False


def test_a_signature_without_attributes_is_checked_too(signer):
    opened = open_envelope(signer.envelope(CONTENT, pkcs7.PKCS7Options.NoAttributes))
    assert opened.signature.valid is True
    assert opened.signature.signed_at is None


def test_a_signature_without_its_certificate_cannot_be_checked(signer):
    opened = open_envelope(signer.envelope(CONTENT, pkcs7.PKCS7Options.NoCerts))
    assert opened.content == CONTENT
    assert (opened.signature.valid, opened.signature.signer) == (None, None)


def test_envelopes_inside_one_another_open_and_all_must_hold(signer):
    inner = Signer().envelope(CONTENT)
    assert open_envelope(signer.envelope(inner)).signature.valid is True
    at = inner.index(b"1000.00")
    tampered = inner[:at] + b"9000.00" + inner[at + 7 :]
    opened = open_envelope(signer.envelope(base64.b64encode(tampered)))
    assert b"9000.00" in opened.content
    assert opened.signature.valid is False


def test_envelopes_without_end_are_refused(signer):
    data = CONTENT
    for _ in range(7):
        data = signer.envelope(data)
    with pytest.raises(Unreadable, match="too many envelopes"):
        open_envelope(data)


def test_a_detached_signature_is_refused_by_a_sentence(signer):
    with pytest.raises(Unreadable, match="holds only a signature"):
        open_envelope(signer.envelope(CONTENT, pkcs7.PKCS7Options.DetachedSignature))


@pytest.mark.parametrize("keep", [30, 200, 600, -1])
def test_an_envelope_cut_short_is_unreadable(keep, envelope):
    with pytest.raises(Unreadable, match="broken"):
        open_envelope(envelope[:keep])


def test_an_envelope_with_a_byte_too_many_inside_is_unreadable(envelope):
    at = envelope.index(b"1000.00")
    with pytest.raises(Unreadable, match="broken"):
        open_envelope(envelope[:at] + b"0" + envelope[at:])


@pytest.mark.parametrize("data", [b"", b" \n", b"hello", b"MII", b"0\x80garbage", b"PK\x03\x04", b"=" * 100])
def test_other_bytes_are_no_envelope(data):
    assert not is_envelope(data)


def test_pem_from_the_library_itself_opens(signer):
    assert open_envelope(signer.envelope(CONTENT, encoding=serialization.Encoding.PEM)).content == CONTENT


def test_no_damage_is_taken_for_the_signed_content(envelope):
    chance = random.Random(7)
    for _ in range(400):
        damaged = bytearray(envelope)
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(Unreadable):
            opened = open_envelope(bytes(damaged))
            assert opened.content == CONTENT or opened.signature.valid is not True
