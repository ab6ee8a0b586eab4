"""The fields that a model can be asked for, and how they are described to it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.extraction.page.calibration import field_of


class Kind(StrEnum):
    """What kind of value a field has, which decides how it is looked up on the page."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    RATE = "rate"
    CURRENCY = "currency"
    VAT_NUMBER = "vat_number"
    FISCAL_CODE = "fiscal_code"
    IBAN = "iban"


HEADER: Final[Mapping[str, tuple[Kind, str]]] = MappingProxyType({
    "vendor.name": (Kind.NAME, "name of the seller"),
    "vendor.vat_number": (Kind.VAT_NUMBER, "VAT number of the seller"),
    "vendor.fiscal_code": (Kind.FISCAL_CODE, "tax number of the seller that is no VAT number"),
    "vendor.iban": (Kind.IBAN, "account of the seller"),
    "buyer.name": (Kind.NAME, "name of the buyer"),
    "buyer.vat_number": (Kind.VAT_NUMBER, "VAT number of the buyer"),
    "invoice.number": (Kind.NUMBER, "number of the document itself, not of an order, customer or contract"),
    "invoice.date": (Kind.DATE, "date of issue"),
    "invoice.due_date": (Kind.DATE, "date by which it is to be paid"),
    "invoice.currency": (Kind.CURRENCY, "currency; its words are a sign or code beside an amount"),
    "invoice.po_number": (Kind.NUMBER, "number of the buyer's order"),
    "financials.subtotal": (Kind.MONEY, "total without tax"),
    "financials.tax_rate": (Kind.RATE, "rate of tax in percent, where there is only one"),
    "financials.tax_amount": (Kind.MONEY, "total tax"),
    "financials.total": (Kind.MONEY, "total with tax"),
})  # fmt: skip
"""Fields of the document as a whole."""

ROWS: Final[Mapping[str, tuple[Kind, str]]] = MappingProxyType({
    "line_items.description": (Kind.TEXT, "what was sold"),
    "line_items.quantity": (Kind.QUANTITY, "how much of it"),
    "line_items.unit_price": (Kind.QUANTITY, "price of one, without tax"),
    "line_items.amount": (Kind.MONEY, "amount of the row, without tax"),
})  # fmt: skip
"""Fields of each row of the items; sums and subtotals are no rows."""

TAXES: Final[Mapping[str, tuple[Kind, str]]] = MappingProxyType({
    "tax_breakdown.rate": (Kind.RATE, "rate in percent"),
    "tax_breakdown.base": (Kind.MONEY, "amount that is taxed at it"),
    "tax_breakdown.amount": (Kind.MONEY, "tax at it"),
})  # fmt: skip
"""Fields of each rate of tax that is summed up."""

_ALL: Final = {**HEADER, **ROWS, **TAXES}


def kind_of(path: str) -> Kind | None:
    """The kind of the field at a path; `None` for one that is never asked for."""
    known = _ALL.get(field_of(path))
    return known[0] if known else None


def described(paths: tuple[str, ...]) -> str:
    """The list of fields as a model is given it; a table's name stands for all its fields."""
    lines: list[str] = []
    for path in paths:
        if path in HEADER:
            lines.append(f"{path}: {HEADER[path][1]}")
            continue
        table = ROWS if path == "line_items" else TAXES
        lines += [f"{name.replace('.', '[n].')}: {text}" for name, (_, text) in table.items()]
    return "\n".join(lines)
