"""The totals of a UBL invoice, where national variants write them their own way.

Denmark's OIOUBL holds in `TaxExclusiveAmount` the taxes themselves, and lists excise duties beside the VAT:
they are charges on which VAT is paid. Latin American invoices have one `TaxTotal` for each kind of tax.
"""

from typing import Final

from app.extraction.einvoice import sums, values
from app.extraction.einvoice.mapping import Found, Group
from app.extraction.einvoice.paths import finder
from app.extraction.einvoice.tree import Node
from app.model.invoice import Financials
from app.model.money import ZERO

_EXCISE: Final = "Excise"
TAXES: Final = f"TaxTotal/TaxSubtotal[TaxCategory/ID!={_EXCISE}]"
"""The lines of the VAT breakdown."""

_currency = finder("DocumentCurrencyCode")
_customization = finder("CustomizationID")
_net = finder("LegalMonetaryTotal/TaxExclusiveAmount")
_gross = finder("LegalMonetaryTotal/TaxInclusiveAmount")
_tax = sums.in_currency("TaxTotal/TaxAmount", _currency)
_every_tax = sums.all_in_currency("TaxTotal/TaxAmount", _currency)


def _is_danish(root: Node) -> bool:
    return (_customization(root) or "").startswith("OIOUBL")


def _net_stated(root: Node) -> str | None:
    return None if _is_danish(root) else _net(root)


def _danish_net(root: Node) -> Found | None:
    """The total less the VAT, where the net total is not stated as such."""
    gross, tax = values.number(_gross(root) or ""), values.number(_tax(root) or "")
    if gross is None or tax is None or not _is_danish(root):
        return None
    return Found(value=gross - tax, text=_gross(root))


def _tax_stated(root: Node) -> str | None:
    return None if _several_taxes(root) else _tax(root)


def _several_taxes(root: Node) -> Found | None:
    """The taxes of several kinds in sum, where that is what lies between the net and the gross total."""
    taxes = [values.number(text) for text in _every_tax(root)]
    net, gross = values.number(_net(root) or ""), values.number(_gross(root) or "")
    known = [tax for tax in taxes if tax is not None]
    whole = sum(known, ZERO)
    if len(known) < _SEVERAL or net is None or gross is None or gross - net != whole or _is_danish(root):
        return None
    return Found(value=whole)


_SEVERAL: Final = 2
_prepayments = sums.total("PrepaidPayment/PaidAmount")


def _third_party(root: Node) -> Found | None:
    """What is collected for others; only in XRechnung's extension are these no payments made before."""
    return _prepayments(root) if ":extension:xrechnung" in (_customization(root) or "") else None


def _prepaid(root: Node) -> Found | None:
    """What was paid before, where no total of it stands."""
    return None if ":extension:xrechnung" in (_customization(root) or "") else _prepayments(root)


FINANCIALS: Final = Group(
    Financials,
    {
        "line_total": ("LegalMonetaryTotal/LineExtensionAmount", values.number),
        "discount": ("LegalMonetaryTotal/AllowanceTotalAmount", values.number),
        "charges": ("LegalMonetaryTotal/ChargeTotalAmount", values.number),
        "subtotal": (_net_stated, values.number),
        "tax_amount": (_tax_stated, values.number),
        "total": ("LegalMonetaryTotal/TaxInclusiveAmount", values.number),
        "prepaid": ("LegalMonetaryTotal/PrepaidAmount", values.number),
        "rounding": ("LegalMonetaryTotal/PayableRoundingAmount", values.number),
        "amount_due": ("LegalMonetaryTotal/PayableAmount", values.number),
    },
    {
        "subtotal": _danish_net,
        "tax_amount": _several_taxes,
        "charges": sums.total(f"TaxTotal/TaxSubtotal[TaxCategory/ID={_EXCISE}]/TaxAmount"),
        "third_party": ("PrepaidPayment", _third_party),
        "prepaid": ("PrepaidPayment", _prepaid),
    },
)
