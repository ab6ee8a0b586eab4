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
    tax_regime: str | None = None
    """Italian `RegimeFiscale` of a seller, `RF01` … `RF20`."""
    representative_vat_number: str | None = None
    """VAT identifier of the seller's tax representative (BT-63)."""


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
    preceding_number: str | None = None
    """Number of the invoice that this one corrects (BT-25, `DatiFattureCollegate`)."""
    delivery_date: dt.date | None = None
    """When the goods or services were delivered (BT-72)."""
    delivery_country: str | None = None
    """ISO 3166-1 alpha-2 of the place of delivery (BT-80)."""
    period_start: dt.date | None = None
    """First day of the period invoiced (BT-73)."""
    period_end: dt.date | None = None
    """Last day of the period invoiced (BT-74)."""


class Financials(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of the document, in its currency."""

    subtotal: Decimal | None = None
    """Total without tax (BT-109)."""
    line_total: Decimal | None = None
    """Sum of the net line amounts as the document declares it (BT-106)."""
    charges: Decimal | None = None
    """Document-level charges (BT-108), positive."""
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
    third_party: Decimal | None = None
    """Collected for others with this invoice and in no total but the amount due (XRechnung's extension,
    BT-DEX-002)."""
    amount_due: Decimal | None = None
    """Amount due for payment (BT-115)."""
    currency: str | None = None


class LineItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    charges: Decimal | None = None
    """Line charges as an amount (BT-141), positive."""
    base_quantity: Decimal | None = None
    """Number of units the unit price is for (BT-149); `None` means one."""
    category: str | None = None
    """VAT category of the line (BT-151): S Z E AE K G O L M."""
    nature: str | None = None
    """Italian `Natura` of the line."""
    number: str | None = None
    """Identifier of the line (BT-126, `NumeroLinea`)."""
    period_start: dt.date | None = None
    """First day of the period the line is for (BT-134)."""
    period_end: dt.date | None = None
    """Last day of the period the line is for (BT-135)."""


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
    reason: str | None = None
    """Why no tax is charged (BT-120 or, where only that is given, BT-121; `RiferimentoNormativo`)."""
    exigibility: str | None = None
    """Italian `EsigibilitaIVA`: `I` immediate, `D` deferred, `S` split payment."""
    rounding: Decimal | None = None
    """Rounding that `base` holds already, signed (Italian `Arrotondamento` of a summary)."""


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """An allowance or charge on the whole document (BG-20, BG-21)."""

    charge: bool = False
    """Whether it adds to the total instead of lowering it."""
    amount: Decimal | None = None
    """Without tax (BT-92, BT-99), positive."""
    base: Decimal | None = None
    percent: Decimal | None = None
    category: str | None = None
    """VAT category (BT-95, BT-102)."""
    tax_rate: Decimal | None = None
    reason: str | None = None
    """As text or, where only that is given, as a code (BT-97, BT-98, BT-104, BT-105)."""


class Withholding(msgspec.Struct, frozen=True, kw_only=True):
    """A tax or contribution the buyer withholds (`DatiRitenuta`)."""

    kind: str | None = None
    """Italian `TipoRitenuta`, `RT01` … `RT06`."""
    rate: Decimal | None = None
    """Percent."""
    base: Decimal | None = None
    """What the rate applies to, where the document says it."""
    amount: Decimal | None = None
    """Positive."""
    reason: str | None = None
    """Italian `CausalePagamento`: `A`, `Q`, `R` …"""


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """A pension-fund contribution charged to the buyer (`DatiCassaPrevidenziale`)."""

    kind: str | None = None
    """Italian `TipoCassa`, `TC01` … `TC22`."""
    rate: Decimal | None = None
    """Percent."""
    base: Decimal | None = None
    amount: Decimal | None = None
    """Without tax, positive."""
    tax_rate: Decimal | None = None
    """Percent of VAT on the contribution."""
    nature: str | None = None
    """Italian `Natura` where no VAT is charged on it."""
    withheld: bool = False
    """Whether it is itself subject to withholding."""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One way or instalment by which the invoice is to be paid (BG-16, `DettaglioPagamento`)."""

    method: PaymentMethod | None = None
    method_code: str | None = None
    """As in the source: UNTDID 4461 (BT-81) or `ModalitaPagamento`."""
    due_date: dt.date | None = None
    amount: Decimal | None = None
    iban: str | None = None
    """The account to pay to (BT-84); any account identifier where it is no IBAN."""
    bic: str | None = None
    bank: str | None = None
    beneficiary: str | None = None
    """Name of the account (BT-85)."""
    reference: str | None = None
    """Remittance information to quote (BT-83)."""
    terms: str | None = None


class ReferenceKind(StrEnum):
    """What a referenced document is."""

    ORDER = "order"
    CONTRACT = "contract"
    AGREEMENT = "agreement"
    RECEIPT = "receipt"
    DESPATCH = "despatch"
    INVOICE = "invoice"
    TENDER = "tender"
    PROJECT = "project"
    OTHER = "other"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A document the invoice refers to (BT-11 … BT-18, BG-3)."""

    kind: ReferenceKind = ReferenceKind.OTHER
    number: str | None = None
    date: dt.date | None = None
    cig: str | None = None
    cup: str | None = None


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice: the `result` of a job."""

    vendor: Party = Party()
    buyer: Party = Party()
    invoice: InvoiceHeader = InvoiceHeader()
    financials: Financials = Financials()
    line_items: tuple[LineItem, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    payments: tuple[Payment, ...] = ()
    references: tuple[Reference, ...] = ()
    attachments: tuple[str, ...] = ()
    """Names of the files the e-invoice carries (BT-125)."""
    notes: tuple[str, ...] = ()
    """Free text on the document (BT-22, `Causale`)."""
    tax_representative: Party | None = None
    """The seller's tax representative (BG-11)."""
    payee: Party | None = None
    """Who is to be paid, when not the seller (BG-10)."""
    issuer: Party | None = None
    """Who issued the document for the seller or buyer (`TerzoIntermediarioOSoggettoEmittente`)."""
