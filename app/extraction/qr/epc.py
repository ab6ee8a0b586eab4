"""EPC069-12: the QR code for SEPA credit transfers (GiroCode)."""

from typing import Final

from app.extraction.qr.values import CodeValues, decimal, known

_FEWEST: Final = 7
_CURRENCY: Final = "EUR"


def read(text: str) -> CodeValues | None:
    """The payee's name and account and the amount to pay."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) < _FEWEST or lines[0] != "BCD" or lines[1] not in ("001", "002") or lines[3] != "SCT":
        return None
    bic, name, iban = (line.strip() for line in lines[4:7])
    amount = lines[7].strip() if len(lines) > _FEWEST else ""
    return CodeValues(
        "epc",
        known(
            [
                ("vendor.name", name),
                ("vendor.iban", iban.replace(" ", "")),
                ("vendor.bic", bic),
                ("invoice.currency", _CURRENCY if amount.startswith(_CURRENCY) else None),
                ("financials.amount_due", decimal(amount.removeprefix(_CURRENCY))),
            ]
        ),
    )
