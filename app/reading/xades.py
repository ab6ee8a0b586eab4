"""Signatures inside an XML document (XAdES, XML-DSig): whether they fit the content and the certificate.

Understood: enveloped signatures over the whole document or over a part by `Id`, inclusive and exclusive
canonicalisation, the enveloped-signature transform and the two XPath forms that mean the same. Anything else
leaves `valid` unknown rather than guessing.
"""

import base64
import binascii
import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

from app import markup
from app.errors import Unreadable
from app.model.document import Signature, SignatureRemark
from app.reading.verification import (
    Verdict,
    chain_names,
    digest,
    holds,
    signature_of,
    signer_name,
    value_verdict,
)

_DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_MARKS: Final = (b"http://www.w3.org/2000/09/xmldsig#", b"SignatureValue")
_MOST: Final = 12
"""Signatures in a document, references in a signature, beyond which none is checked: each costs a parse."""
_MOST_BYTES: Final = 500_000_000
"""Bytes hashed over all references of a document, beyond which none is checked."""
_ID_NAMES: Final = ("Id", "ID", "id")
_ALGORITHMS: Final = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": "sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": "sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": "sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": "sha512",
}
_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_CANONICAL: Final = {
    _C14N: (False, False),
    f"{_C14N}#WithComments": (False, True),
    "http://www.w3.org/2006/12/xml-c14n11": (False, False),
    _EXCLUSIVE: (True, False),
    f"{_EXCLUSIVE}WithComments": (True, True),
}
"""Canonicalisation by its name: exclusive or not, with comments or not."""
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_XPATHS: Final = (
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
)
_MEANING_ENVELOPED: Final = ("not(ancestor-or-self::ds:Signature)", "/descendant::ds:Signature")


class _NotUnderstoodError(Exception):
    """The signature uses what is not checked here."""


def signature_within(data: bytes) -> Signature | None:
    """What the signatures inside an XML document say; `None` when there is none, or the XML is broken."""
    if not all(mark in data for mark in _MARKS):
        return None
    try:
        root = markup.parse(data, whole=True)
    except Unreadable:
        return None
    found = _signatures(root)
    if not found:
        return None
    if len(found) > _MOST or len(data) * _references(found) > _MOST_BYTES:
        return Signature(remarks=(SignatureRemark.UNSUPPORTED,))
    certificates = list(_certificates(found[0]))
    own = certificates[0] if certificates else None
    return signature_of(_verdicts(root, data), own, certificates, _signing_time(found[0]))


def _signatures(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter(f"{_DS}Signature") if one.find(f"{_DS}SignedInfo") is not None]


def _references(signatures: list[etree._Element]) -> int:
    return sum(len(one.findall(f"{_DS}SignedInfo/{_DS}Reference")) for one in signatures)


def _verdicts(root: etree._Element, data: bytes) -> list[Verdict]:
    """Of each signature; one that does not hold is tried again without the layout.

    A program that indents a signed document anew breaks its signature (XML-DSig counts every space) but
    changes no value in it. Whoever booked it was not deceived, so it is told apart from a changed value.
    """
    verdicts = [_verdict(one, data) for one in _signatures(root)]
    if all(one.valid is not False for one in verdicts):
        return verdicts
    plain = _without_layout(root)
    again = [_verdict(one, plain) for one in _signatures(markup.parse(plain, whole=True))]
    return [
        _REFORMATTED if first.valid is False and second.valid else first
        for first, second in zip(verdicts, again, strict=True)
    ]


_REFORMATTED: Final = Verdict(None, SignatureRemark.REFORMATTED)


def _without_layout(root: etree._Element) -> bytes:
    """The document without the spaces between its elements; texts stay as they are."""
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None
    return bytes(etree.tostring(root.getroottree(), encoding="utf-8"))


def _verdict(signature: etree._Element, data: bytes) -> Verdict:
    references = list(signature.iterfind(f"{_DS}SignedInfo/{_DS}Reference"))
    if not 0 < len(references) <= _MOST:
        return Verdict(None, SignatureRemark.UNSUPPORTED)
    try:
        if not all(_reference_fits(one, data) for one in references):
            return Verdict(valid=False, remark=SignatureRemark.CONTENT_CHANGED)
        if not _covers_document(signature, references):
            return Verdict(None, SignatureRemark.PARTIAL)
        return _value_verdict(signature)
    except _NotUnderstoodError:
        return Verdict(None, SignatureRemark.UNSUPPORTED)
    except (ValueError, TypeError, KeyError, binascii.Error, etree.LxmlError):
        return Verdict(valid=False, remark=SignatureRemark.CONTENT_CHANGED)


def _covers_document(signature: etree._Element, references: list[etree._Element]) -> bool:
    """Whether the document is signed, not some part of it that nobody reads."""
    root = signature.getroottree().getroot()
    own = {"", *(f"#{root.get(name)}" for name in _ID_NAMES)}
    return root is signature or any((one.get("URI") or "") in own for one in references)


def _value_verdict(signature: etree._Element) -> Verdict:
    info = signature.find(f"{_DS}SignedInfo")
    certificate = next(_certificates(signature), None)
    if info is None or certificate is None:
        return Verdict(None, SignatureRemark.NO_CERTIFICATE)
    method = _algorithm(info.find(f"{_DS}CanonicalizationMethod"))
    name = _hash_of(info.find(f"{_DS}SignatureMethod"))
    value = base64.b64decode(signature.findtext(f"{_DS}SignatureValue") or "")
    if "ecdsa" in _algorithm(info.find(f"{_DS}SignatureMethod")):
        value = _der_signature(value)
    signed = _canonical(info, method, info.find(f"{_DS}CanonicalizationMethod"))
    return value_verdict(holds(certificate.public_key.dump(), value, signed, hash_name=name))


def _der_signature(value: bytes) -> bytes:
    """XML-DSig writes an ECDSA value as r and s side by side; verification wants them as a DER sequence."""
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))


def _reference_fits(reference: etree._Element, data: bytes) -> bool:
    transforms = list(reference.iterfind(f"{_DS}Transforms/{_DS}Transform"))
    root = markup.parse(data, whole=True)
    target = _target(root, reference.get("URI"))
    method, carrier = _C14N, None
    for transform in transforms:
        name = _algorithm(transform)
        if name in _CANONICAL:
            method, carrier = name, transform
        elif not _removes_signature(name, transform):
            raise _NotUnderstoodError
        else:
            _remove_signatures(root, reference)
    name = _hash_of(reference.find(f"{_DS}DigestMethod"))
    stated = base64.b64decode(reference.findtext(f"{_DS}DigestValue") or "")
    return digest(name, _canonical(target, method, carrier)) == stated


def _target(root: etree._Element, uri: str | None) -> etree._Element:
    """The element a reference means: the whole document, or the one with that identifier."""
    if not uri:
        return root
    if not uri.startswith("#"):
        raise _NotUnderstoodError
    found = [one for one in root.iter() if uri[1:] in (one.get(name) for name in _ID_NAMES)]
    if len(found) != 1:
        raise _NotUnderstoodError
    return found[0]


def _removes_signature(name: str, transform: etree._Element) -> bool:
    if name == _ENVELOPED:
        return True
    expression = "".join("".join(str(text) for text in transform.itertext()).split())
    return name in _XPATHS and expression in {"".join(one.split()) for one in _MEANING_ENVELOPED}


def _remove_signatures(root: etree._Element, reference: etree._Element) -> None:
    """Take out the signature that a reference belongs to, keeping the text after it."""
    owner = next(reference.iterancestors(f"{_DS}Signature"))
    own = owner.findtext(f"{_DS}SignatureValue")
    for one in list(root.iter(f"{_DS}Signature")):
        if one.findtext(f"{_DS}SignatureValue") == own:
            _remove(one)


def _remove(element: etree._Element) -> None:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        raise _NotUnderstoodError
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _canonical(element: etree._Element, method: str, carrier: etree._Element | None) -> bytes:
    if method not in _CANONICAL:
        raise _NotUnderstoodError
    exclusive, comments = _CANONICAL[method]
    listed = carrier.find(f"{{{_EXCLUSIVE}}}InclusiveNamespaces") if carrier is not None else None
    prefixes = (listed.get("PrefixList") or "").split() if listed is not None else None
    return bytes(
        etree.tostring(
            element.getroottree() if element.getparent() is None else element,
            encoding=None,
            method="c14n",
            exclusive=exclusive,
            with_comments=comments,
            inclusive_ns_prefixes=prefixes,
        )
    )


def _algorithm(element: etree._Element | None) -> str:
    return (element.get("Algorithm") or "") if element is not None else ""


def _hash_of(element: etree._Element | None) -> str:
    name = _ALGORITHMS.get(_algorithm(element))
    if name is None:
        raise _NotUnderstoodError
    return name


def _certificates(signature: etree._Element) -> Iterator[x509.Certificate]:
    for one in signature.iterfind(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate"):
        with contextlib.suppress(ValueError, TypeError, KeyError, binascii.Error):
            yield _whole(x509.Certificate.load(base64.b64decode(one.text or "")))


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """The certificate, taken apart at once: it is parsed lazily, and may be broken anywhere."""
    chain_names(certificate, [certificate])
    signer_name(certificate)
    certificate.public_key.dump()
    return certificate


def _signing_time(signature: etree._Element) -> datetime | None:
    text = next((one.text for one in signature.iter("{*}SigningTime")), None)
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
