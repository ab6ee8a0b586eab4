"""What one organisation agreed with its suppliers."""

from collections.abc import Iterator

from app.model.invoice import Invoice, LineItem
from app.validation import Pack, Problem, need, rule


@rule("HOUSE_ORDER_MISSING", severity="warning", source="our terms of purchase, § 2")
def order_is_named(invoice: Invoice) -> Iterator[Problem]:
    """Every invoice must name our order.

    Why: without it nobody knows who ordered.

    Do: ask the seller for the number of our order.
    """
    if invoice.invoice.po_number is None:
        yield Problem("invoice.po_number")


@rule("HOUSE_TOO_MANY_PIECES", severity="error", source="our terms of purchase, § 4")
def row_is_deliverable(row: LineItem) -> Iterator[Problem]:
    """A row must not be for more than a thousand pieces.

    Why: more do not fit through the gate.

    Do: compare the quantity with the order.
    """
    quantity = need(row.quantity, "quantity")
    if quantity > 1000:
        yield Problem("quantity", expected="at most 1000", actual=quantity)


PACK = Pack(rules=(order_is_named, row_is_deliverable), parameters={"future_days": 0})
