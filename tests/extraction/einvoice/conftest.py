"""What the tests of e-invoices share."""

from collections.abc import Callable

import pytest

from app.extraction.einvoice import extract_xml
from app.model.document import Document, FileType
from app.model.extraction import Extraction
from app.model.options import Options


@pytest.fixture(scope="session")
def extracted() -> Callable[[bytes], Extraction]:
    """Reads the bytes of an XML file."""

    def extract(data: bytes) -> Extraction:
        return extract_xml(Document(file_type=FileType.XML, xml=data), Options())

    return extract
