"""UBL 2.1 Invoice and CreditNote (ISO/IEC 19845): Peppol BIS 3, XRechnung, and the national variants.

Source: CEN/TS 16931-3-2, which binds each business term of EN 16931 to an element of UBL.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from app.extraction.einvoice import codes, sums, values
from app.extraction.einvoice.mapping import Fields, Format, Group, Section, many, one
from app.extraction.einvoice.paths import (
    addressed,
    by_code,
    described,
    either,
    first_of,
    joined,
    mailed,
    tagged,
    texts,
)
from app.extraction.einvoice.tree import Node
from app.extraction.einvoice.ubl_totals import FINANCIALS, TAXES
from app.model.invoice import (
    Allowance,
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


def _address(at: str) -> Fields:
    return {
        "address": (
            addressed(
                f"{at}/StreetName",
                f"{at}/BuildingNumber",
                f"{at}/AdditionalStreetName",
                f"{at}/AddressLine/Line",
            ),
            values.line,
        ),
        "city": (f"{at}/CityName", values.line),
        "zip_code": (f"{at}/PostalZone", values.code),
        "province": (f"{at}/CountrySubentityCode | {at}/CountrySubentity", values.line),
        "country": (f"{at}/Country/IdentificationCode", values.country),
    }


_VAT: Final = "VAT,vat,Vat,VA,IVA,TVA,BTW,MVA,MOMS,USt,MwSt,DPH,DDV,PDV,GST,63"
"""Names of the tax in `TaxScheme/ID`, as the norm and as makers write them; 63 is Denmark's, in OIOUBL."""
_NATIONAL: Final = "0210,0002,0009,IT:CF,VKN,TCKN"
"""Schemes of national tax numbers: Italy, France, Turkey."""

_WHO: Final[Fields] = {
    "name": (
        first_of(
            either(
                "PartyLegalEntity/RegistrationName",
                "PartyName/Name",
                "PartyTaxScheme/RegistrationName",
            ),
            joined("Person/FirstName", "Person/FamilyName"),
        ),
        values.name,
    ),
    "vat_number": (
        either(
            f"PartyTaxScheme[TaxScheme/ID={_VAT}]/CompanyID",
            "PartyTaxScheme[TaxScheme/ID=]/CompanyID",
        ),
        values.vat_number,
    ),
    "fiscal_code": (
        either(
            f"PartyTaxScheme[TaxScheme/ID!={_VAT},]/CompanyID",
            f"PartyIdentification/ID[@schemeID={_NATIONAL}]",
            f"PartyLegalEntity/CompanyID[@schemeID={_NATIONAL}]",
        ),
        values.numbered_identifier,
    ),
    **_address("PostalAddress"),
    "email": (mailed("Contact/ElectronicMail", "EndpointID"), values.line),
    "phone": ("Contact/Telephone", values.line),
}

_SELLER: Final = Group(Party, _WHO)
_BUYER: Final = Group(Party, {**_WHO, "sdi_code": ("EndpointID[@schemeID=0201,9921,IT:IPA]", values.code)})
_THIRD: Final = Group(
    Party, {**_WHO, "name": ("PartyName/Name | PartyLegalEntity/RegistrationName", values.line)}
)


def _order(text: str) -> str | None:
    """`NA` stands where only a sales order is known (Peppol BIS 3)."""
    return None if text == "NA" else values.line(text)


_HEADER: Final[Fields] = {
    "number": ("ID", values.line),
    "date": ("IssueDate", values.date),
    "due_date": (
        either(
            "DueDate",
            "PaymentMeans/PaymentDueDate",
            "PaymentTerms/PaymentDueDate",
            "PaymentTerms/InstallmentDueDate",
        ),
        values.date,
    ),
    "type": ("InvoiceTypeCode | CreditNoteTypeCode", codes.document_type),
    "type_code": ("InvoiceTypeCode | CreditNoteTypeCode", values.code),
    "currency": ("DocumentCurrencyCode | LegalMonetaryTotal/PayableAmount/@currencyID", values.currency),
    "payment_terms": ("PaymentTerms/Note", values.line),
    "po_number": ("OrderReference/ID", _order),
    "preceding_number": ("BillingReference/InvoiceDocumentReference/ID", values.line),
    "delivery_date": ("Delivery/ActualDeliveryDate", values.date),
    "delivery_country": (
        either(
            "Delivery/DeliveryLocation/Address/Country/IdentificationCode",
            "Delivery/DeliveryAddress/Country/IdentificationCode",
        ),
        values.country,
    ),
    "period_start": ("InvoicePeriod/StartDate", values.date),
    "period_end": ("InvoicePeriod/EndDate", values.date),
}

_LINE: Final = Group(
    LineItem,
    {
        "number": ("ID", values.code),
        "description": (described("Item/Name", "Item/Description"), values.line),
        "quantity": ("InvoicedQuantity | CreditedQuantity", values.number),
        "unit": ("InvoicedQuantity/@unitCode | CreditedQuantity/@unitCode", values.code),
        "unit_price": ("Price/PriceAmount", values.number),
        "base_quantity": ("Price/BaseQuantity", values.several),
        "amount": ("LineExtensionAmount", values.number),
        "tax_rate": (
            either(
                "Item/ClassifiedTaxCategory/Percent",
                "TaxTotal/TaxSubtotal/TaxCategory/Percent",
                "TaxTotal/TaxSubtotal/Percent",
            ),
            values.number,
        ),
        "category": (
            either("Item/ClassifiedTaxCategory/ID", "TaxTotal/TaxSubtotal/TaxCategory/ID"),
            codes.vat_category,
        ),
        "code": (
            either("Item/SellersItemIdentification/ID", "Item/StandardItemIdentification/ID"),
            values.line,
        ),
        "period_start": ("InvoicePeriod/StartDate", values.date),
        "period_end": ("InvoicePeriod/EndDate", values.date),
    },
    computed={
        "discount": (
            "AllowanceCharge",
            sums.allowances("AllowanceCharge", "ChargeIndicator", "Amount", charge=False),
        ),
        "charges": (
            "AllowanceCharge",
            sums.allowances("AllowanceCharge", "ChargeIndicator", "Amount", charge=True),
        ),
    },
    lent={"po_number": ("OrderLineReference/OrderReference/ID", _order)},
    quoted={
        "OrderLineReference/OrderReference/ID": ReferenceKind.ORDER,
        "DespatchLineReference/DocumentReference/ID": ReferenceKind.DESPATCH,
    },
)

_TAX: Final = Group(
    TaxLine,
    {
        "rate": ("TaxCategory/Percent | Percent", values.number),
        "base": ("TaxableAmount", values.number),
        "amount": ("TaxAmount", values.number),
        "category": ("TaxCategory/ID", codes.vat_category),
        "reason": ("TaxCategory/TaxExemptionReason | TaxCategory/TaxExemptionReasonCode", values.line),
    },
)

_ALLOWANCE: Final = Group(
    Allowance,
    {
        "charge": ("ChargeIndicator", values.flag),
        "amount": ("Amount", values.number),
        "base": ("BaseAmount", values.number),
        "percent": ("MultiplierFactorNumeric", values.number),
        "category": ("TaxCategory/ID", codes.vat_category),
        "tax_rate": ("TaxCategory/Percent", values.number),
        "reason": ("AllowanceChargeReason | AllowanceChargeReasonCode", values.line),
    },
)

_WITHHOLDING: Final = Group(
    Withholding,
    {
        "kind": ("TaxCategory/ID", values.code),
        "rate": ("TaxCategory/Percent", values.number),
        "base": ("TaxableAmount", values.number),
        "amount": ("TaxAmount", values.positive),
    },
)

_PAYMENT: Final = Group(
    Payment,
    {
        "method": ("PaymentMeansCode", codes.payment_means),
        "method_code": ("PaymentMeansCode", values.code),
        "due_date": ("PaymentDueDate", values.date),
        "iban": ("PayeeFinancialAccount/ID | CreditAccount/AccountID", values.account),
        "bic": (
            either(
                "PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution/ID",
                "PayeeFinancialAccount/FinancialInstitutionBranch/ID",
            ),
            values.bic,
        ),
        "bank": (
            either(
                "PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution/Name",
                "PayeeFinancialAccount/FinancialInstitutionBranch/Name",
            ),
            values.line,
        ),
        "beneficiary": ("PayeeFinancialAccount/Name", values.line),
        "reference": ("PaymentID", values.line),
    },
)

_REFERENCES: Final = {
    "OrderReference": ReferenceKind.ORDER,
    "ContractDocumentReference": ReferenceKind.CONTRACT,
    "DespatchDocumentReference": ReferenceKind.DESPATCH,
    "ReceiptDocumentReference": ReferenceKind.RECEIPT,
    "OriginatorDocumentReference": ReferenceKind.TENDER,
    "ProjectReference": ReferenceKind.PROJECT,
    "SalesOrderID": ReferenceKind.OTHER,
    "AdditionalDocumentReference": ReferenceKind.OTHER,
    "InvoiceDocumentReference": ReferenceKind.INVOICE,
    "CreditNoteDocumentReference": ReferenceKind.INVOICE,
}

_CODED: Final = {"50": ReferenceKind.PROJECT, "130": ReferenceKind.OTHER}
"""What an additional document is: the project of a credit note (BT-11), the object invoiced (BT-18)."""


def _kind(text: str) -> ReferenceKind | None:
    return _REFERENCES.get(text) or _CODED.get(text)


_REFERENCE: Final = Group(
    Reference,
    {
        "kind": (by_code("AdditionalDocumentReference", "DocumentTypeCode"), _kind),
        "number": (either("ID", ""), _order),
        "date": ("IssueDate", values.date),
    },
)


_PLACES: Final = {
    "InvoiceDocumentReference": "BillingReference/InvoiceDocumentReference",
    "CreditNoteDocumentReference": "BillingReference/CreditNoteDocumentReference",
    "SalesOrderID": "OrderReference/SalesOrderID",
    "AdditionalDocumentReference": "AdditionalDocumentReference[DocumentTypeCode=50,130]",
}
"""References that are not simply children: the sales order (BT-14), and documents known by a code."""


def _sections(header: Fields) -> tuple[Section, ...]:
    return (
        one("vendor", "AccountingSupplierParty/Party", _SELLER),
        one("buyer", "AccountingCustomerParty/Party", _BUYER),
        one("tax_representative", "TaxRepresentativeParty", _THIRD),
        one("payee", "PayeeParty", _THIRD),
        one("invoice", "", Group(InvoiceHeader, header)),
        one("financials", "", FINANCIALS),
        many("line_items", "InvoiceLine | CreditNoteLine", _LINE),
        many("tax_breakdown", TAXES, _TAX),
        many("allowances", "AllowanceCharge", _ALLOWANCE),
        many("withholdings", "WithholdingTaxTotal/TaxSubtotal", _WITHHOLDING),
        many("payments", "PaymentMeans", _PAYMENT),
        many("references", tagged(*(_PLACES.get(name, name) for name in _REFERENCES)), _REFERENCE),
    )


_every_note = texts("Note")
_SUBJECT: Final = re.compile(r"^#[A-Z]{3}#")


def _notes(root: Node) -> Iterator[str]:
    """Notes without the code of their subject (BT-21), which stands before the text between number signs."""
    yield from (note for text in _every_note(root) if (note := _SUBJECT.sub("", text, count=1).strip()))


def _itself(root: Node) -> Iterator[Node]:
    yield root


INVOICE: Final = Format(
    name="UBL Invoice",
    roots=("Invoice",),
    namespaces=("urn:oasis:names:specification:ubl:schema:xsd:Invoice",),
    european=True,
    rows=("InvoiceLine", "CreditNoteLine"),
    invoices=_itself,
    sections=_sections(_HEADER),
    attachments=texts("AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject/@filename"),
    notes=_notes,
)

CREDIT_NOTE: Final = msgspec.structs.replace(
    INVOICE,
    name="UBL CreditNote",
    roots=("CreditNote",),
    namespaces=("urn:oasis:names:specification:ubl:schema:xsd:CreditNote",),
    sections=_sections(
        {
            **_HEADER,
            "type": ("CreditNoteTypeCode | ID", lambda _text: InvoiceType.CREDIT_NOTE),
        }
    ),
)
