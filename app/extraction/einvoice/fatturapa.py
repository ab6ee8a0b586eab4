"""FatturaPA 1.2.x, ordinary (FPA12, FPR12): the Italian business and public-sector invoice.

Source: Agenzia delle Entrate, "Specifiche tecniche relative alla fatturazione elettronica", annex A.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.extraction.einvoice import codes, values
from app.extraction.einvoice.fatturapa_structure import LINE, check_ordinary
from app.extraction.einvoice.mapping import Fields, Format, Found, Group, many, one
from app.extraction.einvoice.memory import remembered
from app.extraction.einvoice.paths import addressed, either, finder, first_of, joined, nodes, tagged, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Allowance,
    Contribution,
    Financials,
    InvoiceHeader,
    LineItem,
    Party,
    Payment,
    Reference,
    ReferenceKind,
    TaxLine,
    Withholding,
)
from app.model.money import HUNDRED

_HEADER: Final = "FatturaElettronicaHeader"
_BODY: Final = "FatturaElettronicaBody"
_GENERAL: Final = "DatiGenerali"
_DOCUMENT: Final = "DatiGenerali/DatiGeneraliDocumento"


def invoices(root: Node) -> Iterator[Node]:
    """Every body of a lot, each with the header they share."""
    shared = {name: found for name, found in root.items() if name != _BODY}
    for body in _bodies(root):
        yield {**body, **shared}


_bodies = nodes(_BODY)


_WHO: Final = "DatiAnagrafici/Anagrafica"
_VAT: Final = "DatiAnagrafici/IdFiscaleIVA"

_PARTY: Final[Fields] = {
    "name": (
        first_of(f"{_WHO}/Denominazione", joined(f"{_WHO}/Nome", f"{_WHO}/Cognome")),
        values.line,
    ),
    "vat_number": (joined(f"{_VAT}/IdPaese", f"{_VAT}/IdCodice", separator=""), values.vat_number),
    "fiscal_code": ("DatiAnagrafici/CodiceFiscale", values.identifier),
    "address": (addressed("Sede/Indirizzo", "Sede/NumeroCivico"), values.line),
    "city": ("Sede/Comune", values.line),
    "zip_code": ("Sede/CAP", values.code),
    "province": ("Sede/Provincia", values.code),
    "country": ("Sede/Nazione", values.country),
}
_THIRD: Final = Group(Party, _PARTY)
_SELLER: Final = Group(
    Party,
    {
        **_PARTY,
        "tax_regime": ("DatiAnagrafici/RegimeFiscale", values.code),
        "email": ("Contatti/Email", values.line),
        "phone": ("Contatti/Telefono", values.line),
    },
)
_BUYER: Final = Group(
    Party,
    {
        **_PARTY,
        "email": ("DatiTrasmissione/PECDestinatario", values.line),
        "sdi_code": ("DatiTrasmissione/CodiceDestinatario", values.code),
    },
)

_headers = nodes(_HEADER)
_buyer = nodes("CessionarioCommittente")


def _buyers(body: Node) -> Iterator[Node]:
    """The buyer with the address that the file was sent to."""
    for header in _headers(body):
        for party in _buyer(header):
            yield {**party, "DatiTrasmissione": header.get("DatiTrasmissione", "")}


_INVOICE: Final = Group(
    InvoiceHeader,
    {
        "number": (f"{_DOCUMENT}/Numero", values.line),
        "date": (f"{_DOCUMENT}/Data", values.date),
        "type": (f"{_DOCUMENT}/TipoDocumento", codes.document_type),
        "type_code": (f"{_DOCUMENT}/TipoDocumento", values.code),
        "currency": (f"{_DOCUMENT}/Divisa", values.currency),
        "po_number": (f"{_GENERAL}/DatiOrdineAcquisto/IdDocumento", values.line),
        "preceding_number": (f"{_GENERAL}/DatiFattureCollegate/IdDocumento", values.line),
        "delivery_date": (
            f"{_GENERAL}/DatiTrasporto/DataOraConsegna | {_GENERAL}/DatiDDT/DataDDT",
            values.date,
        ),
    },
)

_FINANCIALS: Final = Group(
    Financials,
    {
        "total": (f"{_DOCUMENT}/ImportoTotaleDocumento", values.number),
        "stamp_duty": (f"{_DOCUMENT}/DatiBollo/ImportoBollo", values.number),
        "rounding": (f"{_DOCUMENT}/Arrotondamento", values.number),
    },
)

_adjustments = nodes("ScontoMaggiorazione")
_kind = finder("Tipo")
_amount = finder("Importo")
_percent = finder("Percentuale")
_price = finder("PrezzoUnitario")
_quantity = finder("Quantita")


def _steps(line: Node) -> Iterator[tuple[bool, Decimal]]:
    """Each discount (False) or surcharge (True) of a line for one unit, in sequence."""
    price = values.number(_price(line) or "")
    for step in _adjustments(line):
        fixed, percent = values.positive(_amount(step) or ""), values.positive(_percent(step) or "")
        change = fixed
        if change is None and percent is not None and price is not None:
            change = price * percent / HUNDRED
        if change is None:
            continue
        charged = _kind(step) == "MG"
        price = None if price is None else price + change if charged else price - change
        yield charged, change


def _adjusted(line: Node, *, charged: bool) -> Found | None:
    changes = [change for kind, change in _steps(line) if kind is charged]
    if not changes:
        return None
    quantity = values.number(_quantity(line) or "1") or Decimal(1)
    whole = sum(changes, Decimal(0)) * quantity
    return Found(value=whole.quantize(_EIGHT_PLACES).normalize() + Decimal("0.00"))


_EIGHT_PLACES: Final = Decimal("1e-8")


def _category(text: str) -> str | None:
    """The VAT category that an Italian `Natura`, or a rate without one, stands for."""
    if text.startswith("N"):
        return codes.NATURE_CATEGORIES.get(text)
    return "S" if values.number(text) else None


category = remembered(_category)

_LINE: Final = Group(
    LineItem,
    {
        "number": ("NumeroLinea", values.code),
        "description": ("Descrizione", values.line),
        "quantity": ("Quantita", values.number),
        "unit": ("UnitaMisura", values.line),
        "unit_price": ("PrezzoUnitario", values.number),
        "amount": ("PrezzoTotale", values.number),
        "tax_rate": ("AliquotaIVA", values.number),
        "nature": ("Natura", values.code),
        "category": (either("Natura", "AliquotaIVA"), category),
        "code": ("CodiceArticolo/CodiceValore", values.line),
        "period_start": ("DataInizioPeriodo", values.date),
        "period_end": ("DataFinePeriodo", values.date),
    },
    computed={
        "discount": ("ScontoMaggiorazione", lambda line: _adjusted(line, charged=False)),
        "charges": ("ScontoMaggiorazione", lambda line: _adjusted(line, charged=True)),
    },
    rule=LINE,
)

_TAX: Final = Group(
    TaxLine,
    {
        "rate": ("AliquotaIVA", values.number),
        "base": ("ImponibileImporto", values.number),
        "amount": ("Imposta", values.number),
        "nature": ("Natura", values.code),
        "category": (either("Natura", "AliquotaIVA"), category),
        "reason": ("RiferimentoNormativo", values.line),
        "exigibility": ("EsigibilitaIVA", values.code),
        "rounding": ("Arrotondamento", values.number),
    },
)

_ALLOWANCE: Final = Group(
    Allowance,
    {
        "charge": ("Tipo", lambda text: text == "MG"),
        "amount": ("Importo", values.positive),
        "percent": ("Percentuale", values.positive),
    },
)

_WITHHOLDING: Final = Group(
    Withholding,
    {
        "kind": ("TipoRitenuta", values.code),
        "rate": ("AliquotaRitenuta", values.number),
        "amount": ("ImportoRitenuta", values.positive),
        "reason": ("CausalePagamento", values.code),
    },
)

_CONTRIBUTION: Final = Group(
    Contribution,
    {
        "kind": ("TipoCassa", values.code),
        "rate": ("AlCassa", values.number),
        "base": ("ImponibileCassa", values.number),
        "amount": ("ImportoContributoCassa", values.number),
        "tax_rate": ("AliquotaIVA", values.number),
        "nature": ("Natura", values.code),
        "withheld": ("Ritenuta", values.flag),
    },
)

_from_day = finder("DataRiferimentoTerminiPagamento")
_days = finder("GiorniTerminiPagamento")


def _counted_due_date(detail: Node) -> Found | None:
    """So many days from a date, where no due date stands."""
    start, days = values.date(_from_day(detail) or ""), values.number(_days(detail) or "")
    if start is None or days is None or not 0 <= days <= _MOST_DAYS:
        return None
    return Found(value=start + dt.timedelta(days=int(days)), text=f"{start.isoformat()} + {days}")


_MOST_DAYS: Final = 1000

_PAYMENT: Final = Group(
    Payment,
    {
        "method": ("ModalitaPagamento", codes.italian_payment),
        "method_code": ("ModalitaPagamento", values.code),
        "due_date": ("DataScadenzaPagamento", values.date),
        "amount": ("ImportoPagamento", values.number),
        "iban": ("IBAN", values.account),
        "bic": ("BIC", values.account),
        "bank": ("IstitutoFinanziario", values.line),
        "beneficiary": ("Beneficiario", values.line),
        "reference": ("CodicePagamento", values.line),
        "terms": ("CondizioniPagamento", lambda text: codes.CONDIZIONI_PAGAMENTO.get(text, text)),
    },
    computed={"due_date": _counted_due_date},
)

_terms_groups = nodes("DatiPagamento")
_details = nodes("DettaglioPagamento")


def _payments(body: Node) -> Iterator[Node]:
    """Each instalment with the conditions of its group."""
    for group in _terms_groups(body):
        conditions = group.get("CondizioniPagamento", "")
        for detail in _details(group):
            yield {**detail, "CondizioniPagamento": conditions}


_REFERENCES: Final = {
    "DatiOrdineAcquisto": ReferenceKind.ORDER,
    "DatiContratto": ReferenceKind.CONTRACT,
    "DatiConvenzione": ReferenceKind.AGREEMENT,
    "DatiRicezione": ReferenceKind.RECEIPT,
    "DatiFattureCollegate": ReferenceKind.INVOICE,
    "DatiDDT": ReferenceKind.DESPATCH,
}

_REFERENCE: Final = Group(
    Reference,
    {
        "kind": ("#", _REFERENCES.get),
        "number": ("IdDocumento | NumeroDDT", values.line),
        "date": ("Data | DataDDT", values.date),
        "cig": ("CodiceCIG", values.code),
        "cup": ("CodiceCUP", values.code),
    },
)


FORMAT: Final = Format(
    name="FatturaPA",
    roots=("FatturaElettronica",),
    language="it",
    body=_BODY,
    rows=("DettaglioLinee",),
    invoices=invoices,
    sections=(
        one("vendor", f"{_HEADER}/CedentePrestatore", _SELLER),
        one("buyer", _buyers, _BUYER),
        one("tax_representative", f"{_HEADER}/RappresentanteFiscale", _THIRD),
        one("issuer", f"{_HEADER}/TerzoIntermediarioOSoggettoEmittente", _THIRD),
        one("invoice", "", _INVOICE),
        one("financials", "", _FINANCIALS),
        many("line_items", "DatiBeniServizi/DettaglioLinee", _LINE),
        many("tax_breakdown", "DatiBeniServizi/DatiRiepilogo", _TAX),
        many("allowances", f"{_DOCUMENT}/ScontoMaggiorazione", _ALLOWANCE),
        many("withholdings", f"{_DOCUMENT}/DatiRitenuta", _WITHHOLDING),
        many("contributions", f"{_DOCUMENT}/DatiCassaPrevidenziale", _CONTRIBUTION),
        many("payments", _payments, _PAYMENT),
        many("references", tagged(*(f"{_GENERAL}/{name}" for name in _REFERENCES)), _REFERENCE),
    ),
    attachments=texts("Allegati/NomeAttachment"),
    notes=texts(f"{_DOCUMENT}/Causale"),
    check=check_ordinary,
)
