"""An invoice taken apart once, by the types that rules subscribe to, with the paths of the parts."""

import datetime as dt
from typing import Final, TypeGuard

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
from app.validation.rule import Condition, Derived

Subjects = tuple[tuple[str, object], ...]

OF_THE_FILE: Final = frozenset({Context, Extraction, Observations, Signature})
"""What there is once, however many invoices a file holds: a rule over it is asked once."""


class Sheet(msgspec.Struct, frozen=True):
    """One invoice of the file, taken apart by the types that rules subscribe to."""

    subjects: dict[type, Subjects]
    context: Context
    country: str | None
    """Of the seller: from the address, else from the VAT number's prefix."""
    date: dt.date | None
    extraction: Extraction
    invoice: Invoice
    answers: dict[Condition, str]
    """What the conditions asked so far said."""

    beside: dict[tuple[type, ...], tuple[object, ...]]
    """What rules were given beside their subject so far."""

    def given_beside(self, kinds: tuple[type, ...]) -> tuple[object, ...]:
        """The first of each kind, where there is one of each; raises what deriving one of them raises."""
        given = self.beside.get(kinds)
        if given is None:
            given = self.beside[kinds] = tuple([self._first(kind) for kind in kinds])
        return given

    def _first(self, kind: type) -> object:
        if kind not in self.subjects and is_derived(kind):
            self.subjects[kind] = (("", kind.derive(self.invoice, self.context)),)
        return self.subjects[kind][0][1]

    def why_not(self, condition: Condition) -> str:
        """Why the invoice is none that a condition is for; empty when it is."""
        if condition not in self.answers:
            self.answers[condition] = condition(self.extraction, self.invoice)
        return self.answers[condition]


def is_derived(kind: type) -> TypeGuard[type[Derived]]:
    """Whether a parameter of this type is worked out from the invoice, rather than a part of it."""
    return hasattr(kind, "derive")


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
        context,
        "GR" if country == "EL" else country,
        reading.invoice.invoice.date,
        extraction,
        reading.invoice,
        {},
        {(): ()},
    )
