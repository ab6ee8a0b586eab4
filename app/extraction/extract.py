"""Which reader reads the document: exact sources first."""

import msgspec

from app.errors import JobFailure
from app.extraction import qr
from app.extraction.displayed import as_displayed
from app.extraction.einvoice import compared, extract_embedded, extract_xml
from app.extraction.page import extract_pages
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.options import Options
from app.model.progress import Stage, Watch, unwatched


def extract(document: Document, options: Options, watch: Watch = unwatched) -> Extraction:
    """Take the invoice out of a document.

    Raises:
        JobFailure: when the document holds nothing that could be an invoice's text.
    """
    watch(Stage.EXTRACTING, 60)
    if document.xml is not None:
        return extract_xml(document, options)
    embedded = extract_embedded(document, options)
    if embedded.extraction is None:
        return _with_notes(_printed(document, options), embedded.notes)
    return _beside_page(embedded.extraction, embedded.xml, document, options)


def _printed(document: Document, options: Options) -> Extraction:
    """What the pages print, completed by the codes on them."""
    printed = qr.complete(extract_pages(document, options), document.pages)
    return as_displayed(printed, document.pages)


def _beside_page(stated: Extraction, xml: bytes, document: Document, options: Options) -> Extraction:
    """What the embedded data say, and where the page says otherwise."""
    try:
        printed = extract_pages(document, options)
    except JobFailure:
        return stated
    return compared(stated, printed, document.pages, xml)


def _with_notes(extraction: Extraction, notes: tuple[str, ...]) -> Extraction:
    if not notes:
        return extraction
    observations = msgspec.structs.replace(
        extraction.observations, notes=extraction.observations.notes + notes
    )
    return msgspec.structs.replace(extraction, observations=observations)
