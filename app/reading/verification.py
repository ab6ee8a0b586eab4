"""Whether a signature value fits a certificate: the arithmetic alone, offline, for CMS and XML alike.

Nothing is said about trust: not who issued the certificate, nor whether it was valid or revoked at the time.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

import msgspec
from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from app.model.document import Signature, SignatureRemark

_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}


def digest(name: str, data: bytes) -> bytes | None:
    """The digest by a name like `sha256`; `None` for one that is not known."""
    return hashlib.new(name, data).digest() if name in _HASHES else None


def holds(
    public_key: bytes, signature: bytes, data: bytes, *, hash_name: str, pss: bool = False
) -> bool | None:
    """Whether the signature over the data is the key's; `None` when this kind cannot be checked.

    `public_key` is a DER `SubjectPublicKeyInfo`.
    """
    algorithm = _HASHES.get(hash_name)
    if algorithm is None:
        return None
    try:
        key = serialization.load_der_public_key(public_key)
        return _verify(key, signature, data, algorithm(), pss=pss)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _verify(
    key: object, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm, *, pss: bool
) -> bool | None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, _padding(algorithm, pss=pss), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(algorithm))
    elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        key.verify(signature, data)
    else:
        return None
    return True


def _padding(algorithm: hashes.HashAlgorithm, *, pss: bool) -> padding.AsymmetricPadding:
    if pss:
        return padding.PSS(mgf=padding.MGF1(algorithm), salt_length=padding.PSS.AUTO)
    return padding.PKCS1v15()


class Verdict(msgspec.Struct, frozen=True):
    """Whether one signature holds, and if it is not known to, why."""

    valid: bool | None
    remark: SignatureRemark | None = None


HOLDS: Final = Verdict(valid=True)


def value_verdict(held: bool | None) -> Verdict:
    """The verdict of what `holds` found."""
    if held is None:
        return Verdict(None, SignatureRemark.UNSUPPORTED)
    return HOLDS if held else Verdict(valid=False, remark=SignatureRemark.VALUE_MISMATCH)


def all_valid(verdicts: list[bool | None]) -> bool | None:
    """Of several verdicts: false when one is, unknown when one is, or when there is none."""
    if not verdicts or (None in verdicts and False not in verdicts):
        return None
    return False not in verdicts


def signature_of(
    verdicts: list[Verdict],
    own: x509.Certificate | None,
    certificates: list[x509.Certificate],
    time: datetime | None,
) -> Signature:
    """All that the signatures of one document say together; signer and time are the first's."""
    remarks = [one.remark for one in verdicts if one.remark]
    remarks += [] if own is None else _about(own, time)
    return Signature(
        valid=all_valid([one.valid for one in verdicts]),
        remarks=tuple(dict.fromkeys(remarks)),
        signer=None if own is None else signer_name(own),
        signed_at=None if time is None else utc_text(time),
        chain=chain_names(own, certificates),
    )


def _about(certificate: x509.Certificate, time: datetime | None) -> list[SignatureRemark]:
    """What is odd about a certificate by itself; who issued it is not looked into."""
    remarks = [SignatureRemark.SELF_SIGNED] if certificate.self_signed != "no" else []
    if time is not None and not certificate.not_valid_before <= _in_utc(time) <= certificate.not_valid_after:
        remarks.append(SignatureRemark.OUTSIDE_VALIDITY)
    return remarks


def utc_text(time: datetime) -> str:
    """A point in time as ISO 8601 UTC, to the second; one without a zone is taken for UTC."""
    return _in_utc(time).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def chain_names(own: x509.Certificate | None, certificates: list[x509.Certificate]) -> tuple[str, ...]:
    """The subjects of the signer's certificate, then of who issued each, then of the rest."""
    found: list[x509.Certificate] = []
    while own is not None and own not in found:
        found.append(own)
        issuer = found[-1].issuer
        own = next((one for one in certificates if one.subject == issuer), None)
    found += [one for one in certificates if one not in found]
    return tuple(_name(one) for one in found)


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.human_friendly)


def signer_name(certificate: x509.Certificate) -> str:
    """The common name, else the whole subject."""
    name = certificate.subject.native.get("common_name")
    return str(name) if isinstance(name, str) and name else _name(certificate)
