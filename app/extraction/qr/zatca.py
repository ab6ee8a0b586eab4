"""Saudi Arabia's e-invoice code (ZATCA): base64 of tag, length, value."""

import base64
import binascii
from typing import Final

from app.extraction.qr.values import CodeValues, day, decimal, known

_NAME, _VAT, _TIME, _TOTAL, _TAX = 1, 2, 3, 4, 5
_NEEDED: Final = frozenset({_NAME, _VAT, _TIME, _TOTAL, _TAX})


def read(text: str) -> CodeValues | None:
    """Seller, its VAT number, the day, total and tax."""
    fields = _fields(text.strip())
    if not fields.keys() >= _NEEDED:
        return None
    total, tax = decimal(fields[_TOTAL]), decimal(fields[_TAX])
    if total is None or tax is None:
        return None
    return CodeValues(
        "sa_zatca",
        known(
            [
                ("vendor.name", fields[_NAME]),
                ("vendor.vat_number", f"SA{fields[_VAT]}"),
                ("vendor.country", "SA"),
                ("invoice.date", day(fields[_TIME][:10], "%Y-%m-%d")),
                ("invoice.currency", "SAR"),
                ("financials.subtotal", total - tax),
                ("financials.tax_amount", tax),
                ("financials.total", total),
            ]
        ),
    )


def _fields(text: str) -> dict[int, str]:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return {}
    fields, at = {}, 0
    while at + 2 <= len(data):
        tag, length = data[at], data[at + 1]
        value = data[at + 2 : at + 2 + length]
        if len(value) < length:
            return {}
        if tag in _NEEDED:
            try:
                fields[tag] = value.decode("utf-8")
            except UnicodeDecodeError:
                return {}
        at += 2 + length
    return fields
