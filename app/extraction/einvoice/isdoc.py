"""ISDOC 6: the invoice format of the Czech Republic.

Source: SPIS, "ISDOC 6.0.2, specifikace formátu". Amounts of the document's own currency stand in elements
ending in `Curr` when it is not the local one.
"""

from typing import Final

from app.extraction.einvoice import codes, values
from app.extraction.einvoice.mapping import Fields, Format, Group, many, one
from app.extraction.einvoice.paths import addressed, either, finder, first_of, joined, tagged, texts
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Financials,
    InvoiceHeader,
    LineItem,
    Party,
    Payment,
    Reference,
    ReferenceKind,
    TaxLine,
)

_PARTY: Final = Group(
    Party,
    {
        "name": ("PartyName/Name", values.line),
        "vat_number": ("PartyTaxScheme[TaxScheme=VAT]/CompanyID", values.vat_number),
        "fiscal_code": ("PartyIdentification/ID", values.identifier),
        "address": (addressed("PostalAddress/StreetName", "PostalAddress/BuildingNumber"), values.line),
        "city": ("PostalAddress/CityName", values.line),
        "zip_code": ("PostalAddress/PostalZone", values.code),
        "country": ("PostalAddress/Country/IdentificationCode", values.country),
        "email": ("Contact/ElectronicMail", values.line),
        "phone": ("Contact/Telephone", values.line),
    },
)

_HEADER: Final = Group(
    InvoiceHeader,
    {
        "number": ("ID", values.line),
        "date": ("IssueDate", values.date),
        "type": ("DocumentType", codes.isdoc_type),
        "type_code": ("DocumentType", values.code),
        "currency": (either("ForeignCurrencyCode", "LocalCurrencyCode"), values.currency),
        "po_number": (
            either(
                "OrderReferences/OrderReference/ExternalOrderID",
                "OrderReferences/OrderReference/SalesOrderID",
            ),
            values.line,
        ),
        "preceding_number": ("OriginalDocumentReferences/OriginalDocumentReference/ID", values.line),
        "delivery_date": ("TaxPointDate", values.date),
        "delivery_country": ("Delivery/Party/PostalAddress/Country/IdentificationCode", values.country),
    },
)


def _money(at: str, name: str) -> str:
    """An amount in the document's currency, which is the local one unless another stands beside it."""
    return either(f"{at}{name}Curr", f"{at}{name}")


_TOTAL: Final = "LegalMonetaryTotal/"

_FINANCIALS: Final = Group(
    Financials,
    {
        "subtotal": (_money(_TOTAL, "TaxExclusiveAmount"), values.number),
        "tax_amount": (_money("TaxTotal/", "TaxAmount"), values.number),
        "total": (_money(_TOTAL, "TaxInclusiveAmount"), values.number),
        "rounding": (_money(_TOTAL, "PayableRoundingAmount"), values.number),
        "prepaid": (_money(_TOTAL, "PaidDepositsAmount"), values.positive),
        "amount_due": (_money(_TOTAL, "PayableAmount"), values.number),
    },
)


_local_price = finder("UnitPrice")


def _unit_price(line: Node) -> str | None:
    """The price, which stands in the local currency alone: beside amounts in another it says nothing."""
    return None if "LineExtensionAmountCurr" in line else _local_price(line)


def _standard(text: str) -> str | None:
    """The category of what is taxed; a rate of zero does not say why."""
    return "S" if values.number(text) else None


_LINE: Final = Group(
    LineItem,
    {
        "number": ("ID", values.code),
        "description": ("Item/Description", values.line),
        "quantity": ("InvoicedQuantity", values.number),
        "unit": ("InvoicedQuantity/@unitCode", values.line),
        "unit_price": (_unit_price, values.number),
        "amount": (_money("", "LineExtensionAmount"), values.number),
        "tax_rate": ("ClassifiedTaxCategory/Percent", values.number),
        "category": ("ClassifiedTaxCategory/Percent", _standard),
        "code": ("Item/SellersItemIdentification/ID", values.line),
    },
)

_TAX: Final = Group(
    TaxLine,
    {
        "rate": ("TaxCategory/Percent", values.number),
        "category": ("TaxCategory/Percent", _standard),
        "base": (_money("", "TaxableAmount"), values.number),
        "amount": (_money("", "TaxAmount"), values.number),
    },
)

_PAYMENT_FIELDS: Final[Fields] = {
    "method": ("PaymentMeansCode", codes.payment_means),
    "method_code": ("PaymentMeansCode", values.code),
    "due_date": ("Details/PaymentDueDate", values.date),
    "amount": ("PaidAmount", values.number),
    "iban": (
        first_of("Details/IBAN", joined("Details/ID", "Details/BankCode", separator="/")),
        values.account,
    ),
    "bic": ("Details/BIC", values.account),
    "bank": ("Details/Name", values.line),
    "reference": ("Details/VariableSymbol", values.line),
}

_REFERENCES: Final = {
    "OrderReference": ReferenceKind.ORDER,
    "OriginalDocumentReference": ReferenceKind.INVOICE,
    "ContractReference": ReferenceKind.CONTRACT,
    "DeliveryNoteReference": ReferenceKind.DESPATCH,
}

_REFERENCE: Final = Group(
    Reference,
    {
        "kind": ("#", _REFERENCES.get),
        "number": (either("ExternalOrderID", "SalesOrderID", "ID"), values.line),
        "date": ("IssueDate", values.date),
    },
)

FORMAT: Final = Format(
    name="ISDOC",
    roots=("Invoice",),
    namespaces=("http://isdoc.cz/",),
    language="cs",
    rows=("InvoiceLine",),
    invoices=lambda root: (root,),
    sections=(
        one("vendor", "AccountingSupplierParty/Party", _PARTY),
        one("buyer", "AccountingCustomerParty/Party", _PARTY),
        one("invoice", "", _HEADER),
        one("financials", "", _FINANCIALS),
        many("line_items", "InvoiceLines/InvoiceLine", _LINE),
        many("tax_breakdown", "TaxTotal/TaxSubTotal", _TAX),
        many("payments", "PaymentMeans/Payment", Group(Payment, _PAYMENT_FIELDS)),
        many(
            "references",
            tagged(*(f"{name}s/{name}" for name in _REFERENCES)),
            _REFERENCE,
        ),
    ),
    attachments=texts("SupplementsList/Supplement/Filename"),
    notes=texts("Note"),
    language_at=finder("Note/@languageID"),
)
