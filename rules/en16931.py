"""What EN 16931 asks of an e-invoice beyond the sums and the categories."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Allowance, Invoice, LineItem, Payment, TaxLine
from app.model.money import CENT, rounded
from app.validation import Problem, need, rule, skip
from rules.kinds import norm_row_terms, norm_terms

_CREDIT_TRANSFERS: Final = ("30", "58")


@rule("MISSING_TYPE_CODE", severity="info", source="EN 16931 BR-04", when=norm_terms)
def document_has_a_type_code(invoice: Invoice) -> Iterator[Problem]:
    """An e-invoice must say by a code what kind of document it is.

    Why: a credit note booked as an invoice is wrong by twice its amount.

    Do: see from the document which it is.
    """
    if invoice.invoice.type_code is None:
        yield Problem("invoice.type_code", message="The kind of document is not stated.")


@rule("MISSING_LINE_NUMBER", severity="info", source="EN 16931 BT-126", when=norm_row_terms)
def row_has_a_number(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice must have an identifier.

    Why: questions and corrections refer to it.

    Do: nothing; refer to the row by its description.
    """
    if row.number is None:
        yield Problem("number", message="The row has no number.")


@rule("MISSING_LINE_CATEGORY", severity="warning", source="EN 16931 BT-151", when=norm_row_terms)
def row_has_a_category(row: LineItem) -> Iterator[Problem]:
    """Each row of an e-invoice must say how it is taxed.

    Why: without it the base of each rate cannot be checked.

    Do: ask for a corrected invoice.
    """
    if row.category is None:
        yield Problem("category", message="The row does not say how it is taxed.")


@rule("MISSING_TAX_CATEGORY", severity="warning", source="EN 16931 BT-118", when=norm_terms)
def tax_line_has_a_category(tax: TaxLine) -> Iterator[Problem]:
    """Each line of an e-invoice's tax breakdown must have a category.

    Why: a rate of zero may be an exemption, an export or a reverse charge, and each is booked otherwise.

    Do: ask for a corrected invoice.
    """
    if tax.category is None:
        yield Problem("category", message="The line of the tax breakdown has no category.")


@rule("MISSING_ALLOWANCE_AMOUNT", severity="warning", source="EN 16931 BR-31, BR-36", when=norm_terms)
def allowance_has_an_amount(one: Allowance) -> Iterator[Problem]:
    """Each allowance or charge on an e-invoice must have its amount.

    Why: it changes what is owed.

    Do: ask for a corrected invoice.
    """
    if one.amount is None:
        yield Problem("amount", message="The allowance or charge has no amount.")


@rule("MISSING_ALLOWANCE_CATEGORY", severity="warning", source="EN 16931 BR-32, BR-37", when=norm_terms)
def allowance_has_a_category(one: Allowance) -> Iterator[Problem]:
    """Each allowance or charge on an e-invoice must say how it is taxed.

    Why: it lowers or raises the base of one rate, and which one must be said.

    Do: ask for a corrected invoice.
    """
    if one.category is None:
        yield Problem("category", message="The allowance or charge does not say how it is taxed.")


@rule(
    "MISSING_ALLOWANCE_REASON",
    severity="info",
    source="EN 16931 BR-33, BR-38, BR-CO-21, BR-CO-22",
    when=norm_terms,
)
def allowance_has_a_reason(one: Allowance) -> Iterator[Problem]:
    """Each allowance or charge on an e-invoice must say what it is for, in words or by a code.

    Why: a charge nobody can name was not agreed.

    Do: ask the seller what it is for.
    """
    if one.reason is None:
        yield Problem("reason", message="The allowance or charge gives no reason.")


@rule("LINE_PERIOD_INCOHERENT", severity="warning", source="EN 16931 BR-30")
def row_period_ends_after_it_begins(invoice: Invoice) -> Iterator[Problem]:
    """The period of a row must not end before it begins.

    Why: the cost is booked into this period.

    Do: compare both dates with the document.
    """
    periods = [
        (index, row.period_start, row.period_end)
        for index, row in enumerate(invoice.line_items)
        if row.period_start is not None and row.period_end is not None
    ]
    if not periods:
        skip("no periods of rows were read")
    for index, start, end in periods:
        if end < start:
            path = f"line_items[{index}].period_end"
            other = f"line_items[{index}].period_start"
            yield Problem(path, expected=f"{start} or later", actual=end, paths=(other,))


@rule("CREDIT_TRANSFER_WITHOUT_ACCOUNT", severity="warning", source="EN 16931 BR-61")
def credit_transfer_names_an_account(payment: Payment) -> Iterator[Problem]:
    """Where an e-invoice asks for a credit transfer, it must name the account.

    Why: without it the account comes from somewhere else, and forged letters about new accounts are common.

    Do: pay to the account known from earlier invoices, or ask by a way you knew before.
    """
    if need(payment.method_code, "method_code") in _CREDIT_TRANSFERS and payment.iban is None:
        yield Problem("iban", message="A credit transfer is asked for, and no account is named.")


@rule("PAYEE_WITHOUT_NAME", severity="warning", source="EN 16931 BT-59")
def payee_has_a_name(invoice: Invoice) -> Iterator[Problem]:
    """Where another than the seller is to be paid, it must be named.

    Why: money must not go to somebody unknown.

    Do: ask the seller, by a way you knew before, who is to be paid and why.
    """
    payee = invoice.payee
    if payee is None:
        skip("the seller is the one to be paid")
    if payee.name is None:
        yield Problem("payee.name", message="Another than the seller is to be paid, and is not named.")


@rule(
    "REPRESENTATIVE_WITHOUT_NAME",
    severity="warning",
    source="EN 16931 BT-62; Directive 2006/112/EC art. 226(15)",
)
def representative_has_a_name(invoice: Invoice) -> Iterator[Problem]:
    """A tax representative must be named.

    Why: the law asks for name, address and number of who owes the tax for a foreign seller.

    Do: ask for a corrected invoice.
    """
    representative = invoice.tax_representative
    if representative is None:
        skip("there is no tax representative")
    if representative.name is None:
        yield Problem("tax_representative.name", message="The tax representative is not named.")


@rule(
    "REPRESENTATIVE_WITHOUT_VAT_NUMBER",
    severity="warning",
    source="EN 16931 BT-63; Directive 2006/112/EC art. 226(15)",
)
def representative_has_a_vat_number(invoice: Invoice) -> Iterator[Problem]:
    """A tax representative must have a VAT number.

    Why: the law asks for name, address and number of who owes the tax for a foreign seller.

    Do: ask for a corrected invoice.
    """
    representative = invoice.tax_representative
    if representative is None:
        skip("there is no tax representative")
    if representative.vat_number is None:
        yield Problem("tax_representative.vat_number", message="The tax representative has no VAT number.")


@rule(
    "TOO_MANY_DECIMALS",
    severity="info",
    source=(
        "EN 16931 BR-DEC-09, BR-DEC-10, BR-DEC-11, BR-DEC-12, BR-DEC-13, BR-DEC-14, BR-DEC-16, BR-DEC-17, "
        "BR-DEC-18, BR-DEC-19, BR-DEC-20, BR-DEC-23"
    ),
    when=norm_terms,
)
def amounts_have_the_decimals_of_the_currency(invoice: Invoice) -> Iterator[Problem]:
    """The amounts of an e-invoice must not have more decimals than the norm allows, two.

    Why: fractions of a cent cannot be paid, and programs round them differently.

    Do: book the rounded amount.
    """
    for path, amount in _amounts(invoice):
        if not amount.same_quantum(CENT) and rounded(amount) != amount:
            yield Problem(path, actual=amount)


def _amounts(invoice: Invoice) -> Iterator[tuple[str, Decimal]]:
    for name in _TOTALS:
        if (amount := getattr(invoice.financials, name)) is not None:
            yield f"financials.{name}", amount
    for index, tax in enumerate(invoice.tax_breakdown):
        for name in ("base", "amount"):
            if (amount := getattr(tax, name)) is not None:
                yield f"tax_breakdown[{index}].{name}", amount
    for index, row in enumerate(invoice.line_items):
        if row.amount is not None:
            yield f"line_items[{index}].amount", row.amount


_TOTALS: Final = (
    "line_total",
    "discount",
    "charges",
    "subtotal",
    "tax_amount",
    "total",
    "prepaid",
    "rounding",
    "amount_due",
)

RULES: Final = (
    document_has_a_type_code,
    row_has_a_number,
    row_has_a_category,
    tax_line_has_a_category,
    allowance_has_an_amount,
    allowance_has_a_category,
    allowance_has_a_reason,
    row_period_ends_after_it_begins,
    credit_transfer_names_an_account,
    payee_has_a_name,
    representative_has_a_name,
    representative_has_a_vat_number,
    amounts_have_the_decimals_of_the_currency,
)
