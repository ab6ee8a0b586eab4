"""Italy's payment notices: the pagoPA code, and the data matrix of the postal slip printed beside it.

Specifiche attuative dei codici identificativi di versamento; guida tecnica all'avviso di pagamento analogico.
"""

import re
from decimal import Decimal
from typing import Final

from app.extraction.qr.values import CodeValues, known

_CODE: Final = re.compile(r"PAGOPA\|002\|(?P<notice>\d{18})\|(?P<creditor>\d{11})\|(?P<cents>\d{2,11})")


_POSTAL: Final = re.compile(
    r"codfase=NBPA;18(?P<notice>\d{18})12(?P<account>\d{12})10(?P<cents>\d{10})38961P1(?P<creditor>\d{11})"
    r"(?P<debtor>.{16})(?P<name>.{40})"
)
"""Phase, the code line of 50 digits (notice, account, cents, kind of slip), the two parties of the notice."""


def read(text: str) -> CodeValues | None:
    """The creditor's fiscal code and the amount to pay in cents; the postal slip also names the debtor."""
    code = _CODE.fullmatch(text.strip()) or _POSTAL.match(text)
    if code is None:
        return None
    debtor = code.groupdict()
    return CodeValues(
        "it_pagopa",
        known(
            [
                ("buyer.name", debtor.get("name", "").strip()),
                ("buyer.fiscal_code", debtor.get("debtor", "").strip()),
                ("vendor.fiscal_code", code["creditor"]),
                ("vendor.country", "IT"),
                ("invoice.currency", "EUR"),
                ("financials.amount_due", Decimal(code["cents"]).scaleb(-2)),
            ]
        ),
    )
