"""The formats that can be read. A new one is a module with its table, and a line here."""

from typing import Final

from app.errors import UnsupportedFile
from app.extraction.einvoice import cii, facturae, fatturapa, fatturapa_simplified, isdoc, ksef, ubl
from app.extraction.einvoice.mapping import Format
from app.extraction.einvoice.names import local_name

FORMATS: Final[tuple[Format, ...]] = (
    fatturapa.FORMAT,
    fatturapa_simplified.FORMAT,
    ubl.INVOICE,
    ubl.CREDIT_NOTE,
    cii.FORMAT,
    ksef.FORMAT,
    facturae.FORMAT,
    isdoc.FORMAT,
)
ROWS: Final = frozenset(name for form in FORMATS for name in form.rows)
"""Elements that come by the thousand, whatever the format."""


def format_of(qualified: str) -> Format | None:
    """The format of a document by its root (`{namespace}name`), `None` when it is no known invoice."""
    namespace = qualified.removeprefix("{").rpartition("}")[0]
    root = local_name(qualified)
    return next((form for form in FORMATS if form.admits(namespace, root)), None)


class NotAnInvoice(UnsupportedFile):
    """The XML is a business document of another kind."""


def refusal(qualified: str) -> UnsupportedFile:
    """Why a document of another kind is not read."""
    known = _OTHER_DOCUMENTS.get(local_name(qualified))
    if known:
        return NotAnInvoice(f"The XML is {known}, not an invoice.")
    names = ", ".join(form.name for form in FORMATS)
    return UnsupportedFile(f"The XML is well-formed but no invoice in a known format ({names}).")


_OTHER_DOCUMENTS: Final = {
    "SCRDMCCBDACIOMessageStructure": "an order (Order-X)",
    "SCRDMCCBDACIDAMessageStructure": "a despatch advice",
    "Order": "an order",
    "OrderResponse": "an order response",
    "DespatchAdvice": "a despatch advice",
    "ApplicationResponse": "a response to a document",
    "Reminder": "a payment reminder",
    "RicevutaConsegna": "a delivery receipt of the exchange system",
    "NotificaScarto": "a rejection notice of the exchange system",
    "RicevutaScarto": "a rejection notice of the exchange system",
    "NotificaMancataConsegna": "a notice of the exchange system",
    "MetadatiInvioFile": "the exchange system's metadata about an invoice",
    "FileMetadati": "the exchange system's metadata about an invoice",
}
