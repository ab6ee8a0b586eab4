"""What kind of document a rule has before it."""

from typing import Final

from app.model.document import FileType
from app.model.evidence import Source
from app.model.extraction import Extraction
from app.model.invoice import Invoice, InvoiceHeader, InvoiceType
from rules.countries.names import WITH_VAT_NUMBERS

_XML_FILES: Final = (FileType.XML, FileType.P7M)
_ON_A_PAGE: Final = (Source.TEXT, Source.OCR)
_BY_THE_BUYER: Final = (
    "TD16", "TD17", "TD18", "TD19", "TD20", "TD21", "TD22", "TD23", "TD27", "TD28", "TD29",
)  # fmt: skip
"""TD24 to TD26 lie between them and are the seller's: summary invoices, and goods of the business itself."""
_SETTLEMENTS: Final = ("ROZ", "KOR_ROZ")
SETTLES: Final = "it settles advances: its rows are the whole order, its totals what is left"
_ITALIAN_SIMPLIFIED: Final = ("TD07", "TD08", "TD09")


def structured(extraction: Extraction) -> bool:
    """Whether the values come from an e-invoice, so that what is not there was not said."""
    if extraction.file_type in _XML_FILES:
        return True
    total = extraction.fields.get("financials.total")
    return total is not None and total.source is Source.XML


def simplified(header: InvoiceHeader) -> bool:
    """Whether it is a receipt or a simplified invoice, of which the law asks less."""
    return header.type is InvoiceType.RECEIPT or header.type_code in _ITALIAN_SIMPLIFIED


def fatturapa(header: InvoiceHeader) -> bool:
    """Whether it came in the Italian format, told by its kind of document."""
    return (header.type_code or "").startswith("TD")


def integrated(header: InvoiceHeader) -> bool:
    """Whether it is an Italian document that the buyer writes, for reverse charge or for the seller."""
    return header.type_code in _BY_THE_BUYER


def settlement(header: InvoiceHeader) -> bool:
    """Whether it is a Polish invoice that settles advances.

    Its rows are the whole order, its totals what is left after them (ustawa o VAT, art. 106f ust. 3).
    """
    return header.type_code in _SETTLEMENTS


def elsewhere(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: not for printed invoices of sellers whose law asks for less."""
    if invoice.vendor.country in (None, *WITH_VAT_NUMBERS) or structured(extraction):
        return ""
    return "the law of the seller's country may not ask for it"


def e_invoice(extraction: Extraction, _invoice: Invoice) -> str:
    """A condition: only for what came as data, where what is not there was not said."""
    return "" if structured(extraction) else "on a printed page it may be there and not have been found"


def norm(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for e-invoices after EN 16931."""
    return (
        "it is for e-invoices after EN 16931"
        if fatturapa(invoice.invoice)
        else e_invoice(extraction, invoice)
    )


def e_invoice_rows(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for rows that came as data; those of the lowest profiles are read from the page."""
    return e_invoice(extraction, invoice) or _printed_rows(extraction)


def norm_rows(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for rows of e-invoices after EN 16931 that came as data."""
    return norm(extraction, invoice) or _printed_rows(extraction)


def norm_terms(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for the syntaxes of EN 16931, which have a place for every term of it."""
    return norm(extraction, invoice) or _national(extraction)


def norm_row_terms(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for rows that came as data in a syntax of EN 16931."""
    return norm_rows(extraction, invoice) or _national(extraction)


def _national(extraction: Extraction) -> str:
    return "the format is a country's own" if extraction.observations.national_format else ""


def _printed_rows(extraction: Extraction) -> str:
    if extraction.file_type in _XML_FILES:
        return ""
    found = (extraction.fields.get(f"line_items[0].{name}") for name in ("amount", "description"))
    printed = any(proof is not None and proof.source in _ON_A_PAGE for proof in found)
    return "the data have no rows, and those of the page leave out what nobody prints" if printed else ""


def italian(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for e-invoices in the Italian format."""
    return e_invoice(extraction, invoice) if fatturapa(invoice.invoice) else "it is for the Italian format"


def italian_ordinary(extraction: Extraction, invoice: Invoice) -> str:
    """A condition: only for the Italian format, but not its simplified form."""
    if simplified(invoice.invoice):
        return "it is not for simplified invoices"
    return italian(extraction, invoice)
