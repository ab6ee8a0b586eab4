"""Light structural checks of FatturaPA: has it the shape that the exchange system would take.

Not the official schema: the elements the specification makes mandatory, the forms of dates, amounts and
rates, and the code lists, each looked at where it stands. A file that fails is read all the same; the first
places are told. Covered: the transmission block, both parties, the general data, every line, every summary,
every payment. Not covered: order of elements, lengths of texts, and blocks that carry no term of the result
(transport, vehicles).
"""

from collections.abc import Mapping
from typing import Final

from app.extraction.einvoice import codes
from app.extraction.einvoice.structure import Check, Rule, Structure, listed, matches

_date: Final = matches(r"\d{4}-\d{2}-\d{2}([Zz]|[+-]\d{2}:\d{2})?")
_amount: Final = matches(r"[+-]?\d{1,11}\.\d{2}")
_long_amount: Final = matches(r"[+-]?\d{1,11}\.\d{2,8}")
_quantity: Final = matches(r"\d{1,12}\.\d{2,8}")
_percent: Final = matches(r"\d{1,3}\.\d{2}")
_country: Final = matches(r"[A-Z]{2}")


_types: Final = listed(*(code for code in codes.DOCUMENT_TYPES if code.startswith("TD")))
_natures: Final = listed(*codes.NATURE_CATEGORIES)
_methods: Final = listed(*codes.MODALITA_PAGAMENTO)

_MANDATORY: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("FatturaElettronicaHeader", "FatturaElettronicaBody"),
    "FatturaElettronicaHeader": ("DatiTrasmissione", "CedentePrestatore", "CessionarioCommittente"),
    "FatturaElettronicaHeader/DatiTrasmissione": (
        "IdTrasmittente",
        "ProgressivoInvio",
        "FormatoTrasmissione",
        "CodiceDestinatario",
    ),
    "FatturaElettronicaHeader/CedentePrestatore": ("DatiAnagrafici", "Sede"),
    "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici": (
        "IdFiscaleIVA",
        "Anagrafica",
        "RegimeFiscale",
    ),
    "FatturaElettronicaHeader/CedentePrestatore/Sede": ("Indirizzo", "CAP", "Comune", "Nazione"),
    "FatturaElettronicaHeader/CessionarioCommittente": ("DatiAnagrafici", "Sede"),
    "FatturaElettronicaBody": ("DatiGenerali", "DatiBeniServizi"),
    "FatturaElettronicaBody/DatiGenerali": ("DatiGeneraliDocumento",),
    "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento": (
        "TipoDocumento",
        "Divisa",
        "Data",
        "Numero",
    ),
    "FatturaElettronicaBody/DatiBeniServizi": ("DettaglioLinee", "DatiRiepilogo"),
    "FatturaElettronicaBody/DatiBeniServizi/DatiRiepilogo": ("AliquotaIVA", "ImponibileImporto", "Imposta"),
    "FatturaElettronicaBody/DatiPagamento": ("CondizioniPagamento", "DettaglioPagamento"),
    "FatturaElettronicaBody/DatiPagamento/DettaglioPagamento": ("ModalitaPagamento", "ImportoPagamento"),
}

_FORMS: Final[Mapping[str, Mapping[str, Check]]] = {
    "FatturaElettronicaHeader/DatiTrasmissione": {
        "FormatoTrasmissione": listed("FPA12", "FPR12"),
        "CodiceDestinatario": matches(r"[A-Z0-9]{6,7}"),
    },
    "FatturaElettronicaHeader/CedentePrestatore/DatiAnagrafici": {
        "CodiceFiscale": matches(r"[A-Z0-9]{11,16}"),
        "RegimeFiscale": matches(r"RF(0[124-9]|1[0-9]|20)"),
    },
    "FatturaElettronicaHeader/CedentePrestatore/Sede": {
        "CAP": matches(r"\d{5}"),
        "Nazione": _country,
    },
    "FatturaElettronicaHeader/CessionarioCommittente/DatiAnagrafici": {
        "CodiceFiscale": matches(r"[A-Z0-9]{11,16}"),
    },
    "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento": {
        "TipoDocumento": _types,
        "Divisa": matches(r"[A-Z]{3}"),
        "Data": _date,
        "Numero": matches(r".*\d.*"),
        "ImportoTotaleDocumento": _amount,
        "Arrotondamento": _amount,
    },
    "FatturaElettronicaBody/DatiBeniServizi/DatiRiepilogo": {
        "AliquotaIVA": _percent,
        "Natura": _natures,
        "ImponibileImporto": _amount,
        "Imposta": _amount,
        "EsigibilitaIVA": listed("D", "I", "S"),
    },
    "FatturaElettronicaBody/DatiPagamento": {"CondizioniPagamento": listed(*codes.CONDIZIONI_PAGAMENTO)},
    "FatturaElettronicaBody/DatiPagamento/DettaglioPagamento": {
        "ModalitaPagamento": _methods,
        "DataScadenzaPagamento": _date,
        "ImportoPagamento": _amount,
        "IBAN": matches(r"[a-zA-Z]{2}\d{2}[a-zA-Z0-9]{11,30}"),
    },
}

_SIMPLIFIED_MANDATORY: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("FatturaElettronicaHeader", "FatturaElettronicaBody"),
    "FatturaElettronicaHeader": ("DatiTrasmissione", "CedentePrestatore", "CessionarioCommittente"),
    "FatturaElettronicaHeader/CedentePrestatore": ("IdFiscaleIVA", "Sede", "RegimeFiscale"),
    "FatturaElettronicaHeader/CessionarioCommittente": ("IdentificativiFiscali",),
    "FatturaElettronicaBody": ("DatiGenerali", "DatiBeniServizi"),
    "FatturaElettronicaBody/DatiGenerali": ("DatiGeneraliDocumento",),
    "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento": (
        "TipoDocumento",
        "Divisa",
        "Data",
        "Numero",
    ),
    "FatturaElettronicaBody/DatiBeniServizi": ("Descrizione", "Importo", "DatiIVA"),
}

_SIMPLIFIED_FORMS: Final[Mapping[str, Mapping[str, Check]]] = {
    "FatturaElettronicaHeader/DatiTrasmissione": {"FormatoTrasmissione": listed("FSM10")},
    "FatturaElettronicaBody/DatiGenerali/DatiGeneraliDocumento": {
        "TipoDocumento": listed("TD07", "TD08", "TD09"),
        "Divisa": matches(r"[A-Z]{3}"),
        "Data": _date,
    },
    "FatturaElettronicaBody/DatiBeniServizi": {"Importo": _amount, "Natura": _natures},
}


LINE: Final = Rule(
    mandatory=("NumeroLinea", "Descrizione", "PrezzoUnitario", "PrezzoTotale", "AliquotaIVA"),
    forms={
        "Quantita": _quantity,
        "PrezzoUnitario": _long_amount,
        "PrezzoTotale": _long_amount,
        "AliquotaIVA": _percent,
        "Natura": _natures,
    },
)
"""What a line must be like."""

check_ordinary: Final = Structure(_MANDATORY, _FORMS).problems
check_simplified: Final = Structure(_SIMPLIFIED_MANDATORY, _SIMPLIFIED_FORMS).problems
