"""From an e-invoice's bytes to its values."""

from app.errors import UnsupportedFile
from app.model.document import Document
from app.model.extraction import Extraction
from app.model.options import Options


def extract_xml(document: Document, _options: Options) -> Extraction:
    """Read every value from the XML of a document."""
    raise UnsupportedFile(f"No reader for this {document.file_type} yet.")
