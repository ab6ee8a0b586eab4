"""India's e-invoice code: a JSON web token signed by the Invoice Registration Portal (CGST rule 48(4))."""

import base64
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.qr.values import CodeValues, day, known
from app.model.invoice import InvoiceType

_PARTS: Final = 3
_TYPES: Final = {
    "INV": InvoiceType.INVOICE,
    "CRN": InvoiceType.CREDIT_NOTE,
    "DBN": InvoiceType.DEBIT_NOTE,
}


class _Data(msgspec.Struct, rename="pascal"):
    seller_gstin: str
    buyer_gstin: str
    doc_no: str
    doc_typ: str
    doc_dt: str
    tot_inv_val: Decimal


class _Claims(msgspec.Struct):
    data: str


def read(text: str) -> CodeValues | None:
    """Both GSTINs, number, type, date and total; the signature needs the portal's keys: unchecked."""
    data = _data(text)
    if data is None:
        return None
    return CodeValues(
        "in_irp",
        known(
            [
                ("vendor.vat_number", f"IN{data.seller_gstin}"),
                ("vendor.country", "IN"),
                ("buyer.vat_number", f"IN{data.buyer_gstin}" if data.buyer_gstin != "URP" else None),
                ("invoice.number", data.doc_no),
                ("invoice.type", _TYPES.get(data.doc_typ)),
                ("invoice.type_code", data.doc_typ),
                ("invoice.date", day(data.doc_dt, "%d/%m/%Y")),
                ("invoice.currency", "INR"),
                ("financials.total", data.tot_inv_val),
            ]
        ),
    )


def _data(text: str) -> _Data | None:
    parts = text.strip().split(".")
    if len(parts) != _PARTS or not text.startswith("eyJ"):
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=_Claims)
        return msgspec.json.decode(claims.data, type=_Data)
    except (ValueError, msgspec.MsgspecError):
        return None
