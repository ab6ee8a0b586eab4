"""Austria's receipt code (Registrierkassensicherheitsverordnung, annex, Z 4 to 6)."""

import re
from typing import Final

from app.extraction.qr.values import CodeValues, day, decimal, known
from app.model.invoice import InvoiceType
from app.model.money import ZERO

_CODE: Final = re.compile(
    r"_R\d-[A-Z]{2}\d+_(?P<till>[^_]+)_(?P<number>[^_]+)_(?P<day>\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d"
    r"_(?P<sums>(?:-?\d+,\d\d_){5})"
)


def read(text: str) -> CodeValues | None:
    """Receipt number, day and the gross sums of the five rates together."""
    code = _CODE.match(text)
    if code is None:
        return None
    sums = [decimal(part) or ZERO for part in code["sums"].rstrip("_").split("_")]
    return CodeValues(
        "at_rksv",
        known(
            [
                ("invoice.type", InvoiceType.RECEIPT),
                ("invoice.number", code["number"]),
                ("invoice.date", day(code["day"], "%Y-%m-%d")),
                ("invoice.currency", "EUR"),
                ("financials.total", sum(sums, ZERO)),
            ]
        ),
    )
