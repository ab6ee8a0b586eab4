"""Spain's verification links: VERI*FACTU (RD 1007/2023) and TicketBAI (Basque Country)."""

from typing import Final
from urllib.parse import parse_qs

from app.extraction.qr.values import CodeValues, day, decimal, known

_VERIFACTU: Final = frozenset({"nif", "numserie", "fecha", "importe"})
_TICKETBAI: Final = "TBAI"


def read(text: str) -> CodeValues | None:
    """Issuer's NIF, date and total; VERI*FACTU also the number."""
    if not text.startswith(("http://", "https://")):
        return None
    asked = {key: values[0] for key, values in parse_qs(text.partition("?")[2]).items()}
    if asked.keys() >= _VERIFACTU:
        return _verifactu(asked)
    if asked.get("id", "").startswith(_TICKETBAI + "-"):
        return _ticketbai(asked)
    return None


def _verifactu(asked: dict[str, str]) -> CodeValues:
    return CodeValues(
        "es_verifactu",
        known(
            [
                ("vendor.vat_number", f"ES{asked['nif']}"),
                ("vendor.country", "ES"),
                ("invoice.number", asked["numserie"]),
                ("invoice.date", day(asked["fecha"], "%d-%m-%Y")),
                ("financials.total", decimal(asked["importe"])),
            ]
        ),
    )


def _ticketbai(asked: dict[str, str]) -> CodeValues | None:
    """`id` is `TBAI-<NIF>-<ddmmyy>-<signature>-<check>`; print joins series and number in many ways."""
    parts = asked["id"].split("-")
    if len(parts) < 5:  # noqa: PLR2004 (the five parts above)
        return None
    return CodeValues(
        "es_ticketbai",
        known(
            [
                ("vendor.vat_number", f"ES{parts[1]}"),
                ("vendor.country", "ES"),
                ("invoice.date", day(parts[2], "%d%m%y")),
                ("financials.total", decimal(asked.get("i", ""))),
            ]
        ),
    )
