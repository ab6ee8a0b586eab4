"""FatturaPA simplified (FSM10): the short invoice of art. 21-bis DPR 633/72, amounts with tax inside.

Source: Agenzia delle Entrate, "Specifiche tecniche relative alla fatturazione elettronica", annex A, FSM.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.extraction.einvoice import codes, values
from app.extraction.einvoice.fatturapa import category, invoices
from app.extraction.einvoice.fatturapa_structure import check_simplified
from app.extraction.einvoice.mapping import Fields, Format, Found, Group, many, one
from app.extraction.einvoice.paths import addressed, either, finder, first_of, joined, tagged, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Financials,
    InvoiceHeader,
    LineItem,
    Party,
    Reference,
    ReferenceKind,
    TaxLine,
)
from app.model.money import CENT, HUNDRED, ZERO

_HEADER: Final = "FatturaElettronicaHeader"
_SELLER_AT: Final = f"{_HEADER}/CedentePrestatore"
_BUYER_AT: Final = f"{_HEADER}/CessionarioCommittente"
_DOCUMENT: Final = "DatiGenerali/DatiGeneraliDocumento"


def _party(identity: str, who: str, extra: Fields) -> Group:
    seat = f"{who}/Sede"
    return Group(
        Party,
        {
            "name": (
                first_of(f"{who}/Denominazione", joined(f"{who}/Nome", f"{who}/Cognome")),
                values.line,
            ),
            "vat_number": (
                joined(f"{identity}/IdFiscaleIVA/IdPaese", f"{identity}/IdFiscaleIVA/IdCodice", separator=""),
                values.vat_number,
            ),
            "fiscal_code": (f"{identity}/CodiceFiscale", values.identifier),
            "address": (addressed(f"{seat}/Indirizzo", f"{seat}/NumeroCivico"), values.line),
            "city": (f"{seat}/Comune", values.line),
            "zip_code": (f"{seat}/CAP", values.code),
            "province": (f"{seat}/Provincia", values.code),
            "country": (f"{seat}/Nazione", values.country),
            **extra,
        },
    )


_SELLER: Final = _party(_SELLER_AT, _SELLER_AT, {"tax_regime": (f"{_SELLER_AT}/RegimeFiscale", values.code)})
_BUYER: Final = _party(
    f"{_BUYER_AT}/IdentificativiFiscali",
    f"{_BUYER_AT}/AltriDatiIdentificativi",
    {
        "email": (f"{_HEADER}/DatiTrasmissione/PECDestinatario", values.line),
        "sdi_code": (f"{_HEADER}/DatiTrasmissione/CodiceDestinatario", values.code),
    },
)

_REPRESENTATIVE: Final = Group(
    Party,
    {
        "name": (first_of("Denominazione", joined("Nome", "Cognome")), values.line),
        "vat_number": (
            joined("IdFiscaleIVA/IdPaese", "IdFiscaleIVA/IdCodice", separator=""),
            values.vat_number,
        ),
    },
)

_gross = finder("Importo")
_rate = finder("DatiIVA/Aliquota")
_tax = finder("DatiIVA/Imposta")


def _tax_inside(part: Node) -> Decimal | None:
    """The tax stated, or that the rate leaves inside the amount."""
    stated = values.number(_tax(part) or "")
    if stated is not None:
        return stated
    gross, rate = values.number(_gross(part) or ""), values.number(_rate(part) or "")
    if gross is None or rate is None:
        return None
    return _inside(gross, rate)


def _net(part: Node) -> Found | None:
    gross, tax = values.number(_gross(part) or ""), _tax_inside(part)
    if gross is None:
        return None
    return Found(value=gross - (tax or ZERO), text=_gross(part))


def _rate_of_tax(part: Node) -> Found | None:
    """The rate in force that leaves exactly the stated tax inside the amount, where only the tax stands."""
    gross, tax = values.number(_gross(part) or ""), values.number(_tax(part) or "")
    if gross is None or not tax:
        return None
    fitting = [rate for rate in _RATES if _inside(gross, rate) == tax]
    return Found(value=fitting[0], text=_tax(part)) if len(fitting) == 1 else None


_RATES: Final = (Decimal(4), Decimal(5), Decimal(10), Decimal(22))
"""DPR 633/72, art. 16 and table A."""


def _inside(gross: Decimal, rate: Decimal) -> Decimal:
    return (gross * rate / (HUNDRED + rate)).quantize(CENT, rounding=ROUND_HALF_UP)


def _computed_tax(part: Node) -> Found | None:
    tax = _tax_inside(part)
    return None if tax is None else Found(value=tax)


def _total(body: Node) -> Found | None:
    """The amounts hold their tax, so they add up to the total."""
    amounts = [values.number(text) for text in _amounts(body)]
    known = [amount for amount in amounts if amount is not None]
    return Found(value=sum(known, ZERO)) if known and len(known) == len(amounts) else None


_amounts = texts("DatiBeniServizi/Importo")

_INVOICE: Final = Group(
    InvoiceHeader,
    {
        "number": (f"{_DOCUMENT}/Numero", values.line),
        "date": (f"{_DOCUMENT}/Data", values.date),
        "type": (f"{_DOCUMENT}/TipoDocumento", codes.document_type),
        "type_code": (f"{_DOCUMENT}/TipoDocumento", values.code),
        "currency": (f"{_DOCUMENT}/Divisa", values.currency),
        "preceding_number": ("DatiGenerali/DatiFatturaRettificata/NumeroFR", values.line),
    },
)

_LINE: Final = Group(
    LineItem,
    {
        "description": ("Descrizione", values.line),
        "tax_rate": ("DatiIVA/Aliquota", values.number),
        "nature": ("Natura", values.code),
        "category": (either("Natura", "DatiIVA/Aliquota"), category),
    },
    computed={"amount": _net, "tax_rate": _rate_of_tax},
)

_TAX: Final = Group(
    TaxLine,
    {
        "rate": ("DatiIVA/Aliquota", values.number),
        "amount": ("DatiIVA/Imposta", values.number),
        "nature": ("Natura", values.code),
        "category": (either("Natura", "DatiIVA/Aliquota"), category),
        "reason": ("RiferimentoNormativo", values.line),
    },
    computed={"base": _net, "amount": _computed_tax, "rate": _rate_of_tax},
)

_REFERENCE: Final = Group(
    Reference,
    {
        "kind": ("#", {"DatiFatturaRettificata": ReferenceKind.INVOICE}.get),
        "number": ("NumeroFR", values.line),
        "date": ("DataFR", values.date),
    },
)

FORMAT: Final = Format(
    name="FatturaPA simplified",
    roots=("FatturaElettronicaSemplificata",),
    language="it",
    invoices=invoices,
    sections=(
        one("vendor", "", _SELLER),
        one("buyer", "", _BUYER),
        one("tax_representative", f"{_SELLER_AT}/RappresentanteFiscale", _REPRESENTATIVE),
        one("invoice", "", _INVOICE),
        one("financials", "", Group(Financials, {}, computed={"total": _total})),
        many("line_items", "DatiBeniServizi", _LINE),
        many("tax_breakdown", "DatiBeniServizi", _TAX),
        many("references", tagged("DatiGenerali/DatiFatturaRettificata"), _REFERENCE),
    ),
    attachments=texts("Allegati/NomeAttachment"),
    notes=texts(f"{_DOCUMENT}/Causale"),
    check=check_simplified,
)
