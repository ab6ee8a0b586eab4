"""Italian duties beside VAT: stamp duty, withholding, split payment, the flat-rate scheme."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.invoice import Contribution, Financials, Invoice, InvoiceType, Withholding
from app.model.money import HUNDRED, ZERO, rounded
from app.validation import Context, Problem, need, rule, skip
from rules.kinds import e_invoice
from rules.tolerance import tolerated

_FLAT_RATE: Final = "RF19"
_STAMP_FREE_UP_TO: Final = Decimal("77.47")
_STAMP: Final = Decimal("2.00")
_STAMPED_NATURES: Final = ("N2.1", "N2.2", "N3.5", "N3.6", "N4")
"""The natures for which the tax office itself computes the duty (Provv. AdE 34958/2021)."""
_WITHHOLDING_RATES: Final = frozenset(
    map(Decimal, ("4", "4.6", "5", "8", "10", "11", "11.5", "20", "23", "30"))
)
_PUBLIC_CODE_LENGTH: Final = 6
_INPS_AND_OTHERS: Final = ("RT03", "RT04", "RT05", "RT06")


@rule(
    "STAMP_DUTY_MISSING",
    severity="warning",
    source="DPR 642/1972, Tariffa art. 13(1); D.M. 17 June 2014 art. 6; Provv. AdE 34958/2021",
    countries=("IT",),
)
def untaxed_invoice_bears_stamp_duty(invoice: Invoice) -> Iterator[Problem]:
    """An Italian invoice with more than € 77.47 without VAT must bear the stamp duty.

    Counted are the natures for which the tax office computes the duty itself: N2.1, N2.2, N3.5, N3.6 and
    N4.

    Why: seller and buyer both answer for an unpaid stamp duty.

    Do: ask the seller whether the duty was paid; some exemptions (works for export, health care for
    persons) cannot be seen from the invoice.
    """
    natures = [tax for tax in invoice.tax_breakdown if tax.nature in _STAMPED_NATURES]
    if not natures:
        skip("nothing is under a nature that stamp duty goes with")
    base = sum((need(tax.base, "tax_breakdown[].base") for tax in natures), ZERO)
    if base > _STAMP_FREE_UP_TO and not invoice.financials.stamp_duty:
        yield Problem(
            "financials.stamp_duty",
            expected=_STAMP,
            actual=invoice.financials.stamp_duty,
            paths=("tax_breakdown",),
        )


@rule(
    "STAMP_DUTY_AMOUNT",
    severity="warning",
    source="DPR 642/1972, Tariffa art. 13(1); L. 71/2013 art. 7-bis(3)",
    countries=("IT",),
    since=dt.date(2013, 6, 26),
)
def stamp_duty_is_two_euro(money: Financials) -> Iterator[Problem]:
    """The stamp duty on an Italian invoice must be two euro.

    Why: another amount is misread, or something else that bears the name.

    Do: compare it with the document.
    """
    stamp = need(money.stamp_duty, "financials.stamp_duty")
    if stamp not in (_STAMP, ZERO):
        yield Problem("stamp_duty", expected=_STAMP, actual=stamp)


@rule("FLAT_RATE_WITH_VAT", severity="error", source="L. 190/2014 art. 1(58)(a)", countries=("IT",))
def flat_rate_seller_charges_no_vat(invoice: Invoice) -> Iterator[Problem]:
    """A seller under the flat-rate scheme (regime forfettario, RF19) must not charge VAT.

    Why: the tax is owed by the seller because it stands on the invoice, but the buyer may not deduct it.

    Do: do not pay the tax; ask the seller for a corrected invoice.
    """
    if need(invoice.vendor.tax_regime, "vendor.tax_regime") != _FLAT_RATE:
        return
    tax = need(invoice.financials.tax_amount, "financials.tax_amount")
    if tax != 0:
        yield Problem("financials.tax_amount", expected=ZERO, actual=tax, paths=("vendor.tax_regime",))


@rule("FLAT_RATE_WITH_WITHHOLDING", severity="warning", source="L. 190/2014 art. 1(67)", countries=("IT",))
def flat_rate_seller_suffers_no_withholding(invoice: Invoice) -> Iterator[Problem]:
    """From a seller under the flat-rate scheme (regime forfettario, RF19) no income tax must be withheld.

    Contributions to pension funds are another thing.

    Why: tax that was withheld without ground has to be claimed back by the seller.

    Do: ask the seller to confirm the scheme, and pay the full amount.
    """
    if need(invoice.vendor.tax_regime, "vendor.tax_regime") != _FLAT_RATE:
        return
    for index, one in enumerate(invoice.withholdings):
        if one.kind not in _INPS_AND_OTHERS and one.amount:
            yield Problem(
                f"withholdings[{index}].amount",
                expected=ZERO,
                actual=one.amount,
                paths=("vendor.tax_regime",),
            )


@rule(
    "WITHHOLDING_RATE",
    severity="warning",
    source="DPR 600/1973 art. 25, 25-bis, 25-ter; D.L. 78/2010 art. 25",
    countries=("IT",),
)
def withholding_rate_exists(one: Withholding) -> Iterator[Problem]:
    """The rate of an Italian withholding of income tax must be one that the law has.

    20 % for professionals, 30 % for those abroad, 23 % of half or a fifth of commissions, 4 % from
    condominiums, 8 or 11 % on transfers for works that lower taxes, and a few more.

    Why: the buyer answers for what is not withheld.

    Do: compare the rate with the document and with what the seller is paid for.
    """
    if one.kind in _INPS_AND_OTHERS:
        skip("a contribution, not income tax")
    rate = need(one.rate, "rate")
    if rate not in _WITHHOLDING_RATES:
        yield Problem("rate", actual=rate)


@rule(
    "WITHHOLDING_AMOUNT",
    severity="warning",
    source="DPR 600/1973 art. 25(1), 25-bis(2)",
    countries=("IT",),
)
def withholding_is_a_part_of_the_subtotal(
    one: Withholding, money: Financials, context: Context
) -> Iterator[Problem]:
    """A withholding must not exceed its rate of the subtotal.

    It may be less: reimbursed expenses and some pension contributions are left out of its base.

    Why: the buyer pays the withheld tax to the treasury; withheld from too much, the seller gets too
    little.

    Do: compare base, rate and amount with the document.
    """
    rate, amount = need(one.rate, "rate"), need(one.amount, "amount")
    base = one.base if one.base is not None else need(money.subtotal, "financials.subtotal")
    most = rounded(base * rate / HUNDRED, money.currency)
    if amount - most > tolerated(context, money.currency):
        yield Problem(
            "amount", expected=f"at most {most}", actual=amount, paths=("rate", "$.financials.subtotal")
        )


@rule(
    "WITHHOLDING_SUM_MISMATCH",
    severity="error",
    source="FatturaPA 1.2.2, 2.1.1.5; DPR 600/1973 art. 25",
    countries=("IT",),
)
def withholdings_sum_to_their_total(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The single withholdings must add up to what is withheld in all.

    Why: the amount due is made with the sum.

    Do: compare them with the document.
    """
    if not invoice.withholdings:
        skip("no single withholdings were read")
    total = need(invoice.financials.withholding_tax, "financials.withholding_tax")
    found = sum((need(one.amount, "withholdings[].amount") for one in invoice.withholdings), ZERO)
    if abs(found - total) > tolerated(context, invoice.financials.currency):
        yield Problem("financials.withholding_tax", expected=found, actual=total, paths=("withholdings",))


@rule(
    "SPLIT_PAYMENT_MISSING",
    severity="warning",
    source="DPR 633/1972 art. 17-ter; D.M. 23 January 2015",
    countries=("IT",),
    since=dt.date(2015, 1, 1),
    when=e_invoice,
)
def public_body_pays_the_tax_itself(invoice: Invoice) -> Iterator[Problem]:
    """On an e-invoice to an Italian public body the tax must be marked for split payment.

    Public bodies are told by their six-character code. Professionals under withholding are exempt, and so
    are reverse charge and sellers in special schemes.

    Why: a public body pays the tax to the treasury and not to the seller; paid to the seller it is paid
    twice.

    Do: ask the seller for a corrected invoice, unless one of the exemptions holds.
    """
    code = need(invoice.buyer.sdi_code, "buyer.sdi_code")
    if len(code) != _PUBLIC_CODE_LENGTH or invoice.withholdings or invoice.financials.withholding_tax:
        skip("the buyer is no public body, or the seller is under withholding")
    for index, tax in enumerate(invoice.tax_breakdown):
        if tax.amount and tax.nature is None and tax.exigibility != "S":
            path = f"tax_breakdown[{index}].exigibility"
            yield Problem(path, expected="S", actual=tax.exigibility, paths=("buyer.sdi_code",))


@rule(
    "SPLIT_PAYMENT_WITH_REVERSE_CHARGE",
    severity="warning",
    source="FatturaPA 1.2.2, SdI 00420; DPR 633/1972 art. 17-ter",
    countries=("IT",),
)
def split_payment_excludes_reverse_charge(invoice: Invoice) -> Iterator[Problem]:
    """Split payment must not be combined with reverse charge on one line of the breakdown.

    Why: the tax cannot be both the buyer's own debt and the seller's, paid by the buyer.

    Do: ask the seller for a corrected invoice.
    """
    if not invoice.tax_breakdown:
        skip("no tax breakdown was read")
    for index, tax in enumerate(invoice.tax_breakdown):
        if tax.exigibility == "S" and (tax.nature or "").startswith("N6"):
            path = f"tax_breakdown[{index}].exigibility"
            yield Problem(path, actual="S", paths=(f"tax_breakdown[{index}].nature",))


@rule(
    "SIMPLIFIED_TOO_LARGE",
    severity="warning",
    source="DPR 633/1972 art. 21-bis; D.M. 10 May 2019; L. 190/2014 art. 1(59)",
    countries=("IT",),
)
def simplified_invoice_is_small(invoice: Invoice) -> Iterator[Problem]:
    """A simplified Italian invoice (TD07) must not be above four hundred euro.

    Until 23 May 2019 the limit was a hundred; since 2025 sellers under the flat-rate scheme have none.

    Why: above the limit the buyer's data and the description that it leaves out are demanded, and without
    them the tax cannot be deducted.

    Do: ask for an ordinary invoice.
    """
    header, total = invoice.invoice, invoice.financials.total
    if header.type_code != _SIMPLIFIED:
        skip("it is no simplified invoice")
    day = need(header.date, "invoice.date")
    if invoice.vendor.tax_regime == _FLAT_RATE and day >= _FLAT_RATE_UNLIMITED:
        return
    limit = _SIMPLIFIED_UP_TO if day >= _RAISED else _SIMPLIFIED_BEFORE
    if need(total, "financials.total") > limit:
        paths = ("invoice.type_code",)
        yield Problem("financials.total", expected=f"at most {limit}", actual=total, paths=paths)


_SIMPLIFIED: Final = "TD07"
_SIMPLIFIED_UP_TO: Final = Decimal(400)
_SIMPLIFIED_BEFORE: Final = Decimal(100)
_RAISED: Final = dt.date(2019, 5, 24)
_FLAT_RATE_UNLIMITED: Final = dt.date(2025, 1, 1)


@rule(
    "ISSUED_LATE",
    severity="info",
    source="DPR 633/1972 art. 21(4), 6(8) D.Lgs. 471/1997",
    countries=("IT",),
)
def invoice_was_issued_in_time(invoice: Invoice) -> Iterator[Problem]:
    """An Italian invoice should be issued within twelve days of the delivery.

    Summary invoices for deliveries with notes (TD24) have until the fifteenth of the next month, those for
    goods that are sold on and go to the third party directly (TD25) until its end.

    Why: a buyer who receives none within four months has to report it, and answers for the tax otherwise.

    Do: nothing, if it is here.
    """
    header = invoice.invoice
    delivered, issued = need(header.delivery_date, "invoice.delivery_date"), need(header.date, "invoice.date")
    if header.type is InvoiceType.CREDIT_NOTE:
        skip("a credit note follows later")
    if delivered.year == dt.MAXYEAR:
        skip("the calendar ends before the term does")
    last = _LAST_DAY.get(header.type_code or "", _twelve_days_later)(delivered)
    if issued > last:
        paths = ("invoice.delivery_date",)
        yield Problem("invoice.date", expected=f"{last} or earlier", actual=issued, paths=paths)


def _fifteenth_of_next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 15)


def _end_of_next_month(day: dt.date) -> dt.date:
    month = _fifteenth_of_next_month(day)
    return month.replace(day=monthrange(month.year, month.month)[1])


def _twelve_days_later(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=12)


_LAST_DAY: Final = {"TD24": _fifteenth_of_next_month, "TD25": _end_of_next_month}


@rule(
    "DEDUCTION_EXPIRED",
    severity="warning",
    source="DPR 633/1972 art. 19(1); Circ. AdE 1/E/2018",
    countries=("IT",),
)
def tax_can_still_be_deducted(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """Italian tax must be deducted by the return for the year of the invoice, due on 30 April after it.

    Why: afterwards the tax is a cost, unless the invoice was received later.

    Do: book it with tax that cannot be deducted, or have the day of receipt at hand.
    """
    issued, today = need(invoice.invoice.date, "invoice.date"), need(context.today, "today")
    tax = need(invoice.financials.tax_amount, "financials.tax_amount")
    last = dt.date(min(issued.year + 1, dt.MAXYEAR), 4, 30)
    if tax > 0 and today > last:
        yield Problem("invoice.date", expected=f"received by {last}", actual=issued)


@rule(
    "CONTRIBUTION_MISMATCH",
    severity="warning",
    source="FatturaPA 1.2.2, 2.1.1.7; D.Lgs. 103/1996 art. 8(3); L. 335/1995 art. 2(26)",
    countries=("IT",),
)
def contribution_is_base_times_rate(
    one: Contribution, money: Financials, context: Context
) -> Iterator[Problem]:
    """A pension-fund contribution (cassa previdenziale) must be its base times its rate.

    Why: it is part of the base of the tax and of what is paid, so a wrong one makes all that follows wrong.

    Do: compare base, rate and amount with the document.
    """
    base, rate = need(one.base, "base"), need(one.rate, "rate")
    amount = need(one.amount, "amount")
    if base == 0 or rate == 0:
        skip("the document gives no base or no rate")
    expected = base * rate / HUNDRED
    if abs(expected - amount) > tolerated(context, money.currency):
        yield Problem(
            "amount", expected=rounded(expected, money.currency), actual=amount, paths=("base", "rate")
        )


RULES: Final = (
    untaxed_invoice_bears_stamp_duty,
    stamp_duty_is_two_euro,
    flat_rate_seller_charges_no_vat,
    flat_rate_seller_suffers_no_withholding,
    withholding_rate_exists,
    withholding_is_a_part_of_the_subtotal,
    withholdings_sum_to_their_total,
    contribution_is_base_times_rate,
    public_body_pays_the_tax_itself,
    split_payment_excludes_reverse_charge,
    simplified_invoice_is_small,
    invoice_was_issued_in_time,
    tax_can_still_be_deducted,
)
