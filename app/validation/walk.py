"""An invoice taken apart once, by the types that rules subscribe to, with the paths of the parts."""

import datetime as dt
from typing import Final

import msgspec

from app.model.document import Signature
from app.model.extraction import Extraction, Observations, Reading
from app.model.invoice import (
    Allowance,
    Contribution,
    Financials,
    Invoice,
    InvoiceHeader,
    LineItem,
    Party,
    Payment,
    TaxLine,
    Withholding,
)
from app.validation.context import Context
from app.validation.rule import Condition

Subjects = tuple[tuple[str, object], ...]

OF_THE_FILE: Final = frozenset({Context, Extraction, Observations, Signature})
"""What there is once, however many invoices a file holds: a rule over it is asked once."""


class Sheet(msgspec.Struct, frozen=True):
    """One invoice of the file, taken apart by the types that rules subscribe to."""

    subjects: dict[type, Subjects]
    country: str | None
    """Of the seller: from the address, else from the VAT number's prefix."""
    date: dt.date | None
    extraction: Extraction
    invoice: Invoice
    answers: dict[Condition, str]
    """What the conditions asked so far said."""

    beside: dict[tuple[type, ...], tuple[object, ...] | None]
    """What rules were given beside their subject so far."""

    def given_beside(self, kinds: tuple[type, ...]) -> tuple[object, ...] | None:
        """The first of each kind; `None` when there is not one of each."""
        if kinds not in self.beside:
            found = [self.subjects.get(kind, ()) for kind in kinds]
            self.beside[kinds] = tuple([one[0][1] for one in found]) if all(found) else None
        return self.beside[kinds]

    def why_not(self, condition: Condition) -> str:
        """Why the invoice is none that a condition is for; empty when it is."""
        if condition not in self.answers:
            self.answers[condition] = condition(self.extraction, self.invoice)
        return self.answers[condition]


def _subjects(
    reading: Reading, extraction: Extraction, context: Context, prefix: str
) -> dict[type, Subjects]:
    """Everything a rule can subscribe to, with the prefix of its paths."""
    invoice = reading.invoice
    signature = extraction.signature
    return {
        Invoice: ((prefix, invoice),),
        Reading: ((prefix, reading),),
        InvoiceHeader: ((f"{prefix}invoice.", invoice.invoice),),
        Financials: ((f"{prefix}financials.", invoice.financials),),
        Party: ((f"{prefix}vendor.", invoice.vendor), (f"{prefix}buyer.", invoice.buyer)),
        LineItem: _rows(f"{prefix}line_items", invoice.line_items),
        TaxLine: _rows(f"{prefix}tax_breakdown", invoice.tax_breakdown),
        Allowance: _rows(f"{prefix}allowances", invoice.allowances),
        Withholding: _rows(f"{prefix}withholdings", invoice.withholdings),
        Contribution: _rows(f"{prefix}contributions", invoice.contributions),
        Payment: _rows(f"{prefix}payments", invoice.payments),
        Context: (("", context),),
        Extraction: (("", extraction),),
        Observations: (("", extraction.observations),),
        Signature: (("", signature),) if signature is not None else (),
    }


def _rows(prefix: str, rows: tuple[object, ...]) -> Subjects:
    return tuple([(f"{prefix}[{index}].", row) for index, row in enumerate(rows)])


def lay_out(extraction: Extraction, index: int, context: Context) -> Sheet:
    """One of the invoices of a file: everything a rule can subscribe to, with the prefix of its paths."""
    reading = extraction.readings[index]
    prefix = f"results[{index}]." if index else ""
    vendor = reading.invoice.vendor
    country = vendor.country or (vendor.vat_number or "")[:2] or None
    return Sheet(
        _subjects(reading, extraction, context, prefix),
        "GR" if country == "EL" else country,
        reading.invoice.invoice.date,
        extraction,
        reading.invoice,
        {},
        {(): ()},
    )
