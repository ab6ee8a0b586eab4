"""A bill as FatturaPA XML (version 1.2.2, format FPR12)."""

from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Element

from tests.generator.bill import Bill
from tests.generator.companies import Company
from tests.generator.truth import nested, values

NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"


def _add(parent: Element, path: str, text: object = None) -> Element:
    """Elements along a path, each new; the last with a text."""
    for name in path.split("/"):
        parent = etree.SubElement(parent, name)
    if text is not None:
        parent.text = f"{text:.2f}" if isinstance(text, Decimal) else str(text)
    return parent


def _party(parent: Element, who: Company) -> None:
    facts = _add(parent, "DatiAnagrafici")
    number = _add(facts, "IdFiscaleIVA")
    _add(number, "IdPaese", who.vat_number[:2])
    _add(number, "IdCodice", who.vat_number[2:])
    if who.fiscal_code:
        _add(facts, "CodiceFiscale", who.fiscal_code)
    _add(facts, "Anagrafica/Denominazione", who.name)
    if parent.tag == "CedentePrestatore":
        _add(facts, "RegimeFiscale", "RF01")
    seat = _add(parent, "Sede")
    for name, text in (
        ("Indirizzo", who.address),
        ("CAP", who.zip_code),
        ("Comune", who.city),
        ("Provincia", who.province),
        ("Nazione", who.country),
    ):
        _add(seat, name, text)


def _header(root: Element, bill: Bill, buyer: Company) -> None:
    header = _add(root, "FatturaElettronicaHeader")
    sending = _add(header, "DatiTrasmissione")
    sender = _add(sending, "IdTrasmittente")
    _add(sender, "IdPaese", "IT")
    _add(sender, "IdCodice", bill.vendor.vat_number[2:])
    _add(sending, "ProgressivoInvio", "00042")
    _add(sending, "FormatoTrasmissione", "FPR12")
    _add(sending, "CodiceDestinatario", buyer.sdi_code)
    seller = _add(header, "CedentePrestatore")
    _party(seller, bill.vendor)
    contact = _add(seller, "Contatti")
    _add(contact, "Telefono", bill.vendor.phone.replace(" ", ""))
    _add(contact, "Email", bill.vendor.email)
    _party(_add(header, "CessionarioCommittente"), buyer)


def _goods(body: Element, bill: Bill) -> None:
    goods = _add(body, "DatiBeniServizi")
    for number, row in enumerate(bill.rows, 1):
        line = _add(goods, "DettaglioLinee")
        _add(line, "NumeroLinea", number)
        if row.code:
            code = _add(line, "CodiceArticolo")
            _add(code, "CodiceTipo", "Interno")
            _add(code, "CodiceValore", row.code)
        _add(line, "Descrizione", row.description)
        _add(line, "Quantita", row.quantity.quantize(Decimal("0.01")))
        _add(line, "UnitaMisura", row.unit)
        _add(line, "PrezzoUnitario", row.unit_price)
        _add(line, "PrezzoTotale", row.amount)
        _add(line, "AliquotaIVA", row.rate)
    for tax in bill.taxes:
        summary = _add(goods, "DatiRiepilogo")
        for name, value in (
            ("AliquotaIVA", tax.rate),
            ("ImponibileImporto", tax.base),
            ("Imposta", tax.amount),
            ("EsigibilitaIVA", "I"),
        ):
            _add(summary, name, value)


def to_xml(bill: Bill) -> bytes:
    """The invoice as the exchange system carries it."""
    buyer = bill.buyer
    if buyer is None:
        msg = "an electronic invoice has a buyer"
        raise ValueError(msg)
    root = etree.Element(f"{{{NAMESPACE}}}FatturaElettronica", {"versione": "FPR12"}, {"p": NAMESPACE})
    _header(root, bill, buyer)
    body = _add(root, "FatturaElettronicaBody")
    document = _add(body, "DatiGenerali/DatiGeneraliDocumento")
    _add(document, "TipoDocumento", "TD04" if bill.kind == "credit_note" else "TD01")
    _add(document, "Divisa", bill.currency)
    _add(document, "Data", bill.date.isoformat())
    _add(document, "Numero", bill.number)
    _add(document, "ImportoTotaleDocumento", bill.total)
    _goods(body, bill)
    if bill.due:
        payment = _add(body, "DatiPagamento")
        _add(payment, "CondizioniPagamento", "TP02")
        detail = _add(payment, "DettaglioPagamento")
        for name, value in (
            ("ModalitaPagamento", "MP05"),
            ("DataScadenzaPagamento", bill.due),
            ("ImportoPagamento", bill.total),
            ("IBAN", bill.vendor.iban),
        ):
            _add(detail, name, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def xml_truth(bill: Bill) -> dict[str, object]:
    """What the XML says, in the shape of `result`."""
    silent = {"vendor.bic", "vendor.sdi_code", "buyer.email", "vendor.iban", "invoice.po_number"}
    found = {k: v for k, v in values(bill).items() if k not in silent}
    found["invoice.type_code"] = "TD04" if bill.kind == "credit_note" else "TD01"
    found["vendor.phone"] = bill.vendor.phone.replace(" ", "")
    if bill.due:
        found["vendor.iban"] = bill.vendor.iban
    return nested(found)
