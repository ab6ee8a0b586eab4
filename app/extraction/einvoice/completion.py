"""What the data of a hybrid invoice leave out and its page prints: names, accounts, orders, due dates, rows.

The lower profiles of Factur-X carry totals without lines, the lowest (MINIMUM) without the tax breakdown too,
and many writers leave elements empty. A value from the page keeps the page's evidence and confidence; nothing
that the data state is touched. A number that the data know in another place (the buyer's account, a contract)
is not taken for one that they lack.
"""

import re
from typing import Final

import msgspec

from app.extraction.einvoice.extract import confidence_of
from app.model.evidence import Evidence
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice, LineItem
from app.model.money import ZERO

_SURE: Final = 0.5
"""Confidence from which a printed value is worth having beside exact ones."""
_FIELDS: Final = {
    "vendor": ("name", "vat_number", "fiscal_code", "iban", "bic", "email", "phone"),
    "buyer": ("name", "vat_number", "fiscal_code", "email"),
    "invoice": (
        "number", "date", "due_date", "currency", "po_number", "payment_terms", "payment_method",
        "delivery_date", "period_start", "period_end", "cig", "cup",
    ),
}  # fmt: skip
_NUMBERS: Final = ("vat_number", "fiscal_code", "iban", "number", "po_number")
_LEAF: Final = re.compile(r">([^<>]{1,100})<")
_NOT_ALNUM: Final = re.compile(r"[^0-9a-z]")
_ADDRESS: Final = ("address", "city", "zip_code", "province", "country")
"""Taken together or not at all: half of one address and half of another are none."""
_ROW: Final = ("unit", "unit_price", "amount", "tax_rate", "code")


def completed(stated: Extraction, printed: Extraction, data: str) -> Extraction:
    """The first invoice of the data, its unknown fields taken from the page; `data` is their XML as text."""
    fields = dict(stated.fields)
    known = frozenset(plain(text) for text in _LEAF.findall(data))
    invoice = _with_fields(stated.invoice, printed, fields, known)
    invoice = _with_addresses(invoice, printed, fields)
    invoice = _with_breakdown(invoice, printed, fields)
    invoice = msgspec.structs.replace(invoice, line_items=_rows(invoice, printed, fields))
    first = Reading(invoice=invoice, fields=fields)
    return msgspec.structs.replace(
        stated, readings=(first, *stated.readings[1:]), confidence=confidence_of(first)
    )


def plain(text: str) -> str:
    """A text without all that is written now so, now otherwise: case, spaces, punctuation."""
    return _NOT_ALNUM.sub("", text.lower())


def _with_fields(
    invoice: Invoice, printed: Extraction, fields: dict[str, Evidence], known: frozenset[str]
) -> Invoice:
    for section, names in _FIELDS.items():
        ours, theirs = getattr(invoice, section), getattr(printed.invoice, section)
        taken = {
            name: getattr(theirs, name)
            for name in names
            if getattr(ours, name) is None
            and not (name in _NUMBERS and _is_another(name, getattr(theirs, name), known))
            and not (name == "bic" and theirs.iban != ours.iban and _is_another("iban", theirs.iban, known))
            and _taken(f"{section}.{name}", printed, fields)
        }
        invoice = msgspec.structs.replace(invoice, **{section: msgspec.structs.replace(ours, **taken)})
    return invoice


def _is_another(name: str, number: str | None, known: frozenset[str]) -> bool:
    """Whether a printed number is something else in the data, or no VAT number for want of a country."""
    bare = plain(number or "")
    return bare in known or (name == "vat_number" and not bare[:2].isalpha())


def _with_addresses(invoice: Invoice, printed: Extraction, fields: dict[str, Evidence]) -> Invoice:
    """Where a party has not so much as a town in the data, but perhaps its country."""
    for section in ("vendor", "buyer"):
        ours, theirs = getattr(invoice, section), getattr(printed.invoice, section)
        lacking = [name for name in _ADDRESS if getattr(ours, name) is None]
        stated = [name for name in _ADDRESS if name not in lacking and name != "country"]
        if stated or (ours.country is not None and theirs.country not in (None, ours.country)):
            continue
        taken = {
            name: getattr(theirs, name) for name in lacking if _taken(f"{section}.{name}", printed, fields)
        }
        invoice = msgspec.structs.replace(invoice, **{section: msgspec.structs.replace(ours, **taken)})
    return invoice


def _with_breakdown(invoice: Invoice, printed: Extraction, fields: dict[str, Evidence]) -> Invoice:
    """The printed taxes, where the data give their sums alone and the printed ones add up to these."""
    money, taxes = invoice.financials, printed.invoice.tax_breakdown
    sums = [sum((getattr(tax, name) or ZERO for tax in taxes), ZERO) for name in ("base", "amount")]
    if invoice.tax_breakdown or not taxes or sums != [money.subtotal, money.tax_amount]:
        return invoice
    _take_all("tax_breakdown[", printed, fields)
    rate = printed.invoice.financials.tax_rate
    if money.tax_rate is None and _taken("financials.tax_rate", printed, fields):
        money = msgspec.structs.replace(money, tax_rate=rate)
    return msgspec.structs.replace(invoice, tax_breakdown=taxes, financials=money)


def _take_all(start: str, printed: Extraction, fields: dict[str, Evidence]) -> None:
    fields.update({path: one for path, one in printed.fields.items() if path.startswith(start)})


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
        _take_all("line_items[", printed, fields)
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
