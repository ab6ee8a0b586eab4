"""Signed envelopes (CAdES, `.p7m`): what is inside, and whether the signature fits it.

Accepted as DER, as BER of indefinite length, as PEM, as bare base64 with line breaks or without, as an e-mail
part, and one inside another.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from asn1crypto import cms, x509

from app.errors import Unreadable
from app.model.document import Signature, SignatureRemark
from app.reading.verification import Verdict, all_valid, digest, holds, signature_of, value_verdict

SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
"""The object identifier with which every signed envelope begins, after its outer length."""
_OID_WITHIN: Final = 24
_DEEPEST: Final = 5
"""Envelopes inside one another."""
_ARMOUR: Final = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 ]{1,30}-----")
_MIME_HEAD: Final = re.compile(rb"\A(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=_\s-]+\Z")


class Opened(msgspec.Struct, frozen=True):
    """The content of an envelope and what its signatures say."""

    content: bytes
    signature: Signature


def is_envelope(head: bytes) -> bool:
    """Whether the first kilobytes are those of a signed envelope, in any of its forms."""
    return _is_der(head) or _is_der(decoded(head) or b"")


def _is_der(head: bytes) -> bool:
    return head[:1] == b"\x30" and SIGNED_DATA in head[:_OID_WITHIN]


def decoded(data: bytes) -> bytes | None:
    """What base64 text (bare, PEM, or an e-mail part) decodes to; `None` for other bytes."""
    body = data.strip(b"\xef\xbb\xbf\x00 \t\r\n")
    body = _MIME_HEAD.sub(b"", body, count=1)
    body = _ARMOUR.sub(b"", body)
    if not body or not _BASE64.match(body):
        return None
    packed = b"".join(body.split()).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error:
        return None


def open_envelope(data: bytes) -> Opened:
    """Take the content out, through as many envelopes as there are, and check each signature.

    Raises:
        Unreadable: when an envelope is broken, or signs something that it does not hold.
    """
    signatures: list[Signature] = []
    for _ in range(_DEEPEST):
        if not is_envelope(data[:4096]):
            break
        opened = _open_one(data if _is_der(data) else decoded(data) or b"")
        signatures.append(opened.signature)
        data = opened.content
    if is_envelope(data[:4096]) or not signatures:
        raise Unreadable("The signed file holds too many envelopes one inside another.")
    return Opened(data, _together(signatures))


def _together(signatures: list[Signature]) -> Signature:
    """Of nested envelopes: the innermost signed the document, and all must hold."""
    inner = signatures[-1]
    valid = all_valid([one.valid for one in signatures])
    chain = tuple(dict.fromkeys(name for one in reversed(signatures) for name in one.chain))
    remarks = tuple(dict.fromkeys(remark for one in reversed(signatures) for remark in one.remarks))
    return msgspec.structs.replace(inner, valid=valid, chain=chain, remarks=remarks)


def _open_one(data: bytes) -> Opened:
    try:
        signed = cms.ContentInfo.load(data)["content"]
        content = signed["encap_content_info"]["content"].native
        if isinstance(content, bytes) and content:
            return Opened(content, _checked(signed, content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable("The signed file is broken: its envelope cannot be taken apart.") from error
    raise Unreadable("The signed file holds only a signature; what it signs is another file.")


def _checked(signed: cms.SignedData, content: bytes) -> Signature:
    certificates = list(_certificates(signed))
    signers = list(signed["signer_infos"])
    if not signers:
        return signature_of([], None, certificates, None)
    own = [_certificate_of(signer, certificates) for signer in signers]
    verdicts = [_verdict(signer, one, content) for signer, one in zip(signers, own, strict=True)]
    return signature_of(verdicts, own[0], certificates, _signing_time(signers[0]))


def _certificates(signed: cms.SignedData) -> Iterator[x509.Certificate]:
    for choice in signed["certificates"] or ():
        if choice.name == "certificate":
            yield choice.chosen


def _certificate_of(signer: cms.SignerInfo, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    sid = signer["sid"]
    for one in certificates:
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            if one.serial_number == wanted["serial_number"].native and one.issuer == wanted["issuer"]:
                return one
        elif one.key_identifier == sid.native:
            return one
    return None


def _verdict(signer: cms.SignerInfo, certificate: x509.Certificate | None, content: bytes) -> Verdict:
    hash_name = str(signer["digest_algorithm"]["algorithm"].native)
    found = digest(hash_name, content)
    if found is None:
        return Verdict(None, SignatureRemark.UNSUPPORTED)
    attributes = _attributes(signer)
    if attributes and attributes.get("message_digest") != found:
        return Verdict(valid=False, remark=SignatureRemark.CONTENT_CHANGED)
    if certificate is None:
        return Verdict(None, SignatureRemark.NO_CERTIFICATE)
    signed = _signed_bytes(signer) if attributes else content
    return value_verdict(_fits(signer, certificate, signed, hash_name))


def _fits(signer: cms.SignerInfo, certificate: x509.Certificate, data: bytes, hash_name: str) -> bool | None:
    algorithm = signer["signature_algorithm"]
    name = str(algorithm["algorithm"].native)
    pss = name == "rsassa_pss"
    if pss or "_" not in name or name == "rsassa_pkcs1v15":
        own_hash = str(algorithm["parameters"]["hash_algorithm"]["algorithm"].native) if pss else hash_name
    else:
        own_hash = str(algorithm.hash_algo)
    key = certificate.public_key.dump()
    return holds(key, signer["signature"].native, data, hash_name=own_hash, pss=pss)


def _signed_bytes(signer: cms.SignerInfo) -> bytes:
    """The signed attributes as they were hashed: as a SET, not as the tagged field (RFC 5652, 5.4)."""
    return bytes(signer["signed_attrs"].untag().dump(force=True))


def _attributes(signer: cms.SignerInfo) -> dict[str, Any]:
    return {
        str(one["type"].native): one["values"].native[0]
        for one in signer["signed_attrs"]
        if len(one["values"])
    }


def _signing_time(signer: cms.SignerInfo) -> datetime | None:
    time = _attributes(signer).get("signing_time")
    return time if isinstance(time, datetime) else None
