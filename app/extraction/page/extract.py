"""From pages of words to the invoice they print."""

from app.extraction.page.assembly import assemble
from app.extraction.page.calibration import calibrate
from app.extraction.page.layout import lines
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.options import Options


def extract_pages(document: Document, options: Options) -> Extraction:
    """Read the invoice that the pages of a document print."""
    pages = [page for page in document.pages if not options.pages or page.number in options.pages]
    return calibrate(assemble(document, [(page, lines(page)) for page in pages], options))
