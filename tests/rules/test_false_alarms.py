"""On e-invoices that their makers call correct, an error is flagged only where it can be shown to be one.

`pytest tests/rules/test_false_alarms.py -s` prints every such flag. What shows it is computed here anew, without the
rules.
"""

from decimal import Decimal

import pytest
from stdnum import iban

from app.errors import JobFailure
from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from app.validation import Context, load, validate

CENT = Decimal("0.01")


def total_is_not_the_sum(invoice, _flag):
    money = invoice.financials
    return abs(money.subtotal + money.tax_amount - money.total) > CENT


def due_is_not_what_is_left(invoice, _flag):
    money = invoice.financials
    return abs(money.total - (money.prepaid or 0) + (money.rounding or 0) - money.amount_due) > CENT


def total_is_not_above_zero(invoice, _flag):
    return invoice.financials.total <= 0


def account_fails_its_check(_invoice, flag):
    return not iban.is_valid(flag.actual)


def forfettario_charges_tax(invoice, _flag):
    return invoice.vendor.tax_regime == "RF19" and invoice.financials.tax_amount > 0


def a_tax_is_not_its_rate_of_its_base(invoice, _flag):
    return any(abs(tax.base * tax.rate / 100 - tax.amount) > CENT for tax in invoice.tax_breakdown)


def a_base_is_not_the_sum_of_its_rows(invoice, _flag):
    def parts(rate):
        yield from (row.amount for row in invoice.line_items if row.tax_rate == rate)
        yield from (one.amount for one in invoice.contributions if one.tax_rate == rate)
        for one in invoice.allowances:
            if one.tax_rate == rate:
                yield one.amount if one.charge else -one.amount

    return any(abs(sum(parts(tax.rate)) - tax.base) > CENT for tax in invoice.tax_breakdown)


def allowances_are_not_their_sum(invoice, _flag):
    return sum(one.amount for one in invoice.allowances if not one.charge) != invoice.financials.discount


SHOWN_BY = {
    "ARITHMETIC_MISMATCH": total_is_not_the_sum,
    "AMOUNT_DUE_MISMATCH": due_is_not_what_is_left,
    "INVALID_TOTAL": total_is_not_above_zero,
    "INVALID_IBAN": account_fails_its_check,
    "FLAT_RATE_WITH_VAT": forfettario_charges_tax,
    "TAX_LINE_MISMATCH": a_tax_is_not_its_rate_of_its_base,
    "TAX_SUMMARY_MISMATCH": a_base_is_not_the_sum_of_its_rows,
    "TAX_BASE_MISMATCH": a_base_is_not_the_sum_of_its_rows,
    "ALLOWANCES_SUM_MISMATCH": allowances_are_not_their_sum,
}
ELSEWHERE = {"SIGNATURE_INVALID"}
"""What the tests of signatures look after."""


@pytest.fixture(scope="module")
def alarms(corpus):
    """Every error flagged on a correct example: file, invoice, flag."""
    found, ruleset = [], load()
    for path in sorted((corpus / "xml").rglob("*")):
        if path.suffix.lower() not in (".xml", ".p7m") or "broken" in path.parent.name:
            continue
        try:
            extraction = read_invoice(path, Options(), Limits())
        except JobFailure:
            continue
        for flag in validate(extraction, Context(), ruleset).validation_flags:
            at = int(flag.path[8 : flag.path.index("]")]) if flag.path.startswith("results[") else 0
            if flag.severity == "error":
                found.append((path, extraction.readings[at].invoice, flag))
    return found


def test_every_error_on_a_correct_example_is_one(alarms):
    for path, _, flag in alarms:
        print(f"\n{path.parent.name}/{path.name}: {flag.code} {flag.path}: {flag.message}", end="")
    unshown = [
        (path.name, flag.code)
        for path, invoice, flag in alarms
        if flag.code not in ELSEWHERE and not SHOWN_BY[flag.code](invoice, flag)
    ]
    print(f"\n{len(alarms)} errors on correct examples, {len(unshown)} of them not shown to be true")
    assert unshown == []
