"""Italy's payment notices: the pagoPA code (Specifiche attuative dei codici identificativi di versamento)."""

import re
from decimal import Decimal
from typing import Final

from app.extraction.qr.values import CodeValues, known

_CODE: Final = re.compile(r"PAGOPA\|002\|(?P<notice>\d{18})\|(?P<creditor>\d{11})\|(?P<cents>\d{2,11})")


def read(text: str) -> CodeValues | None:
    """The creditor's fiscal code and the amount to pay, which the code states in cents."""
    code = _CODE.fullmatch(text.strip())
    if code is None:
        return None
    return CodeValues(
        "it_pagopa",
        known(
            [
                ("vendor.fiscal_code", code["creditor"]),
                ("vendor.country", "IT"),
                ("invoice.currency", "EUR"),
                ("financials.amount_due", Decimal(code["cents"]).scaleb(-2)),
            ]
        ),
    )
