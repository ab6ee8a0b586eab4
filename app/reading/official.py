"""The official rules of EN 16931 over an e-invoice, as their makers publish them.

Their processor is native code with a memory of its own, so this runs only in a process that may be killed;
programs are compiled when a file first needs them, and kept.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from app import markup
from app.model.document import Document, FileType
from app.model.limits import Limits
from app.model.official import PACKAGE, UNNUMBERED, Artefact, Examination, Finding, artefacts
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.reading.pdf import read_attached
from app.reading.sniff import sniff
from app.reading.xml import read_xml

_HEAD: Final = 4096
_PADDING: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII: Final = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_ROOTS: Final = (f"{{{_UBL}Invoice-2}}Invoice", f"{{{_UBL}CreditNote-2}}CreditNote", _CII)
_GUIDELINE: Final = "{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID"
_PROFILES: Final = {
    "minimum": Artefact.MINIMUM,
    "basicwl": Artefact.BASIC_WL,
    "basic": Artefact.BASIC,
    "extended": Artefact.EXTENDED,
}
"""The last part of a Factur-X guideline (BT-24), where another than the norm's own artefact is for it."""
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_MOST: Final = 200
"""Findings told of one file."""
_LONGEST: Final = 500
"""Characters of a sentence or place."""


def examine(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Examination:
    """What the official rules say of the e-invoice in a file.

    Raises:
        JobFailure: when the file cannot be read.
    """
    del watch  # there is nothing to tell of milliseconds
    for data in _carried(_document(path, options, limits)):
        for root in _invoices(data):
            artefact = artefact_for(root)
            return Examination(artefact=artefact, findings=tuple(_findings(artefact, root)))
    return Examination()


def _document(path: Path, options: Options, limits: Limits) -> Document:
    with path.open("rb") as file:
        kind = sniff(file.read(_HEAD))
    if kind in (FileType.XML, FileType.P7M):
        return read_xml(path, kind, limits)
    return read_attached(path, options, limits) if kind is FileType.PDF else Document(file_type=kind)


def _carried(document: Document) -> Iterator[bytes]:
    if document.xml is not None:
        yield document.xml
    for attachment in document.attachments:
        if attachment.data[:_HEAD].lstrip(_PADDING).startswith(b"<"):
            yield attachment.data


def _invoices(data: bytes) -> Iterator[etree._Element]:
    """The first e-invoice in some XML, wherever an envelope has it."""
    yield from markup.parse(data).iter(*_ROOTS)


def artefact_for(root: etree._Element) -> Artefact:
    """The official program for an e-invoice, by its syntax and profile."""
    if root.tag != _CII:
        return Artefact.UBL
    guideline = (root.findtext(_GUIDELINE) or "").strip().lower().replace("_", "")
    return _PROFILES.get(guideline.rpartition(":")[2], Artefact.CII)


def _findings(artefact: Artefact, root: etree._Element) -> Iterator[Finding]:
    report = _run(artefact, etree.tostring(root, encoding="unicode"))
    broken = report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    for count, one in enumerate(broken):
        if count >= _MOST:
            return
        yield Finding(
            code=one.get("id") or UNNUMBERED,
            warning=one.get("flag") == "warning",
            place=(one.get("location") or "")[:_LONGEST],
            message=" ".join((one.findtext(f"{_SVRL}text") or "").split())[:_LONGEST],
        )


def _run(artefact: Artefact, xml: str) -> etree._Element:
    invoice = _processor().parse_xml(xml_text=xml)
    return markup.parse(_compiled(artefact).transform_to_string(xdm_node=invoice).encode())


@cache
def _processor() -> Any:  # noqa: ANN401  # an extra without types
    from saxonche import PySaxonProcessor  # noqa: PLC0415  # an extra, forty megabytes of native code

    return PySaxonProcessor(license=False)


@cache
def _compiled(artefact: Artefact) -> Any:  # noqa: ANN401  # an extra without types
    folder = artefacts()
    if folder is None:
        raise ModuleNotFoundError(PACKAGE)
    program = str(folder / artefact)
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=program)
