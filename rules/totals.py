"""The totals of the document agree with each other."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Final

from app.model.evidence import Source
from app.model.extraction import Extraction, Reading
from app.model.invoice import Financials, Invoice, InvoiceType
from app.model.money import HUNDRED, ZERO, rounded
from app.validation import Context, Problem, need, rule, skip
from rules.kinds import fatturapa, integrated, structured
from rules.tolerance import exact_or_tolerated, tolerated


@rule(
    "ARITHMETIC_MISMATCH",
    severity="error",
    source="EN 16931 BR-CO-15; Directive 2006/112/EC art. 226(8)-(10); DPR 633/1972 art. 21(2)(l)",
)
def total_is_subtotal_plus_tax(
    reading: Reading, extraction: Extraction, context: Context
) -> Iterator[Problem]:
    """The total must be the subtotal plus the tax.

    A stamp duty or a rounding that the document names may explain the difference, in the Italian format also
    discounts on the whole document, which come off after the tax there. One smallest unit of the currency is
    tolerated, or what the policy says; an e-invoice after EN 16931 has to agree to the last digit. A total
    that the reader computed from a page proves nothing.

    Why: if these three do not agree, at least one of them is wrong, on paper or in the reading, and
    whichever is booked may be it.

    Do: compare the three amounts with the document. If they stand there like this, ask the seller for a
    corrected invoice; if they were misread, correct them.
    """
    money = reading.invoice.financials
    net, tax = need(money.subtotal, "financials.subtotal"), need(money.tax_amount, "financials.tax_amount")
    total = need(money.total, "financials.total")
    if _computed(reading) and not structured(extraction):
        skip("the total does not stand on the page, it was computed")
    if net + tax == total:
        return
    adjusted = _adjustment(reading.invoice, net + tax)
    extras = [extra for extra in (money.stamp_duty, money.rounding, adjusted) if extra]
    margin = exact_or_tolerated(context, reading.invoice, extraction)
    possible = [net + tax + extra for extra in _sums(extras)]
    if not any(abs(one - total) <= margin for one in possible):
        withheld = money.withholding_tax or ZERO
        net_of_it = any(abs(one - withheld - total) <= margin for one in possible)
        yield Problem(
            "financials.total",
            expected=net + tax,
            actual=total,
            message=_NET_OF_WITHHOLDING.format(net + tax, total) if net_of_it else "",
            paths=("financials.subtotal", "financials.tax_amount"),
        )


_NET_OF_WITHHOLDING: Final = (
    "The total must be the subtotal plus the tax, {}; {} is less by the withholding, which comes off the "
    "amount due."
)


def _adjustment(invoice: Invoice, gross: Decimal) -> Decimal:
    """What discounts and charges on a whole Italian document add to its total after the tax."""
    if not fatturapa(invoice.invoice):
        return ZERO
    amounts = [
        (one.charge, one.amount if one.amount is not None else gross * (one.percent or ZERO) / HUNDRED)
        for one in invoice.allowances
    ]
    return rounded(sum((amount if charge else -amount for charge, amount in amounts), ZERO))


def _computed(reading: Reading) -> bool:
    evidence = reading.fields.get("financials.total")
    return evidence is not None and evidence.source is Source.COMPUTED


def _sums(amounts: list[Decimal]) -> Iterator[Decimal]:
    """The sums of every selection of some amounts, beginning with none."""
    for size in range(len(amounts) + 1):
        for some in combinations(amounts, size):
            yield sum(some, ZERO)


@rule("INVALID_TOTAL", severity="error", source="Directive 2006/112/EC art. 226(8); DPR 633/1972 art. 21(2)")
def total_is_above_zero(invoice: Invoice) -> Iterator[Problem]:
    """The total must be above zero.

    A credit note may carry its amounts with a minus sign, as long as they are not zero; so may an Italian
    document that the buyer writes (TD16 to TD19 and on), whose corrections have the same kind.

    Why: an invoice over nothing, or over less than nothing, is misread, a correction in the wrong form, or
    an attempt to have money paid back by mistake.

    Do: look at the sign and the kind of the document. What lowers an earlier invoice is a credit note and
    must be booked as one.
    """
    total = need(invoice.financials.total, "financials.total")
    credited = invoice.invoice.type is InvoiceType.CREDIT_NOTE or integrated(invoice.invoice)
    if total == 0 or (total < 0 and not credited):
        yield Problem("financials.total", expected="an amount above 0", actual=total, paths=("invoice.type",))


@rule(
    "AMOUNT_DUE_MISMATCH",
    severity="error",
    source="EN 16931 BR-CO-16; DPR 600/1973 art. 25; DPR 633/1972 art. 17-ter",
)
def amount_due_is_what_is_left_of_the_total(
    invoice: Invoice, extraction: Extraction, context: Context
) -> Iterator[Problem]:
    """The amount due must be the total less what was paid, is withheld or is paid to the treasury.

    What was prepaid and withheld is taken off; so is the tax under split payment; what is collected for
    others is added, and a rounding, unless the total of an Italian or printed invoice has it already.

    Why: the amount due is what the bank will be told to pay.

    Do: compare the total, the deductions and the amount due with the document before anything is paid.
    """
    money = invoice.financials
    if fatturapa(invoice.invoice):
        skip("the Italian format has instalments instead, which INSTALMENTS_MISMATCH adds up")
    due, total = need(money.amount_due, "financials.amount_due"), need(money.total, "financials.total")
    if structured(extraction) and due < total and _only_totals(invoice):
        skip("the profile of the format leaves out what was prepaid")
    left = total - (money.prepaid or ZERO) - (money.withholding_tax or ZERO) - _split_tax(invoice)
    left += money.third_party or ZERO
    margin = exact_or_tolerated(context, invoice, extraction)
    by_the_norm = structured(extraction)
    expected = left + (money.rounding or ZERO)
    printed = () if by_the_norm else (left, left + (money.stamp_duty or ZERO))
    if all(abs(one - due) > margin for one in (expected, *printed)):
        names = ("total", "prepaid", "withholding_tax", "rounding", "third_party")
        paths = tuple(f"financials.{name}" for name in names if getattr(money, name) is not None)
        yield Problem("financials.amount_due", expected=expected, actual=due, paths=paths)


@rule(
    "INSTALMENTS_MISMATCH",
    severity="warning",
    source="FatturaPA 1.2.2, 2.4.2.6; DPR 600/1973 art. 25; DPR 633/1972 art. 17-ter",
)
def instalments_sum_to_what_is_left_of_the_total(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The instalments must add up to the total less what is withheld or paid to the treasury.

    Where the instalments are alternatives, each must be the whole. A rounding may be in the total or not.

    Why: the instalments are what the bank will be told to pay.

    Do: compare the total, the deductions and the instalments with the document before anything is paid.
    """
    money = invoice.financials
    amounts = [payment.amount for payment in invoice.payments if payment.amount is not None]
    if not amounts:
        skip("no instalments were read")
    total = need(money.total, "financials.total")
    left = total - (money.prepaid or ZERO) - (money.withholding_tax or ZERO) - _split_tax(invoice)
    possible = {left, left + (money.rounding or ZERO)}
    found = sum(amounts, ZERO)
    margin = tolerated(context, money.currency, len(amounts))
    if all(abs(one - found) > margin for one in possible) and set(amounts) != {left}:
        yield Problem(
            "financials.amount_due", expected=left, actual=found, paths=("payments", "financials.total")
        )


def _only_totals(invoice: Invoice) -> bool:
    """Whether the data are of the smallest profile (Factur-X MINIMUM): totals, not what they are made of."""
    money = invoice.financials
    parts = (money.line_total, money.prepaid, *invoice.tax_breakdown)
    return money.subtotal is not None and all(part is None for part in parts)


def _split_tax(invoice: Invoice) -> Decimal:
    """The tax that the buyer pays to the treasury and not to the seller."""
    return sum((tax.amount or ZERO for tax in invoice.tax_breakdown if tax.exigibility == "S"), ZERO)


@rule("SUBTOTAL_MISMATCH", severity="error", source="EN 16931 BR-CO-13")
def subtotal_is_rows_less_allowances_plus_charges(money: Financials, context: Context) -> Iterator[Problem]:
    """The subtotal must be the declared sum of the rows, less the allowances, plus the charges.

    Why: a discount that was promised and not taken off, or taken off twice, shows here and nowhere else.

    Do: compare the sum of the rows, the discount and the charges with the subtotal on the document.
    """
    rows, net = need(money.line_total, "financials.line_total"), need(money.subtotal, "financials.subtotal")
    expected = rows - (money.discount or ZERO) + (money.charges or ZERO)
    if abs(expected - net) >= tolerated(context, money.currency):
        yield Problem("subtotal", expected=expected, actual=net, paths=("line_total", "discount", "charges"))


@rule("IMPLAUSIBLE_TAX", severity="warning", source="Directive 2006/112/EC art. 96-98")
def tax_is_a_plausible_share(money: Financials) -> Iterator[Problem]:
    """The tax must not be more than 30 % of the subtotal.

    No country of Europe has a higher rate of VAT than 27 %.

    Why: a tax this high is nearly always another number of the page that was taken for the tax.

    Do: compare the tax and the subtotal with the document.
    """
    net, tax = need(money.subtotal, "financials.subtotal"), need(money.tax_amount, "financials.tax_amount")
    most = rounded(abs(net) * _HIGHEST_SHARE, money.currency)
    if net and abs(tax) > most:
        yield Problem("tax_amount", expected=f"at most {most}", actual=tax, paths=("subtotal",))


_HIGHEST_SHARE: Final = Decimal("0.30")


@rule("PREPAID_EXCEEDS_TOTAL", severity="warning", source="EN 16931 BT-113")
def prepaid_is_at_most_the_total(money: Financials, context: Context) -> Iterator[Problem]:
    """What was prepaid must not exceed the total.

    Why: an overpaid invoice is a claim against the seller, or two amounts have changed places.

    Do: compare both with the document and with the payments made; claim the difference back, or correct it.
    """
    prepaid, total = need(money.prepaid, "financials.prepaid"), need(money.total, "financials.total")
    if abs(prepaid) - abs(total) > tolerated(context, money.currency):
        yield Problem("prepaid", expected=f"at most {total}", actual=prepaid, paths=("total",))


@rule("CURRENCY_DISAGREES", severity="warning", source="Directive 2006/112/EC art. 230; EN 16931 BT-5")
def totals_are_in_the_invoice_currency(invoice: Invoice) -> Iterator[Problem]:
    """The totals must be in the currency of the invoice.

    Why: booked in the wrong currency, every amount is wrong by the rate of exchange.

    Do: see which currency the amount to pay is in; where the tax is also given in the national currency,
    that is a second figure and not the total.
    """
    header = need(invoice.invoice.currency, "invoice.currency")
    money = need(invoice.financials.currency, "financials.currency")
    if header != money:
        yield Problem("financials.currency", expected=header, actual=money, paths=("invoice.currency",))


RULES: Final = (
    total_is_subtotal_plus_tax,
    total_is_above_zero,
    subtotal_is_rows_less_allowances_plus_charges,
    amount_due_is_what_is_left_of_the_total,
    instalments_sum_to_what_is_left_of_the_total,
    tax_is_a_plausible_share,
    prepaid_is_at_most_the_total,
    totals_are_in_the_invoice_currency,
)
