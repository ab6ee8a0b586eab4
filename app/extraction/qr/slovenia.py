"""Slovenia's payment order code (UPN QR, Združenje bank Slovenije)."""

from decimal import Decimal
from typing import Final

from app.extraction.qr.values import CodeValues, Value, day, known

_FEWEST: Final = 19


def read(text: str) -> CodeValues | None:
    """Payer, payee, account, amount in cents and the day it is due."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    if len(lines) < _FEWEST or lines[0] != "UPNQR":
        return None
    cents = lines[8]
    return CodeValues(
        "si_upn",
        known(
            [
                *_party("buyer", lines[5:8]),
                (
                    "financials.amount_due",
                    Decimal(cents).scaleb(-2) if cents.isdigit() and int(cents) else None,
                ),
                ("invoice.currency", "EUR"),
                ("invoice.due_date", day(lines[13], "%d.%m.%Y")),
                ("vendor.iban", lines[14].replace(" ", "")),
                *_party("vendor", lines[16:19]),
            ]
        ),
    )


def _party(role: str, lines: list[str]) -> list[tuple[str, Value | None]]:
    name, street, town = lines
    zip_code, _, city = town.partition(" ")
    if not zip_code.removeprefix("SI-").isdigit():
        zip_code, city = "", town
    return [
        (f"{role}.name", name),
        (f"{role}.address", street),
        (f"{role}.zip_code", zip_code),
        (f"{role}.city", city),
    ]
