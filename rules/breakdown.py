"""The lines of the tax breakdown agree with themselves, with the rows and with the totals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.model.extraction import Extraction
from app.model.invoice import Invoice, TaxLine
from app.model.money import HUNDRED, ZERO, rounded
from app.validation import Context, Problem, need, rule, skip
from rules.kinds import fatturapa, norm, structured
from rules.surcharges import surcharges
from rules.tolerance import tolerated

_TOLERATED_BY_THE_NORM: Final = Decimal("0.999")
"""Anything below one whole unit."""


@rule(
    "TAX_LINE_MISMATCH",
    severity="error",
    source="EN 16931 BR-CO-17, BR-S-09, BR-AF-09, BR-AG-09; Directive 2006/112/EC art. 226(8)-(10)",
)
def tax_is_base_times_rate(
    tax: TaxLine, invoice: Invoice, extraction: Extraction, context: Context
) -> Iterator[Problem]:
    """The tax of each rate must be its base times the rate.

    Half a unit of the currency is tolerated for each row, because some sellers round the tax row by row; an
    e-invoice after EN 16931 may be off by less than one whole unit, as the norm's own artefacts have it.

    Why: too much tax cannot be deducted, too little is a debt to the treasury that the buyer may share.

    Do: compare base, rate and tax with the document; if they stand there like this, ask for a corrected
    invoice.
    """
    margin = _rounding(invoice, context)
    if structured(extraction) and not fatturapa(invoice.invoice):
        margin = max(margin, _TOLERATED_BY_THE_NORM)
    yield from _off(tax, invoice, margin)


@rule(
    "TAX_LINE_ROUNDING",
    severity="warning",
    source="EN 16931 BT-117; Directive 2006/112/EC art. 226(10)",
    when=norm,
)
def tax_is_base_times_rate_to_the_cent(tax: TaxLine, invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The tax of each rate of an e-invoice should be its base times the rate, rounded to the cent.

    The artefacts of EN 16931 let pass what is off by less than one whole unit; this rule does not.

    Why: a difference that no rounding explains is small money, but a sign of wrong figures.

    Do: ask the seller how the tax was computed.
    """
    for problem in _off(tax, invoice, _rounding(invoice, context)):
        if not list(_off(tax, invoice, _TOLERATED_BY_THE_NORM)):
            yield problem


def _rounding(invoice: Invoice, context: Context) -> Decimal:
    return tolerated(context, invoice.financials.currency, len(invoice.line_items) + 1)


def _off(tax: TaxLine, invoice: Invoice, margin: Decimal) -> Iterator[Problem]:
    base, rate = need(tax.base, "base"), need(tax.rate, "rate")
    amount = need(tax.amount, "amount")
    expected = base * rate / HUNDRED
    if abs(expected - amount) > margin:
        wanted = rounded(expected, invoice.financials.currency)
        yield Problem("amount", expected=wanted, actual=amount, paths=("base", "rate"))


@rule("TAX_TOTAL_MISMATCH", severity="error", source="EN 16931 BR-CO-14; DPR 633/1972 art. 21(2)(l)")
def tax_lines_sum_to_the_tax(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The taxes of the single rates must add up to the tax of the invoice.

    Why: the tax is booked by rate and declared in total; if the two differ, the declaration is wrong.

    Do: compare the table of taxes with the document; a line may be missing.
    """
    money = invoice.financials
    total = need(money.tax_amount, "financials.tax_amount")
    if not invoice.tax_breakdown:
        skip("no tax breakdown was read")
    found = sum([need(tax.amount, "tax_breakdown[].amount") for tax in invoice.tax_breakdown], ZERO)
    if found == total:
        return
    if abs(found - total) > tolerated(context, money.currency, len(invoice.tax_breakdown)):
        yield Problem("financials.tax_amount", expected=found, actual=total, paths=("tax_breakdown",))


@rule("TAX_BASES_MISMATCH", severity="warning", source="EN 16931 BT-116, BT-109; DPR 633/1972 art. 21(2)(l)")
def bases_sum_to_the_subtotal(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The bases of the single rates must add up to the subtotal.

    A stamp duty that was charged outside the scope of the tax may be missing from either. The Spanish
    equivalence surcharge is on a base that counts already.

    Why: a part of the invoice that is in no base has no treatment of tax at all.

    Do: compare the table of taxes with the document; a line, often one without tax, may be missing.
    """
    money = invoice.financials
    net = need(money.subtotal, "financials.subtotal")
    if not invoice.tax_breakdown:
        skip("no tax breakdown was read")
    bases = [need(tax.base, "tax_breakdown[].base") for tax in invoice.tax_breakdown]
    twice = surcharges(invoice)
    found = sum([base for index, base in enumerate(bases) if index not in twice], ZERO)
    if found == net:
        return
    stamp = money.stamp_duty or ZERO
    margin = tolerated(context, money.currency, len(invoice.tax_breakdown))
    if min(abs(found + shift - net) for shift in (ZERO, stamp, -stamp)) > margin:
        yield Problem("financials.subtotal", expected=found, actual=net, paths=("tax_breakdown",))


@rule("TAX_RATE_MISMATCH", severity="error", source="Directive 2006/112/EC art. 226(8)-(10)")
def tax_is_subtotal_times_the_only_rate(invoice: Invoice, context: Context) -> Iterator[Problem]:
    """Where there is one rate and no table of taxes, the tax must be the subtotal times the rate.

    Half a unit of the currency is tolerated for each row, because some sellers round the tax row by row.

    Why: it is the only proof of subtotal, rate and tax that such an invoice offers.

    Do: compare the three with the document; an amount without tax may have been left out of sight.
    """
    money = invoice.financials
    if invoice.tax_breakdown:
        skip("the tax breakdown is checked line by line")
    net, rate = need(money.subtotal, "financials.subtotal"), need(money.tax_rate, "financials.tax_rate")
    tax = need(money.tax_amount, "financials.tax_amount")
    expected = net * rate / HUNDRED
    if abs(expected - tax) > tolerated(context, money.currency, len(invoice.line_items) + 1):
        wanted = rounded(expected, money.currency)
        paths = ("financials.subtotal", "financials.tax_rate")
        yield Problem("financials.tax_amount", expected=wanted, actual=tax, paths=paths)


RULES: Final = (
    tax_is_base_times_rate,
    tax_is_base_times_rate_to_the_cent,
    tax_lines_sum_to_the_tax,
    bases_sum_to_the_subtotal,
    tax_is_subtotal_times_the_only_rate,
)
