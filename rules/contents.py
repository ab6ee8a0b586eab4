"""Totals, rows, taxes and payment are stated: less on a receipt or a simplified invoice."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import Financials, Invoice, InvoiceHeader, InvoiceType, LineItem, TaxLine
from app.validation import Problem, need, rule, skip
from rules.kinds import e_invoice, e_invoice_rows, elsewhere, norm, norm_rows, norm_terms, simplified


@rule(
    "MISSING_SUBTOTAL",
    severity="warning",
    source="EN 16931 BR-13; Directive 2006/112/EC art. 226(8)",
    when=elsewhere,
)
def totals_have_a_subtotal(invoice: Invoice) -> Iterator[Problem]:
    """An invoice must have its total without tax; a receipt or a simplified invoice need not.

    Why: it is the cost that is booked.

    Do: read it from the document.
    """
    if simplified(invoice.invoice):
        skip("receipts and simplified invoices may give the total alone")
    if invoice.financials.subtotal is None:
        yield Problem("financials.subtotal", message="No total without tax was found.")


@rule(
    "MISSING_TAX_AMOUNT",
    severity="warning",
    source="Directive 2006/112/EC art. 226(10), 226b(d); DPR 633/1972 art. 21(2)(l)",
    when=elsewhere,
)
def totals_have_a_tax(invoice: Invoice) -> Iterator[Problem]:
    """An invoice must have its tax, and be it zero; a receipt or a simplified invoice need not.

    Where the total is the subtotal, no tax is charged, and a printed page may say so by leaving it out.

    Why: only tax that is shown can be deducted.

    Do: read it from the document.
    """
    if simplified(invoice.invoice):
        skip("receipts and simplified invoices may give the total alone")
    money = invoice.financials
    if money.tax_amount is None and (money.total is None or money.total != money.subtotal):
        yield Problem("financials.tax_amount", message="No tax was found.")


@rule("MISSING_TOTAL", severity="warning", source="EN 16931 BR-14; DPR 633/1972 art. 21(2)(l)")
def totals_have_a_total(money: Financials) -> Iterator[Problem]:
    """An invoice must have its total with tax.

    Why: it is the debt.

    Do: read it from the document.
    """
    if money.total is None:
        yield Problem("total", message="No total was found.")


@rule("MISSING_AMOUNT_DUE", severity="info", source="EN 16931 BR-15", when=norm_terms)
def totals_have_an_amount_due(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice after EN 16931 must say what is due for payment.

    Why: it differs from the total where something was paid or rounded.

    Do: pay the total less what was paid before.
    """
    if invoice.financials.amount_due is None:
        yield Problem("financials.amount_due", message="No amount due was found.")


@rule(
    "MISSING_LINES",
    severity="warning",
    source="EN 16931 BG-25; Directive 2006/112/EC art. 226(6); DPR 633/1972 art. 21(2)(g)",
    when=e_invoice,
)
def invoice_has_rows(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must say what was delivered or done, in at least one row.

    Why: what was bought decides where the cost is booked and whether the tax can be deducted.

    Do: ask for a corrected invoice.
    """
    if not invoice.line_items:
        yield Problem("line_items", message="There are no rows.")


@rule(
    "MISSING_TAX_BREAKDOWN",
    severity="warning",
    source="EN 16931 BG-23; Directive 2006/112/EC art. 226(8)",
    when=e_invoice,
)
def invoice_has_a_tax_breakdown(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must give base and tax for each rate.

    Why: the tax is declared by rate.

    Do: ask for a corrected invoice.
    """
    if not invoice.tax_breakdown:
        yield Problem("tax_breakdown", message="There is no breakdown of the tax.")


@rule("MISSING_LINE_AMOUNT", severity="warning", source="EN 16931 BT-131", when=e_invoice_rows)
def row_has_an_amount(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice must have its amount.

    Why: the rows add up to the invoice.

    Do: ask for a corrected invoice.
    """
    if row.amount is None:
        yield Problem("amount", message="The row has no amount.")


@rule(
    "MISSING_LINE_DESCRIPTION",
    severity="warning",
    source="EN 16931 BT-153; Directive 2006/112/EC art. 226(6); DPR 633/1972 art. 21(2)(g)",
    when=e_invoice_rows,
)
def row_has_a_description(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice must say what was delivered or done.

    Why: the law asks for kind and quantity; without them the tax office may refuse the deduction.

    Do: ask for a corrected invoice.
    """
    if row.description is None:
        yield Problem("description", message="The row has no description.")


@rule(
    "MISSING_LINE_QUANTITY",
    severity="info",
    source="EN 16931 BT-129; Directive 2006/112/EC art. 226(6)",
    when=norm_rows,
)
def row_has_a_quantity(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice after EN 16931 must have its quantity.

    Why: it is compared with what was received.

    Do: compare the row with the delivery note.
    """
    if row.quantity is None:
        yield Problem("quantity", message="The row has no quantity.")


@rule(
    "MISSING_LINE_PRICE",
    severity="info",
    source="EN 16931 BT-146; Directive 2006/112/EC art. 226(8)",
    when=norm_rows,
)
def row_has_a_price(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice after EN 16931 must have its unit price.

    Why: it is compared with the order.

    Do: compare the row with the order.
    """
    if row.unit_price is None:
        yield Problem("unit_price", message="The row has no unit price.")


@rule("NEGATIVE_LINE_PRICE", severity="warning", source="EN 16931 BR-27", when=norm)
def row_price_is_not_negative(row: LineItem) -> Iterator[Problem]:
    """The unit price of a row of an e-invoice after EN 16931 must not be negative.

    The Italian format allows it for discounts.

    Why: what is taken back has a negative quantity; a negative price is a discount in disguise.

    Do: see what the row takes off, and whether that was agreed.
    """
    price = need(row.unit_price, "unit_price")
    if price < 0:
        yield Problem("unit_price", expected="0 or more", actual=price)


@rule(
    "MISSING_TAX_BASE",
    severity="warning",
    source="EN 16931 BT-116; Directive 2006/112/EC art. 226(8); DPR 633/1972 art. 21(2)(l)",
    when=e_invoice,
)
def tax_line_has_a_base(tax: TaxLine) -> Iterator[Problem]:
    """Each line of an e-invoice's tax breakdown must have its base.

    Why: without it the tax cannot be checked.

    Do: ask for a corrected invoice.
    """
    if tax.base is None:
        yield Problem("base", message="The line of the tax breakdown has no base.")


@rule(
    "MISSING_TAX_LINE_AMOUNT",
    severity="warning",
    source="EN 16931 BT-117; Directive 2006/112/EC art. 226(10)",
    when=e_invoice,
)
def tax_line_has_an_amount(tax: TaxLine) -> Iterator[Problem]:
    """Each line of an e-invoice's tax breakdown must have its tax.

    Why: the tax is declared by rate.

    Do: ask for a corrected invoice.
    """
    if tax.amount is None:
        yield Problem("amount", message="The line of the tax breakdown has no tax.")


@rule(
    "MISSING_TAX_RATE",
    severity="warning",
    source="EN 16931 BR-48; Directive 2006/112/EC art. 226(9)",
    when=e_invoice,
)
def tax_line_has_a_rate(tax: TaxLine) -> Iterator[Problem]:
    """Each line of an e-invoice's tax breakdown must have its rate, unless it is out of scope.

    Why: the law asks for it, and it is what the tax is checked by.

    Do: ask for a corrected invoice.
    """
    if tax.rate is None and tax.category != "O":
        yield Problem("rate", message="The line of the tax breakdown has no rate.")


@rule("MISSING_DUE_DATE", severity="info", source="EN 16931 BR-CO-25")
def payment_has_a_date(invoice: Invoice) -> Iterator[Problem]:
    """An invoice with an amount to pay should say when, by a date or by terms.

    Why: without either, the terms of the contract or of the law apply.

    Do: take the due date from the contract.
    """
    header, money = invoice.invoice, invoice.financials
    if need(header.type, "invoice.type") is InvoiceType.CREDIT_NOTE:
        skip("a credit note is not paid")
    due = money.amount_due if money.amount_due is not None else money.total
    if need(due, "financials.amount_due") > 0 and header.due_date is None and header.payment_terms is None:
        yield Problem("invoice.due_date", message="Neither a due date nor terms of payment were found.")


@rule(
    "CREDIT_NOTE_WITHOUT_REFERENCE",
    severity="info",
    source="Directive 2006/112/EC art. 219; EN 16931 BT-25",
)
def credit_note_names_its_invoice(header: InvoiceHeader) -> Iterator[Problem]:
    """A credit note should name the invoice that it corrects.

    Why: a document counts as an invoice only if it refers to the first one clearly; the open item to set it
    off against is found by it.

    Do: ask the seller which invoice is meant.
    """
    if need(header.type, "invoice.type") is not InvoiceType.CREDIT_NOTE:
        skip("it is not a credit note")
    if header.preceding_number is None:
        yield Problem("preceding_number", message="The credit note does not say which invoice it corrects.")


RULES: Final = (
    totals_have_a_subtotal,
    totals_have_a_tax,
    totals_have_a_total,
    totals_have_an_amount_due,
    invoice_has_rows,
    invoice_has_a_tax_breakdown,
    row_has_an_amount,
    row_has_a_description,
    row_has_a_quantity,
    row_has_a_price,
    row_price_is_not_negative,
    tax_line_has_a_base,
    tax_line_has_an_amount,
    tax_line_has_a_rate,
    payment_has_a_date,
    credit_note_names_its_invoice,
)
