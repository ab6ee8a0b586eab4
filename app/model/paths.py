"""Paths of the result (`vendor.name`, `line_items[0].amount`): how evidence and flags name a value."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from app.model.invoice import Invoice

CORE: Final = (
    "vendor.name",
    "vendor.vat_number",
    "buyer.name",
    "invoice.number",
    "invoice.date",
    "invoice.currency",
    "financials.subtotal",
    "financials.tax_amount",
    "financials.total",
)
"""The fields without which nobody can book an invoice."""


def leaves(invoice: Invoice) -> Iterator[tuple[str, object]]:
    """Every path of an invoice with its value, the unknown ones left out."""
    yield from _walk("", invoice)


def _walk(prefix: str, value: object) -> Iterator[tuple[str, object]]:
    if value is None:
        return
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _walk(f"{prefix}.{name}" if prefix else name, getattr(value, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(f"{prefix}[{index}]", item)
    else:
        yield prefix, value


def with_values(invoice: Invoice, values: Mapping[str, object]) -> Invoice:
    """The invoice with other values at paths of two steps, such as `vendor.iban`."""
    sections: dict[str, dict[str, object]] = {}
    for path, value in values.items():
        section, leaf = path.split(".")
        sections.setdefault(section, {})[leaf] = value
    changed = {
        name: msgspec.structs.replace(getattr(invoice, name), **leaves) for name, leaves in sections.items()
    }
    return msgspec.structs.replace(invoice, **changed)
