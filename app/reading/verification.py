"""Whether a signature value fits a certificate: the arithmetic alone, offline, for CMS and XML alike.

Nothing is said about trust: not who issued the certificate, nor whether it was valid or revoked at the time.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

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


def all_valid(verdicts: list[bool | None]) -> bool | None:
    """Of several verdicts: false when one is, unknown when one is, or when there is none."""
    if not verdicts or (None in verdicts and False not in verdicts):
        return None
    return False not in verdicts
