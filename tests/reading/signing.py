"""Keys, certificates and signed envelopes made for one run of the tests."""

import base64
import datetime as dt
import hashlib
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from lxml import etree

DER = serialization.Encoding.DER
DS = "http://www.w3.org/2000/09/xmldsig#"
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
_NAMED = {
    "sha1": (f"{DS}rsa-sha1", f"{DS}sha1", hashes.SHA1()),  # noqa: S303  # old signatures have it
    "sha256": (f"{_MORE}{{}}-sha256", f"{_ENC}sha256", hashes.SHA256()),
    "sha384": (f"{_MORE}{{}}-sha384", f"{_MORE}sha384", hashes.SHA384()),
    "sha512": (f"{_MORE}{{}}-sha512", f"{_ENC}sha512", hashes.SHA512()),
}
"""Signature method of a key, digest method, and what they are."""
_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"


class Signer:
    """A key with a certificate from its own small authority."""

    def __init__(self, kind: str = "rsa", *, self_signed: bool = False, start_year: int = 2026) -> None:
        self.kind = kind
        self.key = _new_key(kind)
        authority = _authority(kind)
        self.authority = _certificate("Prova CA", authority, "Prova CA", authority)
        issuer, issued_by = ("Gianna Verdi", self.key) if self_signed else ("Prova CA", authority)
        self.certificate = _certificate("Gianna Verdi", self.key, issuer, issued_by, start_year)

    def envelope(self, content: bytes, *options, encoding=DER, digest=None, pss=False, others=()) -> bytes:
        """A signed envelope; `others` sign beside."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
        hash_algorithm = digest or hashes.SHA256()
        pad = padding.PSS(padding.MGF1(hash_algorithm), padding.PSS.DIGEST_LENGTH) if pss else None
        for one in (self, *others):
            builder = builder.add_signer(one.certificate, one.key, hash_algorithm, rsa_padding=pad)
        return builder.add_certificate(self.authority).sign(encoding, [pkcs7.PKCS7Options.Binary, *options])

    def files(self, folder):
        """Key and certificate as PEM files, for programs that want them so."""
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        certificate.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return key, certificate

    def signature(self, data: bytes, digest=None) -> bytes:
        digest = digest or hashes.SHA256()
        if self.kind == "ec":
            r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return self.key.sign(data, padding.PKCS1v15(), digest)

    def sign_xml(
        self, document: bytes, transform: str = "enveloped", uri: str = "", name: str = "sha256"
    ) -> bytes:
        """An enveloped XML signature over the whole document, appended to its root."""
        method, digest_method, digest_algorithm = _NAMED[name]
        root = etree.fromstring(document)
        hashed = hashlib.new(name, _canonical(root.getroottree()))
        digest = base64.b64encode(hashed.digest()).decode()
        marks = {
            "enveloped": f'<ds:Transform Algorithm="{DS}enveloped-signature"/>',
            "filter": f'<ds:Transform Algorithm="{_FILTER}"><f:XPath xmlns:f="{_FILTER}" Filter="subtract">'
            "/descendant::ds:Signature</f:XPath></ds:Transform>",
            "unknown": '<ds:Transform Algorithm="urn:something:new"/>',
        }
        info = (
            f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{_C14N}"/>'
            f'<ds:SignatureMethod Algorithm="{method.format({"ec": "ecdsa"}.get(self.kind, self.kind))}"/>'
            f'<ds:Reference URI="{uri}"><ds:Transforms>{marks[transform]}</ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{digest_method}"/>'
            f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        )
        signature = etree.SubElement(root, f"{{{DS}}}Signature", nsmap={"ds": DS})
        signature.append(etree.fromstring(info))
        value = self.signature(_canonical(signature[0]), digest_algorithm)
        etree.SubElement(signature, f"{{{DS}}}SignatureValue").text = base64.b64encode(value).decode()
        data = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
        certificate = base64.b64encode(self.certificate.public_bytes(DER)).decode()
        etree.SubElement(data, f"{{{DS}}}X509Certificate").text = certificate
        time = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}Object"), "{urn:xades}SigningTime")
        time.text = "2026-03-01T12:00:00+01:00"
        return etree.tostring(root)


def _new_key(kind: str):
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


_authority = lru_cache(_new_key)
"""One authority for all signers of a kind: keys take time to make."""


def _canonical(node) -> bytes:
    return etree.tostring(node, method="c14n", with_comments=False)


def _certificate(subject: str, key, issuer: str, authority, start_year: int = 2026) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
        )

    start = dt.datetime(start_year, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + dt.timedelta(days=3650))
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(identifier, critical=False).sign(authority, hashes.SHA256())


def in_pieces(der: bytes, content: bytes, size: int = 100) -> bytes:
    """A DER envelope whose content is a constructed string of pieces, everything around it indefinite."""
    primitive = _joined(0x04, content)
    pieces = b"".join(_joined(0x04, content[at : at + size]) for at in range(0, len(content), size))
    return _rebuilt(der, primitive, b"\x24\x80" + pieces + b"\x00\x00")


def _rebuilt(der: bytes, old: bytes, new: bytes) -> bytes:
    if der == old:
        return new
    tag, body, _ = _split(der)
    if old not in der or not tag & 0x20:
        return der
    parts = b""
    while body:
        head, inner, body = _split(body)
        parts += _rebuilt(_joined(head, inner), old, new)
    return bytes([tag, 0x80]) + parts + b"\x00\x00"


def _split(der: bytes) -> tuple[int, bytes, bytes]:
    length, at = der[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(der[2:at], "big")
    return der[0], der[at : at + length], der[at + length :]


def _joined(tag: int, body: bytes) -> bytes:
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body
