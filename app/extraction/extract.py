"""Which reader reads the document: exact sources first."""

from app.extraction import qr
from app.extraction.displayed import as_displayed
from app.extraction.einvoice import extract_xml
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
    printed = qr.complete(extract_pages(document, options), document.pages)
    return as_displayed(printed, document.pages)
