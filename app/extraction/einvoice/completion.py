"""What the data of a hybrid invoice leave out and its page prints: names, accounts, orders, due dates, rows.

The lower profiles of Factur-X carry totals without lines, and many writers leave elements empty. A value from
the page keeps the page's evidence and confidence; nothing that the data state is touched.
"""

from typing import Final

import msgspec

from app.extraction.einvoice.extract import confidence_of
from app.model.evidence import Evidence
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice, LineItem

_SURE: Final = 0.5
"""Confidence from which a printed value is worth having beside exact ones."""
_FIELDS: Final = {
    "vendor": ("name", "vat_number", "fiscal_code", "iban", "bic", "email", "phone"),
    "buyer": ("name", "vat_number", "fiscal_code"),
    "invoice": ("number", "date", "due_date", "po_number", "payment_terms", "payment_method"),
}
_ROW: Final = ("unit", "unit_price", "amount", "tax_rate", "code")


def completed(stated: Extraction, printed: Extraction) -> Extraction:
    """The first invoice of the data, its unknown fields taken from the page."""
    fields = dict(stated.fields)
    invoice = _with_fields(stated.invoice, printed, fields)
    invoice = msgspec.structs.replace(invoice, line_items=_rows(invoice, printed, fields))
    first = Reading(invoice=invoice, fields=fields)
    return msgspec.structs.replace(
        stated, readings=(first, *stated.readings[1:]), confidence=confidence_of(first)
    )


def _with_fields(invoice: Invoice, printed: Extraction, fields: dict[str, Evidence]) -> Invoice:
    for section, names in _FIELDS.items():
        ours, theirs = getattr(invoice, section), getattr(printed.invoice, section)
        taken = {
            name: getattr(theirs, name)
            for name in names
            if getattr(ours, name) is None and _taken(f"{section}.{name}", printed, fields)
        }
        invoice = msgspec.structs.replace(invoice, **{section: msgspec.structs.replace(ours, **taken)})
    return invoice


def _taken(path: str, printed: Extraction, fields: dict[str, Evidence]) -> bool:
    """Whether the page is sure of a value; its evidence is then noted."""
    evidence = printed.fields.get(path)
    if evidence is None or evidence.confidence < _SURE:
        return False
    fields[path] = evidence
    return True


def _rows(invoice: Invoice, printed: Extraction, fields: dict[str, Evidence]) -> tuple[LineItem, ...]:
    """The rows of the data; the page's where there are none, its cells where each row has its twin."""
    ours, theirs = invoice.line_items, printed.invoice.line_items
    if not ours:
        fields.update({path: one for path, one in printed.fields.items() if path.startswith("line_items[")})
        return theirs
    if len(ours) != len(theirs) or any(a.quantity != b.quantity for a, b in zip(ours, theirs, strict=True)):
        return ours
    return tuple(_row(i, a, b, printed, fields) for i, (a, b) in enumerate(zip(ours, theirs, strict=True)))


def _row(
    index: int, ours: LineItem, theirs: LineItem, printed: Extraction, fields: dict[str, Evidence]
) -> LineItem:
    taken = {}
    for name in _ROW:
        path = f"line_items[{index}].{name}"
        if getattr(ours, name) is None and _taken(path, printed, fields):
            taken[name] = getattr(theirs, name)
    return msgspec.structs.replace(ours, **taken)
