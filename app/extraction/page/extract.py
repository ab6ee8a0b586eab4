"""From pages of words to the invoice they print."""

from app.model.document import Document
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.options import Options


def extract_pages(document: Document, _options: Options) -> Extraction:
    """Read the invoice that the pages of a document print."""
    return Extraction(
        readings=(Reading(invoice=Invoice()),),
        file_type=document.file_type,
        page_count=document.page_count,
    )
