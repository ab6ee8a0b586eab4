"""Facturae 3.2.x: the invoice of Spain's public sector (FACe) and of many of its companies.

Source: Ministerio de Hacienda, "Formato Facturae 3.2.2". What is withheld is already taken off its
`InvoiceTotal`; the total with tax (BT-112) is put together from its parts where something is withheld.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.extraction.einvoice import codes, sums, values
from app.extraction.einvoice.mapping import Computation, Fields, Format, Found, Group, many, one
from app.extraction.einvoice.paths import (
    Find,
    Texts,
    Together,
    either,
    finder,
    first_of,
    joined,
    nodes,
    tagged,
    texts,
)
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Allowance,
    Financials,
    InvoiceHeader,
    InvoiceType,
    LineItem,
    Party,
    Payment,
    Reference,
    ReferenceKind,
    TaxLine,
    Withholding,
)
from app.model.money import ZERO

_invoices = nodes("Invoices/Invoice")


def invoices(root: Node) -> Iterator[Node]:
    """Every invoice of a batch, with the parties they share."""
    for invoice in _invoices(root):
        yield {**invoice, "Parties": root.get("Parties", ""), "FileHeader": root.get("FileHeader", "")}


_HOME: Final = either("LegalEntity/AddressInSpain", "Individual/AddressInSpain")
_ABROAD: Final = either("LegalEntity/OverseasAddress", "Individual/OverseasAddress")
_CONTACT: Final = either("LegalEntity/ContactDetails", "Individual/ContactDetails")


def _below(places: str, *names: str) -> str:
    """Each name under each of several places."""
    return either(*(f"{place}/{name}" for place in places.split(" | ") for name in names))


_PERSON: Final = ("Individual/Name", "Individual/FirstSurname", "Individual/SecondSurname")
_PARTY_FIELDS: Final[Fields] = {
    "name": (first_of("LegalEntity/CorporateName", joined(*_PERSON)), values.line),
    "vat_number": ("TaxIdentification/TaxIdentificationNumber", values.vat_number),
    "address": (either(_below(_HOME, "Address"), _below(_ABROAD, "Address")), values.line),
    "city": (_below(_HOME, "Town"), values.line),
    "zip_code": (_below(_HOME, "PostCode"), values.code),
    "province": (either(_below(_HOME, "Province"), _below(_ABROAD, "Province")), values.line),
    "country": (either(_below(_HOME, "CountryCode"), _below(_ABROAD, "CountryCode")), values.country),
    "email": (_below(_CONTACT, "ElectronicMail"), values.line),
    "phone": (_below(_CONTACT, "Telephone"), values.line),
}


_residence = finder("TaxIdentification/ResidenceTypeCode")
_own_number = finder("TaxIdentification/TaxIdentificationNumber")
_own_country = finder(either(_below(_HOME, "CountryCode"), _below(_ABROAD, "CountryCode")))


def _vat_number(party: Node) -> str | None:
    """A tax number of a Spanish resident is often written without its country."""
    number, country = _own_number(party) or "", _own_country(party)
    bare = bool(number) and not number[:2].isalpha()
    return f"ES{number}" if bare and country == "ESP" else number or None


def _national_number(party: Node) -> str | None:
    """The tax number of a Spanish resident as such."""
    number = _own_number(party) or ""
    return number.removeprefix("ES") if _residence(party) == "R" else None


_PLACE: Final = re.compile(r"(\S*\d\S*)\s+(\S.*)")
_place_abroad = finder(_below(_ABROAD, "PostCodeAndTown"))


def _abroad(group: int) -> Computation:
    """Postcode (1) or town (2), which stand in one element abroad."""

    def compute(party: Node) -> Found | None:
        match = _PLACE.fullmatch(_place_abroad(party) or "")
        return Found(value=match[group], text=match[0]) if match else None

    return compute


_PARTY: Final = Group(
    Party,
    {
        **_PARTY_FIELDS,
        "vat_number": (_vat_number, values.vat_number),
        "fiscal_code": (_national_number, values.identifier),
    },
    {"zip_code": _abroad(1), "city": _abroad(2)},
)


def _series_and_number(at: str) -> Find:
    """The series is part of an invoice's number (RD 1619/2012, art. 6.1.a)."""
    number_of, series_of = finder(f"{at}InvoiceNumber"), finder(f"{at}InvoiceSeriesCode")

    def find(node: Node) -> str | None:
        number, series = number_of(node), series_of(node)
        if not number or not series or number.startswith(series):
            return number
        return f"{series}{number}" if not series[-1].isalnum() else f"{series}-{number}"

    return find


_class = finder("InvoiceHeader/InvoiceClass")
_issuer = finder("FileHeader/InvoiceIssuerType")
_stated_total = finder("InvoiceTotals/InvoiceTotal")
_method = finder("InvoiceHeader/Corrective/CorrectionMethod")
_CORRECTIVE: Final = ("OR", "CR")
_DIFFERENCES: Final = "02"


def _type(invoice: Node) -> Found | None:
    """A corrective invoice credits or debits by its sign; one that replaces the first whole is an invoice."""
    kind, total = _class(invoice) or "", values.number(_stated_total(invoice) or "") or ZERO
    if kind in _CORRECTIVE:
        debits = InvoiceType.DEBIT_NOTE if _method(invoice) == _DIFFERENCES else InvoiceType.INVOICE
        return Found(value=InvoiceType.CREDIT_NOTE if total < 0 else debits, text=kind)
    if _issuer(invoice) == "RE":
        return Found(value=InvoiceType.SELF_BILLED, text="RE")
    value = codes.document_type(kind)
    return Found(value=value, text=kind) if value else None


_HEADER: Final = Group(
    InvoiceHeader,
    {
        "number": (_series_and_number("InvoiceHeader/"), values.line),
        "date": ("InvoiceIssueData/IssueDate", values.date),
        "type_code": ("InvoiceHeader/InvoiceClass", values.code),
        "currency": ("InvoiceIssueData/InvoiceCurrencyCode", values.currency),
        "po_number": ("InvoiceIssueData/ReceiverTransactionReference", values.line),
        "preceding_number": (_series_and_number("InvoiceHeader/Corrective/"), values.line),
        "delivery_date": ("InvoiceIssueData/OperationDate", values.date),
        "period_start": ("InvoiceIssueData/InvoicingPeriod/StartDate", values.date),
        "period_end": ("InvoiceIssueData/InvoicingPeriod/EndDate", values.date),
    },
    {"type": _type},
)

_before_taxes = finder("InvoiceTotals/TotalGrossAmountBeforeTaxes")
_outputs = finder("InvoiceTotals/TotalTaxOutputs")
_withheld = finder("InvoiceTotals/TotalTaxesWithheld")


def _total(invoice: Node) -> Found | None:
    """The total with tax: stated as such only where nothing is withheld."""
    stated = values.number(_stated_total(invoice) or "")
    if not values.number(_withheld(invoice) or ""):
        return None
    parts = [values.number(text or "") for text in (_before_taxes(invoice), _outputs(invoice))]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return Found(value=stated, text=_stated_total(invoice)) if stated is not None else None
    return Found(value=sum(known, ZERO), text=f"{_before_taxes(invoice)} + {_outputs(invoice)}")


def _unreduced_total(invoice: Node) -> str | None:
    return None if values.number(_withheld(invoice) or "") else _stated_total(invoice)


_FINANCIALS: Final = Group(
    Financials,
    {
        "line_total": ("InvoiceTotals/TotalGrossAmount", values.number),
        "discount": ("InvoiceTotals/TotalGeneralDiscounts", values.positive),
        "charges": ("InvoiceTotals/TotalGeneralSurcharges", values.positive),
        "subtotal": ("InvoiceTotals/TotalGrossAmountBeforeTaxes", values.number),
        "tax_amount": ("InvoiceTotals/TotalTaxOutputs", values.number),
        "withholding_tax": ("InvoiceTotals/TotalTaxesWithheld", values.positive),
        "total": (_unreduced_total, values.number),
        "prepaid": ("InvoiceTotals/TotalPaymentsOnAccount", values.number),
        "amount_due": (
            either("InvoiceTotals/TotalExecutableAmount", "InvoiceTotals/TotalOutstandingAmount"),
            values.number,
        ),
    },
    {"total": _total},
)

_tax_type = finder("TaxTypeCode")
_tax_rate = finder("TaxRate")
_CATEGORIES: Final = {"01": "S", "02": "M", "03": "L"}
"""VAT of the mainland, IPSI of Ceuta and Melilla, IGIC of the Canaries."""


_EVENT: Final = "SpecialTaxableEvent/SpecialTaxableEventCode"
_event = finder(_EVENT)
_EVENTS: Final = {"01": "E", "02": "O"}
"""Taxable but exempt, and not taxable at all."""


def _exempt(line: Node) -> Found | None:
    event = _event(line) or ""
    return Found(value=_EVENTS[event], text=event) if event in _EVENTS else None


def _category(tax: Node) -> Found | None:
    """Of a tax that is charged; where none is, what the rows without it say."""
    if not values.number(_tax_rate(tax) or ""):
        return _exempt(tax)
    category = _CATEGORIES.get(_tax_type(tax) or "")
    return Found(value=category, text=_tax_type(tax)) if category else None


def _charged(found: Texts) -> str | None:
    """The tax of a line, unless it is exempt or the rate is zero."""
    event, tax, rate = found
    return None if event in _EVENTS or not values.number(rate or "") else tax


_surcharge = finder("EquivalenceSurcharge")
_every_tax = nodes("TaxesOutputs/Tax")
_every_event = nodes("Items/InvoiceLine/SpecialTaxableEvent")
_event_code = finder("SpecialTaxableEventCode")


def _taxes(invoice: Node) -> Iterator[Node]:
    """Each tax, and each equivalence surcharge of retailers (Ley 37/1992, art. 154-163) as one more.

    Why nothing is charged stands only in the rows, which may all say the same.
    """
    for tax in _every_tax(invoice):
        if values.number(_tax_rate(tax) or ""):
            yield tax
        else:
            events = {_event_code(event): event for event in _every_event(invoice)}
            yield {**tax, "SpecialTaxableEvent": events.popitem()[1]} if len(events) == 1 else tax
        if values.number(_surcharge(tax) or ""):
            amount = tax.get("EquivalenceSurchargeAmount", "")
            yield {**tax, "TaxRate": tax["EquivalenceSurcharge"], "TaxAmount": amount}


_LINE: Final = Group(
    LineItem,
    {
        "number": ("SequenceNumber", values.code),
        "description": ("ItemDescription", values.line),
        "quantity": ("Quantity", values.number),
        "unit": ("UnitOfMeasure", values.code),
        "unit_price": ("UnitPriceWithoutTax", values.number),
        "amount": (either("GrossAmount", "TotalCost"), values.number),
        "tax_rate": ("TaxesOutputs/Tax/TaxRate", values.number),
        "category": (
            Together((_EVENT, "TaxesOutputs/Tax/TaxTypeCode", "TaxesOutputs/Tax/TaxRate"), _charged),
            _CATEGORIES.get,
        ),
        "code": ("ArticleCode", values.line),
        "period_start": ("LineItemPeriod/StartDate", values.date),
        "period_end": ("LineItemPeriod/EndDate", values.date),
    },
    {
        "category": ("SpecialTaxableEvent", _exempt),
        "discount": ("DiscountsAndRebates", sums.total("DiscountsAndRebates/Discount/DiscountAmount")),
        "charges": ("Charges", sums.total("Charges/Charge/ChargeAmount")),
    },
    lent={"po_number": ("ReceiverTransactionReference", values.line)},
)

_TAX_FIELDS: Final[Fields] = {
    "rate": ("TaxRate", values.number),
    "base": ("TaxableBase/TotalAmount", values.number),
}
_TAX: Final = Group(
    TaxLine,
    {
        **_TAX_FIELDS,
        "amount": ("TaxAmount/TotalAmount", values.number),
        "reason": ("SpecialTaxableEvent/SpecialTaxableEventReason", values.line),
    },
    {"category": _category},
)
_WITHHOLDING: Final = Group(
    Withholding,
    {
        **_TAX_FIELDS,
        "kind": ("TaxTypeCode", values.code),
        "amount": ("TaxAmount/TotalAmount", values.positive),
    },
)

_ALLOWANCE: Final = Group(
    Allowance,
    {
        "charge": ("#", lambda name: name == "Charge"),
        "amount": (either("DiscountAmount", "ChargeAmount"), values.positive),
        "percent": (either("DiscountRate", "ChargeRate"), values.number),
        "reason": (either("DiscountReason", "ChargeReason"), values.line),
    },
)

_PAYMENT: Final = Group(
    Payment,
    {
        "method": ("PaymentMeans", codes.facturae_payment),
        "method_code": ("PaymentMeans", values.code),
        "due_date": ("InstallmentDueDate", values.date),
        "amount": ("InstallmentAmount", values.number),
        "iban": (either("AccountToBeCredited/IBAN", "AccountToBeCredited/AccountNumber"), values.account),
        "bic": ("AccountToBeCredited/BIC", values.account),
        "reference": ("PaymentReconciliationReference", values.line),
        "terms": ("CollectionAdditionalInformation", values.line),
    },
)

_REFERENCES: Final = {
    "Corrective": ReferenceKind.INVOICE,
    "DeliveryNote": ReferenceKind.DESPATCH,
    "ReceiverTransactionReference": ReferenceKind.ORDER,
    "ReceiverContractReference": ReferenceKind.CONTRACT,
}
_REFERENCE: Final = Group(
    Reference,
    {
        "kind": ("#", _REFERENCES.get),
        "number": (first_of(_series_and_number(""), either("DeliveryNoteNumber", "")), values.line),
        "date": (either("InvoiceIssueDate", "DeliveryNoteDate"), values.date),
    },
)

FORMAT: Final = Format(
    name="Facturae",
    roots=("Facturae",),
    language="es",
    rows=("InvoiceLine",),
    invoices=invoices,
    sections=(
        one("vendor", "Parties/SellerParty", _PARTY),
        one("buyer", "Parties/BuyerParty", _PARTY),
        one("issuer", "FileHeader/ThirdParty", _PARTY),
        one("payee", "FileHeader/FactoringAssignmentData/Assignee", _PARTY),
        one("invoice", "", _HEADER),
        one("financials", "", _FINANCIALS),
        many("line_items", "Items/InvoiceLine", _LINE),
        many("tax_breakdown", _taxes, _TAX),
        many("withholdings", "TaxesWithheld/Tax", _WITHHOLDING),
        many(
            "allowances",
            tagged(
                "InvoiceTotals/GeneralDiscounts/Discount",
                "InvoiceTotals/GeneralSurcharges/Charge",
            ),
            _ALLOWANCE,
        ),
        many(
            "payments",
            either(
                "PaymentDetails/Installment", "FileHeader/FactoringAssignmentData/PaymentDetails/Installment"
            ),
            _PAYMENT,
        ),
        many(
            "references",
            tagged(
                "InvoiceHeader/Corrective",
                "InvoiceIssueData/ReceiverTransactionReference",
                "InvoiceIssueData/ReceiverContractReference",
                "Items/InvoiceLine/DeliveryNotesReferences/DeliveryNote",
            ),
            _REFERENCE,
        ),
    ),
    attachments=texts("AdditionalData/RelatedDocuments/Attachment/AttachmentDescription"),
    notes=texts(
        either(
            "InvoiceIssueData/InvoiceDescription",
            "AdditionalData/InvoiceAdditionalInformation",
            "LegalLiterals/LegalReference",
        )
    ),
    language_at=finder("InvoiceIssueData/LanguageName"),
)
