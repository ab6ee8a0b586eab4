"""The rows of the table agree with themselves and with the totals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Financials, Invoice, LineItem
from app.model.money import HUNDRED, ZERO, rounded
from app.validation import Context, Problem, need, rule, skip
from rules.kinds import SETTLES, settlement
from rules.tolerance import tolerated

_ONE: Final = Decimal(1)
_COUNTED: Final = -2
_HALF: Final = Decimal("0.5")


@rule("LINE_AMOUNT_MISMATCH", severity="warning", source="EN 16931 BT-131; DPR 633/1972 art. 21(2)(g)-(h)")
def row_amount_is_quantity_times_price(
    row: LineItem, money: Financials, context: Context
) -> Iterator[Problem]:
    """The amount of a row must be quantity times unit price, less its discount, plus its charges.

    The price may be for several units. What a printed price or quantity lost in rounding is tolerated; an
    amount that includes the tax is accepted where the rate is known.

    Why: a row that does not multiply is misread, or charges something that was not agreed.

    Do: compare the row with the document and with the order.
    """
    quantity, price = need(row.quantity, "quantity"), need(row.unit_price, "unit_price")
    amount = need(row.amount, "amount")
    per = row.base_quantity or _ONE
    product = quantity * price if per == 1 else quantity * price / per
    expected = product - (row.discount or ZERO) + (row.charges or ZERO)
    if expected == amount:
        return
    with_tax = expected * (1 + (row.tax_rate or ZERO) / HUNDRED)
    margin = tolerated(context, money.currency) + _lost(quantity, price, per)
    if min(abs(expected - amount), abs(with_tax - amount)) > margin:
        paths = ("quantity", "unit_price", *(("discount",) if row.discount is not None else ()))
        yield Problem("amount", expected=rounded(expected, money.currency), actual=amount, paths=paths)


def _lost(quantity: Decimal, price: Decimal, per: Decimal) -> Decimal:
    """What rounding the price, and a quantity with decimals, may have taken from the product."""
    lost = abs(quantity) * _half_digit(price) / abs(per)
    return lost + abs(price) * _half_digit(quantity) if _measured(quantity) else lost


def _measured(quantity: Decimal) -> bool:
    """Whether a quantity has so many decimals that it was measured and rounded, like kilowatt-hours."""
    exponent = quantity.as_tuple().exponent
    return isinstance(exponent, int) and exponent < _COUNTED


def _half_digit(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return _HALF.scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else ZERO


@rule("ROWS_SUM_MISMATCH", severity="warning", source="EN 16931 BT-106, BT-109; DPR 633/1972 art. 21(2)(l)")
def rows_sum_to_the_subtotal(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The amounts of the rows must add up to the subtotal.

    Allowances, charges, a pension contribution and a stamp duty that the document names may stand between
    them; rows with tax must add up to the total instead. Half a unit of the currency is tolerated for each
    row.

    Why: if they do not, a row is missing or was read twice, or the subtotal is not the subtotal.

    Do: count the rows on the document and compare their amounts.
    """
    money = invoice.financials
    net = need(money.subtotal, "financials.subtotal")
    if not invoice.line_items:
        skip("no rows were read")
    if settlement(invoice.invoice):
        skip(SETTLES)
    rows = sum([need(row.amount, "line_items[].amount") for row in invoice.line_items], ZERO)
    if rows == net:
        return
    margin = tolerated(context, money.currency, len(invoice.line_items))
    if all(abs(wanted - rows) > margin for wanted in _wanted(money, net)):
        yield Problem("financials.subtotal", expected=rows, actual=net, paths=("line_items",))


def _wanted(money: Financials, net: Decimal) -> Iterator[Decimal]:
    """What the rows may add up to."""
    before = net + (money.discount or ZERO) - (money.charges or ZERO)
    fund, stamp = money.social_security or ZERO, money.stamp_duty or ZERO
    for start in (net, before):
        yield from (start, start - fund, start - stamp, start - fund - stamp, start + stamp)
    if money.total is not None:
        yield from (money.total, money.total + (money.discount or ZERO) - (money.charges or ZERO))


@rule("LINE_TOTAL_MISMATCH", severity="error", source="EN 16931 BR-CO-10")
def rows_sum_to_their_declared_sum(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The declared sum of the rows must be their sum.

    Why: an e-invoice that adds up its own rows wrongly was not made by a working program, and whichever of
    its amounts is booked may be the wrong one.

    Do: ask the seller for a corrected invoice.
    """
    declared = need(invoice.financials.line_total, "financials.line_total")
    if not invoice.line_items:
        skip("no rows were read")
    rows = sum((need(row.amount, "line_items[].amount") for row in invoice.line_items), ZERO)
    if abs(declared - rows) >= tolerated(context, invoice.financials.currency):
        yield Problem("financials.line_total", expected=rows, actual=declared, paths=("line_items",))


@rule("ALLOWANCES_SUM_MISMATCH", severity="error", source="EN 16931 BR-CO-11")
def allowances_sum_to_the_discount(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The discounts on the whole document must add up to their declared sum.

    Why: the subtotal is made with the sum; a discount that is listed and not summed was never given.

    Do: ask the seller for a corrected invoice.
    """
    yield from _sum_of(invoice, context, charge=False, name="discount")


@rule("CHARGES_SUM_MISMATCH", severity="error", source="EN 16931 BR-CO-12")
def charges_sum_to_the_charges(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The charges on the whole document must add up to their declared sum.

    Why: the subtotal is made with the sum; a charge in the sum that is not listed has no ground.

    Do: ask the seller for a corrected invoice.
    """
    yield from _sum_of(invoice, context, charge=True, name="charges")


def _sum_of(invoice: Invoice, context: Context, *, charge: bool, name: str) -> Iterator[Problem]:
    listed = [one for one in invoice.allowances if one.charge is charge]
    declared: Decimal | None = getattr(invoice.financials, name)
    if not listed:
        skip(f"no single {name} were read")
    total = sum((need(one.amount, "allowances[].amount") for one in listed), ZERO)
    wanted = need(declared, f"financials.{name}")
    if abs(wanted - total) >= tolerated(context, invoice.financials.currency):
        yield Problem(f"financials.{name}", expected=total, actual=wanted, paths=("allowances",))


RULES: Final = (
    row_amount_is_quantity_times_price,
    rows_sum_to_the_subtotal,
    rows_sum_to_their_declared_sum,
    allowances_sum_to_the_discount,
    charges_sum_to_the_charges,
)
