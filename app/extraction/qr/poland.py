"""Poland's KSeF verification links, printed as a code on every visualisation of a structured invoice."""

import re
from typing import Final

from app.extraction.qr.values import CodeValues, day, known

_BY_HASH: Final = re.compile(
    r"https://[\w.-]*ksef[\w.-]*/(?:client-app/)?invoice/(?P<nip>\d{10})/(?P<day>\d\d-\d\d-\d{4})/"
)
_BY_NUMBER: Final = re.compile(r"https://[\w.-]*ksef[\w.-]*/web/verify/(?P<nip>\d{10})-\d{8}-")


def read(text: str) -> CodeValues | None:
    """The seller's NIP; the newer form adds the day of issue (a KSeF number's day is that of receipt)."""
    code = _BY_HASH.match(text) or _BY_NUMBER.match(text)
    if code is None:
        return None
    issued = day(code["day"], "%d-%m-%Y") if "day" in code.re.groupindex else None
    return CodeValues(
        "pl_ksef",
        known(
            [("vendor.vat_number", f"PL{code['nip']}"), ("vendor.country", "PL"), ("invoice.date", issued)]
        ),
    )
