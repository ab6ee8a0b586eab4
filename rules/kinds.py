"""What kind of document a rule has before it."""

from typing import Final

from app.model.document import FileType
from app.model.evidence import Source
from app.model.extraction import Extraction
from app.model.invoice import InvoiceHeader, InvoiceType
from app.validation import skip

_XML_FILES: Final = (FileType.XML, FileType.P7M)
_ITALIAN_SIMPLIFIED: Final = ("TD07", "TD08", "TD09")


def structured(extraction: Extraction) -> bool:
    """Whether the values come from an e-invoice, so that what is not there was not said."""
    if extraction.file_type in _XML_FILES:
        return True
    total = extraction.fields.get("financials.total")
    return total is not None and total.source is Source.XML


def need_structured(extraction: Extraction) -> None:
    """End the check for a printed page, where a value may be there and not have been found."""
    if not structured(extraction):
        skip("on a printed page it may be there and not have been found")


def simplified(header: InvoiceHeader) -> bool:
    """Whether it is a receipt or a simplified invoice, of which the law asks less."""
    return header.type is InvoiceType.RECEIPT or header.type_code in _ITALIAN_SIMPLIFIED


def fatturapa(header: InvoiceHeader) -> bool:
    """Whether it came in the Italian format, told by its kind of document."""
    return (header.type_code or "").startswith("TD")
