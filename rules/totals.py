"""The totals of the document agree with each other."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Final

from app.model.invoice import Financials, Invoice, InvoiceType
from app.model.money import ZERO
from app.validation import Context, Problem, need, rule
from rules.tolerance import tolerated


@rule(
    "ARITHMETIC_MISMATCH",
    severity="error",
    source="EN 16931 BR-CO-15; Directive 2006/112/EC art. 226(8)-(10); DPR 633/1972 art. 21(2)(l)",
)
def total_is_subtotal_plus_tax(money: Financials, context: Context) -> Iterator[Problem]:
    """The total must be the subtotal plus the tax.

    A stamp duty or a rounding that the document names may explain the difference. One smallest unit of the
    currency is tolerated, or what the policy says.

    Why: if these three do not agree, at least one of them is wrong, on paper or in the reading, and
    whichever is booked may be it.

    Do: compare the three amounts with the document. If they stand there like this, ask the seller for a
    corrected invoice; if they were misread, correct them.
    """
    net, tax = need(money.subtotal, "financials.subtotal"), need(money.tax_amount, "financials.tax_amount")
    total = need(money.total, "financials.total")
    extras = [extra for extra in (money.stamp_duty, money.rounding) if extra]
    margin = tolerated(context, money.currency)
    if not any(abs(net + tax + extra - total) <= margin for extra in _sums(extras)):
        yield Problem("total", expected=net + tax, actual=total, paths=("subtotal", "tax_amount"))


def _sums(amounts: list[Decimal]) -> Iterator[Decimal]:
    """The sums of every selection of some amounts, beginning with none."""
    for size in range(len(amounts) + 1):
        for some in combinations(amounts, size):
            yield sum(some, ZERO)


@rule("INVALID_TOTAL", severity="error", source="Directive 2006/112/EC art. 226(8); DPR 633/1972 art. 21(2)")
def total_is_above_zero(invoice: Invoice) -> Iterator[Problem]:
    """The total must be above zero.

    A credit note may carry its amounts with a minus sign, as long as they are not zero.

    Why: an invoice over nothing, or over less than nothing, is misread, a correction in the wrong form, or
    an attempt to have money paid back by mistake.

    Do: look at the sign and the kind of the document. What lowers an earlier invoice is a credit note and
    must be booked as one.
    """
    total = need(invoice.financials.total, "financials.total")
    credited = invoice.invoice.type is InvoiceType.CREDIT_NOTE
    if total == 0 or (total < 0 and not credited):
        yield Problem("financials.total", expected="an amount above 0", actual=total, paths=("invoice.type",))


RULES: Final = (total_is_subtotal_plus_tax, total_is_above_zero)
