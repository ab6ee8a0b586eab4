"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1.0 and 2.x, XRechnung CII.

Source: CEN/TS 16931-3-3, which binds each business term of EN 16931 to an element of CII D16B. ZUGFeRD 1.0 is
an older version of the same message: its elements are read under today's names (`names.py`).
"""

from collections.abc import Iterator
from typing import Final

from app.extraction.einvoice import codes, sums, values
from app.extraction.einvoice.mapping import Fields, Format, Group, many, one
from app.extraction.einvoice.paths import (
    by_code,
    described,
    either,
    finder,
    joined,
    mailed,
    nodes,
    tagged,
    texts,
)
from app.extraction.einvoice.tree import Node
from app.model.invoice import (
    Allowance,
    Financials,
    InvoiceHeader,
    LineItem,
    Party,
    Payment,
    Reference,
    ReferenceKind,
    TaxLine,
)

_AGREEMENT: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_DELIVERY: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery"
_SETTLEMENT: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
_LINES: Final = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
_LINE_AGREEMENT: Final = "SpecifiedLineTradeAgreement"
_TOTALS: Final = f"{_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"

_WHO: Final[Fields] = {
    "name": ("Name | SpecifiedLegalOrganization/TradingBusinessName", values.name),
    "vat_number": ("SpecifiedTaxRegistration/ID[@schemeID=VA,VAT]", values.vat_number),
    "fiscal_code": (
        either(
            "SpecifiedTaxRegistration/ID[@schemeID=FC]",
            "SpecifiedLegalOrganization/ID[@schemeID=0002,0009,0210]",
            "GlobalID[@schemeID=0002,0009,0210]",
        ),
        values.identifier,
    ),
    "address": (
        joined(
            "PostalTradeAddress/LineOne",
            "PostalTradeAddress/LineTwo",
            "PostalTradeAddress/LineThree",
        ),
        values.line,
    ),
    "city": ("PostalTradeAddress/CityName", values.line),
    "zip_code": ("PostalTradeAddress/PostcodeCode", values.code),
    "province": ("PostalTradeAddress/CountrySubDivisionName", values.line),
    "country": ("PostalTradeAddress/CountryID", values.country),
    "email": (
        mailed(
            "DefinedTradeContact/EmailURIUniversalCommunication/URIID",
            "EmailURIUniversalCommunication/URIID",
        ),
        values.line,
    ),
    "phone": ("DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber", values.line),
}
_PARTY: Final = Group(Party, _WHO)


def _day(at: str) -> str:
    return f"{at}/DateTimeString | {at}/DateTime | {at}"


_terms = nodes(f"{_SETTLEMENT}/SpecifiedTradePaymentTerms")
_due = finder(_day("DueDateDateTime"))
_part = finder("PartialPaymentAmount")


def _due_date(node: Node) -> str | None:
    """The first instalment's date; of alternatives the last, for the earlier ones earn a discount."""
    dated = [(text, _part(one)) for one in _terms(node) if (text := _due(one))]
    parts = [text for text, part in dated if part]
    return min(parts) if parts else max((text for text, _ in dated), default=None)


_currency = finder(f"{_SETTLEMENT}/InvoiceCurrencyCode")

_HEADER: Final = Group(
    InvoiceHeader,
    {
        "number": ("ExchangedDocument/ID", values.line),
        "date": (_day("ExchangedDocument/IssueDateTime"), values.date),
        "due_date": (_due_date, values.date),
        "type": ("ExchangedDocument/TypeCode", codes.document_type),
        "type_code": ("ExchangedDocument/TypeCode", values.code),
        "currency": (
            f"{_SETTLEMENT}/InvoiceCurrencyCode | {_TOTALS}/GrandTotalAmount/@currencyID",
            values.currency,
        ),
        "payment_terms": (f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/Description", values.line),
        "po_number": (
            either(
                f"{_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID",
                f"{_AGREEMENT}/BuyerOrderReferencedDocument/ID",
            ),
            values.line,
        ),
        "preceding_number": (
            either(
                f"{_SETTLEMENT}/InvoiceReferencedDocument/IssuerAssignedID",
                f"{_SETTLEMENT}/InvoiceReferencedDocument/ID",
            ),
            values.line,
        ),
        "delivery_date": (
            _day(f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime"),
            values.date,
        ),
        "delivery_country": (f"{_DELIVERY}/ShipToTradeParty/PostalTradeAddress/CountryID", values.country),
        "period_start": (_day(f"{_SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime"), values.date),
        "period_end": (_day(f"{_SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime"), values.date),
    },
)


_all_totals = nodes(_TOTALS)


def _totals(root: Node) -> Iterator[Node]:
    """The totals with the currency of the document: the tax may stand in another one too."""
    currency = _currency(root) or ""
    yield from ({**totals, "InvoiceCurrencyCode": currency} for totals in _all_totals(root))


_FINANCIALS: Final = Group(
    Financials,
    {
        field: (sums.in_currency(name, finder("InvoiceCurrencyCode")), values.number)
        for field, name in (
            ("line_total", "LineTotalAmount"),
            ("charges", "ChargeTotalAmount"),
            ("discount", "AllowanceTotalAmount"),
            ("subtotal", "TaxBasisTotalAmount"),
            ("tax_amount", "TaxTotalAmount"),
            ("rounding", "RoundingAmount"),
            ("total", "GrandTotalAmount"),
            ("prepaid", "TotalPrepaidAmount"),
            ("amount_due", "DuePayableAmount"),
        )
    },
)

# In the extended profiles a line of status GROUP only repeats the sum of the lines below it.
_LINE_SETTLEMENT: Final = "SpecifiedLineTradeSettlement"
_LINE_DELIVERY: Final = "SpecifiedLineTradeDelivery"
_NET_PRICE: Final = f"{_LINE_AGREEMENT}/NetPriceProductTradePrice"
_QUANTITY: Final = f"{_LINE_DELIVERY}/BilledQuantity"
_LINE_ALLOWANCE: Final = f"{_LINE_SETTLEMENT}/SpecifiedTradeAllowanceCharge"

_LINE_ORDER: Final = f"{_LINE_AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID"
_INDICATOR: Final = "ChargeIndicator/Indicator"

_LINE: Final = Group(
    LineItem,
    {
        "number": ("AssociatedDocumentLineDocument/LineID", values.code),
        "description": (
            described("SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"),
            values.line,
        ),
        "quantity": (_QUANTITY, values.number),
        "unit": (f"{_QUANTITY}/@unitCode", values.code),
        "unit_price": (f"{_NET_PRICE}/ChargeAmount", values.number),
        "base_quantity": (f"{_NET_PRICE}/BasisQuantity", values.several),
        "amount": (
            f"{_LINE_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation/LineTotalAmount",
            values.number,
        ),
        "tax_rate": (f"{_LINE_SETTLEMENT}/ApplicableTradeTax/RateApplicablePercent", values.number),
        "category": (f"{_LINE_SETTLEMENT}/ApplicableTradeTax/CategoryCode", values.code),
        "code": ("SpecifiedTradeProduct/SellerAssignedID | SpecifiedTradeProduct/GlobalID", values.line),
        "period_start": (_day(f"{_LINE_SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime"), values.date),
        "period_end": (_day(f"{_LINE_SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime"), values.date),
    },
    computed={
        "discount": (
            _LINE_ALLOWANCE,
            sums.allowances(_LINE_ALLOWANCE, _INDICATOR, "ActualAmount", charge=False),
        ),
        "charges": (
            _LINE_ALLOWANCE,
            sums.allowances(_LINE_ALLOWANCE, _INDICATOR, "ActualAmount", charge=True),
        ),
    },
    lent={"po_number": (_LINE_ORDER, values.line)},
    quoted={
        _LINE_ORDER: ReferenceKind.ORDER,
        f"{_LINE_DELIVERY}/DeliveryNoteReferencedDocument/IssuerAssignedID": ReferenceKind.DESPATCH,
        f"{_LINE_DELIVERY}/DespatchAdviceReferencedDocument/IssuerAssignedID": ReferenceKind.DESPATCH,
    },
)

_TAX: Final = Group(
    TaxLine,
    {
        "rate": ("RateApplicablePercent", values.number),
        "base": ("BasisAmount", values.number),
        "amount": ("CalculatedAmount", values.number),
        "category": ("CategoryCode", values.code),
        "reason": ("ExemptionReason | ExemptionReasonCode", values.line),
    },
)


def _is_charge(text: str) -> bool:
    """By its indicator, or by its name where it has none."""
    return text == "SpecifiedLogisticsServiceCharge" or bool(values.flag(text))


_ALLOWANCE: Final = Group(
    Allowance,
    {
        "charge": (
            "ChargeIndicator/Indicator | #",
            _is_charge,
        ),
        "amount": ("ActualAmount | AppliedAmount", values.number),
        "base": ("BasisAmount", values.number),
        "percent": ("CalculationPercent", values.number),
        "category": ("CategoryTradeTax/CategoryCode | AppliedTradeTax/CategoryCode", values.code),
        "tax_rate": (
            "CategoryTradeTax/RateApplicablePercent | AppliedTradeTax/RateApplicablePercent",
            values.number,
        ),
        "reason": ("Reason | ReasonCode | Description", values.line),
    },
)

_PAYMENT: Final = Group(
    Payment,
    {
        "method": ("TypeCode", codes.payment_means),
        "method_code": ("TypeCode", values.code),
        "iban": (
            "PayeePartyCreditorFinancialAccount/IBANID | PayeePartyCreditorFinancialAccount/ProprietaryID",
            values.account,
        ),
        "bic": ("PayeeSpecifiedCreditorFinancialInstitution/BICID", values.account),
        "bank": ("PayeeSpecifiedCreditorFinancialInstitution/Name", values.line),
        "beneficiary": ("PayeePartyCreditorFinancialAccount/AccountName", values.line),
        "reference": ("PaymentReference", values.line),
        "due_date": (_day("DueDateDateTime"), values.date),
        "amount": ("PartialPaymentAmount", values.number),
        "terms": ("Description", values.line),
    },
)

_iban = finder("PayeePartyCreditorFinancialAccount/IBANID")
_settlements = nodes(_SETTLEMENT)
_means = nodes("SpecifiedTradeSettlementPaymentMeans")


def _payments(node: Node) -> Iterator[Node]:
    """Each instalment with the first way to pay, then the other ways; accounts with an IBAN before others."""
    instalments = [terms for terms in _terms(node) if _part(terms)]
    for settlement in _settlements(node):
        shared: Node = {"PaymentReference": settlement.get("PaymentReference", "")}
        means: list[Node] = sorted(_means(settlement), key=lambda one: _iban(one) is None)
        if instalments:
            first, means = (means[0] if means else {}), means[1:]
            yield from ({**first, **shared, **one} for one in instalments)
        yield from ({**one, **shared} for one in means)


_REFERENCES: Final = {
    "BuyerOrderReferencedDocument": ReferenceKind.ORDER,
    "ContractReferencedDocument": ReferenceKind.CONTRACT,
    "DespatchAdviceReferencedDocument": ReferenceKind.DESPATCH,
    "DeliveryNoteReferencedDocument": ReferenceKind.DESPATCH,
    "ReceivingAdviceReferencedDocument": ReferenceKind.RECEIPT,
    "SpecifiedProcuringProject": ReferenceKind.PROJECT,
    "InvoiceReferencedDocument": ReferenceKind.INVOICE,
    "InvoiceSpecifiedReferencedDocument": ReferenceKind.INVOICE,
    "SellerOrderReferencedDocument": ReferenceKind.OTHER,
}

_CODED: Final = {"50": ReferenceKind.TENDER, "130": ReferenceKind.OTHER}
"""What an additional document is: the tender or lot (BT-17), the object invoiced (BT-18)."""


def _kind(text: str) -> ReferenceKind | None:
    return _REFERENCES.get(text) or _CODED.get(text)


_REFERENCE: Final = Group(
    Reference,
    {
        "kind": (by_code("AdditionalReferencedDocument", "TypeCode"), _kind),
        "number": ("IssuerAssignedID | ID", values.line),
        "date": (_day("FormattedIssueDateTime"), values.date),
    },
)

FORMAT: Final = Format(
    name="CII (Factur-X, ZUGFeRD, XRechnung)",
    roots=("CrossIndustryInvoice", "CrossIndustryDocument"),
    european=True,
    rows=("IncludedSupplyChainTradeLineItem",),
    invoices=lambda root: (root,),
    sections=(
        one("vendor", f"{_AGREEMENT}/SellerTradeParty", _PARTY),
        one("buyer", f"{_AGREEMENT}/BuyerTradeParty", _PARTY),
        one("tax_representative", f"{_AGREEMENT}/SellerTaxRepresentativeTradeParty", _PARTY),
        one("payee", f"{_SETTLEMENT}/PayeeTradeParty", _PARTY),
        one("invoice", "", _HEADER),
        one("financials", _totals, _FINANCIALS),
        many("line_items", f"{_LINES}[AssociatedDocumentLineDocument/LineStatusReasonCode!=GROUP]", _LINE),
        many("tax_breakdown", f"{_SETTLEMENT}/ApplicableTradeTax", _TAX),
        many(
            "allowances",
            tagged(
                f"{_SETTLEMENT}/SpecifiedTradeAllowanceCharge",
                f"{_SETTLEMENT}/SpecifiedLogisticsServiceCharge",
            ),
            _ALLOWANCE,
        ),
        many("payments", _payments, _PAYMENT),
        many(
            "references",
            tagged(
                f"{_AGREEMENT}/BuyerOrderReferencedDocument",
                f"{_AGREEMENT}/ContractReferencedDocument",
                f"{_AGREEMENT}/SpecifiedProcuringProject",
                f"{_AGREEMENT}/AdditionalReferencedDocument[TypeCode=50,130]",
                f"{_AGREEMENT}/SellerOrderReferencedDocument",
                f"{_DELIVERY}/DespatchAdviceReferencedDocument",
                f"{_DELIVERY}/DeliveryNoteReferencedDocument",
                f"{_DELIVERY}/ReceivingAdviceReferencedDocument",
                f"{_SETTLEMENT}/InvoiceReferencedDocument",
                f"{_SETTLEMENT}/SpecifiedAdvancePayment/InvoiceSpecifiedReferencedDocument",
            ),
            _REFERENCE,
        ),
    ),
    attachments=texts(f"{_AGREEMENT}/AdditionalReferencedDocument/AttachmentBinaryObject/@filename"),
    notes=texts("ExchangedDocument/IncludedNote/Content"),
    language_at=finder("ExchangedDocument/LanguageID"),
)
