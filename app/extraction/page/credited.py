"""Credit notes that print their amounts with a minus sign, turned positive: `type` says that they credit.

The totals are read without their sign; here the rows and the table of taxes follow them.
"""

from collections.abc import Iterable
from decimal import Decimal

from msgspec.structs import replace

from app.model.invoice import Invoice, InvoiceType, LineItem, TaxLine
from app.model.money import ZERO


def turned_positive(invoice: Invoice) -> Invoice:
    """The invoice, its rows and taxes turned where it is a credit note and they are negative as a whole."""
    if invoice.invoice.type is not InvoiceType.CREDIT_NOTE:
        return invoice
    rows, taxes = invoice.line_items, invoice.tax_breakdown
    if _below_zero(row.amount for row in rows):
        rows = tuple(map(_turned_row, rows))
    if _below_zero(tax.base for tax in taxes) or _below_zero(tax.amount for tax in taxes):
        taxes = tuple(map(_turned_tax, taxes))
    return replace(invoice, line_items=rows, tax_breakdown=taxes)


def _below_zero(amounts: Iterable[Decimal | None]) -> bool:
    return sum((amount for amount in amounts if amount is not None), ZERO) < 0


def _turned_tax(tax: TaxLine) -> TaxLine:
    return replace(
        tax,
        base=None if tax.base is None else -tax.base,
        amount=None if tax.amount is None else -tax.amount,
    )


def _turned_row(row: LineItem) -> LineItem:
    """Quantity times price gives the amount: the one of the two that was negative turns with it."""
    quantity, price, amount = row.quantity, row.unit_price, row.amount
    if quantity is not None and price is not None and amount is not None and quantity * price * amount > 0:
        quantity, price = (quantity, -price) if price < 0 else (-quantity, price)
    return replace(row, amount=None if amount is None else -amount, quantity=quantity, unit_price=price)
