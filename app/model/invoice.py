"""The invoice as data: the shape of `result` in the public API, in the terms of EN 16931.

Every key may be unknown, and unknown is `None`: never a guess, an empty string or a default. Amounts of a
credit note are positive; `InvoiceHeader.type` says that they are credited.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import msgspec


class InvoiceType(StrEnum):
    """What kind of document it is, folded from UNTDID 1001 and the Italian `TipoDocumento`."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    PROFORMA = "proforma"
    RECEIPT = "receipt"
    SELF_BILLED = "self_billed"


class PaymentMethod(StrEnum):
    """How it is to be paid, folded from UNTDID 4461 and the Italian `ModalitaPagamento`."""

    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"
    CHECK = "check"
    OTHER = "other"


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A seller (BG-4), buyer (BG-7) or another party of the invoice."""

    name: str | None = None
    vat_number: str | None = None
    """VAT identifier (BT-31, BT-48) with its country prefix, without spaces: `IT12345678903`."""
    fiscal_code: str | None = None
    """National tax number without prefix: codice fiscale, SIREN, Steuernummer …"""
    address: str | None = None
    """Street and house number, one line."""
    city: str | None = None
    zip_code: str | None = None
    province: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    email: str | None = None
    phone: str | None = None
    iban: str | None = None
    bic: str | None = None
    sdi_code: str | None = None
    """Italian exchange-system address of the party (`CodiceDestinatario`), six or seven characters."""


class InvoiceHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies the document and how it is to be paid."""

    number: str | None = None
    date: dt.date | None = None
    due_date: dt.date | None = None
    type: InvoiceType | None = None
    type_code: str | None = None
    """As in the source: `TD01`, `380` …"""
    currency: str | None = None
    """ISO 4217."""
    payment_terms: str | None = None
    payment_method: PaymentMethod | None = None
    po_number: str | None = None
    cig: str | None = None
    cup: str | None = None


class Financials(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of the document, in its currency."""

    subtotal: Decimal | None = None
    """Total without tax (BT-109)."""
    tax_rate: Decimal | None = None
    """Percent; `None` when several rates apply."""
    tax_amount: Decimal | None = None
    """Total tax (BT-110)."""
    total: Decimal | None = None
    """Total with tax (BT-112)."""
    discount: Decimal | None = None
    """Document-level allowances (BT-107), positive."""
    stamp_duty: Decimal | None = None
    withholding_tax: Decimal | None = None
    """Tax the buyer withholds and pays for the seller (ritenuta d'acconto), positive."""
    social_security: Decimal | None = None
    """Pension-fund contribution charged to the buyer (cassa previdenziale), positive."""
    rounding: Decimal | None = None
    """Rounding amount (BT-114), signed."""
    prepaid: Decimal | None = None
    """Already paid (BT-113), positive."""
    amount_due: Decimal | None = None
    """Amount due for payment (BT-115)."""
    currency: str | None = None


class LineItem(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice line (BG-25)."""

    description: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    """Net line amount (BT-131)."""
    tax_rate: Decimal | None = None
    discount: Decimal | None = None
    """Line allowance as an amount (BT-136), positive."""
    code: str | None = None
    """Seller's item identifier (BT-155)."""


class TaxLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the VAT breakdown (BG-23)."""

    rate: Decimal | None = None
    """Percent."""
    base: Decimal | None = None
    amount: Decimal | None = None
    category: str | None = None
    """EN 16931 code: S Z E AE K G O L M."""
    nature: str | None = None
    """Italian `Natura` N1 … N7, with its sub-code where given (`N2.1`)."""


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice: the `result` of a job."""

    vendor: Party = Party()
    buyer: Party = Party()
    invoice: InvoiceHeader = InvoiceHeader()
    financials: Financials = Financials()
    line_items: tuple[LineItem, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
