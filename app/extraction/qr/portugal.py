"""Portugal's document QR code (Portaria 195/2020; technical specification of the Autoridade Tributária)."""

from typing import Final

from app.extraction.qr.values import CodeValues, Value, day, decimal, known, rate_of
from app.model.invoice import InvoiceType, TaxLine
from app.model.money import ZERO

_TYPES: Final = {
    "FT": InvoiceType.INVOICE,
    "FS": InvoiceType.INVOICE,
    "FR": InvoiceType.INVOICE,
    "ND": InvoiceType.DEBIT_NOTE,
    "NC": InvoiceType.CREDIT_NOTE,
    "PF": InvoiceType.PROFORMA,
}
_CONSUMER: Final = "999999990"
_REGIONS: Final = "IJK"
_TAXED: Final = (("3", "4"), ("5", "6"), ("7", "8"))
_NEEDED: Final = frozenset("ABDFGNO")


def read(text: str) -> CodeValues | None:
    """Parties, type, number, date, and the totals of each tax region (fields A to S)."""
    fields = {key: value for key, _, value in (part.partition(":") for part in text.split("*"))}
    if not text.startswith("A:") or not fields.keys() >= _NEEDED:
        return None
    return CodeValues("pt_atcud", known(_values(fields)), _taxes(fields))


def _values(fields: dict[str, str]) -> list[tuple[str, Value | None]]:
    tax_and_stamp, total, stamp = (decimal(fields.get(key, "")) for key in ("N", "O", "M"))
    subtotal = tax = None
    if tax_and_stamp is not None and total is not None:
        subtotal, tax = total - tax_and_stamp, tax_and_stamp - (stamp or ZERO)
    buyer = fields["B"] if fields["B"] != _CONSUMER else ""
    country = fields.get("C", "")
    return [
        ("vendor.vat_number", f"PT{fields['A']}"),
        ("vendor.country", "PT"),
        (
            "buyer.vat_number",
            f"{country}{buyer}" if buyer and country and country != "Desconhecido" else None,
        ),
        ("buyer.country", country if buyer and len(country) == 2 else None),  # noqa: PLR2004 (ISO 3166-1 alpha-2)
        ("invoice.type", _TYPES.get(fields["D"])),
        ("invoice.type_code", fields["D"]),
        ("invoice.date", day(fields["F"], "%Y%m%d")),
        ("invoice.number", fields["G"]),
        ("financials.subtotal", subtotal),
        ("financials.tax_amount", tax),
        ("financials.total", total),
        ("financials.stamp_duty", stamp),
        ("financials.withholding_tax", decimal(fields.get("P", ""))),
    ]


def _taxes(fields: dict[str, str]) -> tuple[TaxLine, ...]:
    lines = []
    outside = decimal(fields.get("L", ""))
    if outside:
        lines.append(TaxLine(rate=ZERO, base=outside, amount=ZERO, category="O"))
    for region in _REGIONS:
        exempt = decimal(fields.get(f"{region}2", ""))
        if exempt:
            lines.append(TaxLine(rate=ZERO, base=exempt, amount=ZERO))
        for base_key, tax_key in _TAXED:
            base, tax = decimal(fields.get(region + base_key, "")), decimal(fields.get(region + tax_key, ""))
            if base is not None and tax is not None:
                lines.append(TaxLine(rate=rate_of(base, tax), base=base, amount=tax))
    return tuple(lines)
