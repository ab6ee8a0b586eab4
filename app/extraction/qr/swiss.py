"""Swiss QR-bill (SIX implementation guidelines 2.x) with Swico S1 billing information."""

import re
from datetime import timedelta
from typing import Final

from app.extraction.qr.values import CodeValues, Value, day, decimal, known
from app.model.invoice import TaxLine

_FEWEST: Final = 31
_CREDITOR, _DEBTOR = 4, 20
_BILLING: Final = 31
_SWICO: Final = "//S1/"
_UNESCAPED_SLASH: Final = re.compile(r"(?<!\\)/")


def read(text: str) -> CodeValues | None:
    """Creditor, debtor, account, amount, and what Swico's billing information adds."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    if len(lines) < _FEWEST or lines[0] != "SPC" or not lines[1].startswith("02"):
        return None
    billing = _billing(lines[_BILLING]) if len(lines) > _BILLING else {}
    values = known(
        [
            ("vendor.iban", lines[3]),
            *_party("vendor", lines[_CREDITOR : _CREDITOR + 7]),
            ("financials.amount_due", decimal(lines[18])),
            ("invoice.currency", lines[19]),
            *_party("buyer", lines[_DEBTOR : _DEBTOR + 7]),
            *_billed(billing),
        ]
    )
    return CodeValues("swiss_qr_bill", values, _taxes(billing.get("32", "")))


def _party(role: str, lines: list[str]) -> list[tuple[str, Value | None]]:
    kind, name, first, second, zip_code, city, country = lines
    if kind == "K":  # combined address: second line is postcode and town
        zip_code, _, city = second.partition(" ")
        street = first
    else:
        street = f"{first} {second}".strip()
    return [
        (f"{role}.name", name),
        (f"{role}.address", street),
        (f"{role}.zip_code", zip_code),
        (f"{role}.city", city),
        (f"{role}.country", country),
    ]


def _billing(line: str) -> dict[str, str]:
    """Swico S1 tags with their values: 10 number, 11 date, 20 buyer's reference, 30 UID, 32 VAT, 40 terms."""
    if not line.startswith(_SWICO):
        return {}
    parts = [part.replace("\\/", "/").replace("\\\\", "\\") for part in _UNESCAPED_SLASH.split(line)[3:]]
    return dict(zip(parts[::2], parts[1::2], strict=False))


def _billed(billing: dict[str, str]) -> list[tuple[str, Value | None]]:
    issued = day(billing.get("11", ""), "%y%m%d")
    uid = billing.get("30", "")
    days = _days_net(billing.get("40", ""))
    return [
        ("invoice.number", billing.get("10")),
        ("invoice.date", issued),
        ("invoice.po_number", billing.get("20")),
        ("vendor.vat_number", f"CHE{uid}" if uid else None),
        ("invoice.due_date", issued + timedelta(days=days) if issued and days is not None else None),
    ]


def _days_net(terms: str) -> int | None:
    """Days until the whole amount is due: the `0:30` of `2:10;0:30`."""
    for term in terms.split(";"):
        percent, _, days = term.partition(":")
        if decimal(percent) == 0 and days.isdigit():
            return int(days)
    return None


def _taxes(text: str) -> tuple[TaxLine, ...]:
    """`8.1:1000;2.6:51.8` is rate and net amount, several; a lone `8.1` states a rate without amounts."""
    lines = []
    for part in filter(None, text.split(";")):
        rate, _, base = part.partition(":")
        lines.append(TaxLine(rate=decimal(rate), base=decimal(base) if base else None))
    return tuple(lines)
