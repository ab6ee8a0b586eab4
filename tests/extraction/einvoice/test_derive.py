import datetime as dt
from decimal import Decimal

import pytest

from app.extraction.einvoice import derive
from app.model.evidence import Evidence, Source
from app.model.invoice import (
    Allowance,
    Contribution,
    Financials,
    Invoice,
    InvoiceHeader,
    InvoiceType,
    LineItem,
    Payment,
    TaxLine,
    Withholding,
)

D = Decimal
IBAN = "IT60X0542811101000000123456"


def _derived(invoice: Invoice, fields: dict[str, Evidence] | None = None) -> Invoice:
    return derive.derived(invoice, {} if fields is None else fields, derive.EVERYWHERE)


def test_a_true_iban_is_the_sellers_account_before_any_other_number():
    found = _derived(Invoice(payments=(Payment(iban="19-2000145399"), Payment(iban=IBAN))))
    assert found.vendor.iban == IBAN


def test_any_account_is_better_than_none():
    assert _derived(Invoice(payments=(Payment(iban="1234567"),))).vendor.iban == "1234567"


def test_the_first_due_date_of_several_instalments_is_the_invoices():
    days = (dt.date(2026, 5, 1), None, dt.date(2026, 4, 1))
    found = _derived(Invoice(payments=tuple(Payment(due_date=day) for day in days)))
    assert found.invoice.due_date == dt.date(2026, 4, 1)


def test_a_repeated_value_shares_the_evidence_of_what_it_repeats():
    evidence = Evidence(confidence=1.0, source=Source.XML, text=IBAN)
    fields = {"payments[0].iban": evidence}
    _derived(Invoice(payments=(Payment(iban=IBAN),)), fields)
    assert fields["vendor.iban"] is evidence


def test_what_is_stated_is_never_derived_anew():
    stated = Invoice(
        financials=Financials(subtotal=D(7)), tax_breakdown=(TaxLine(base=D(100), amount=D(22)),)
    )
    assert _derived(stated).financials.subtotal == D(7)


def test_net_and_tax_are_the_sums_of_the_breakdown_and_the_total_theirs_with_the_rounding():
    lines = (TaxLine(rate=D(22), base=D(100), amount=D(22)), TaxLine(rate=D(10), base=D(50), amount=D(5)))
    money = _derived(Invoice(financials=Financials(rounding=D("-0.01")), tax_breakdown=lines)).financials
    assert (money.subtotal, money.tax_amount, money.total, money.tax_rate) == (
        D(150),
        D(27),
        D("176.99"),
        None,
    )


def test_a_breakdown_with_a_gap_sums_up_to_nothing():
    lines = (TaxLine(base=D(100), amount=D(22)), TaxLine(base=D(50)))
    money = _derived(Invoice(tax_breakdown=lines)).financials
    assert (money.subtotal, money.tax_amount, money.total) == (D(150), None, None)


@pytest.mark.parametrize(
    ("amounts", "due"),
    [((D(60), D(62)), D(122)), ((D(122), D(122)), None), ((D(60), None), None), ((), None)],
)
def test_instalments_add_up_to_what_is_due_unless_they_are_alternatives(amounts, due):
    payments = tuple(Payment(amount=amount) for amount in amounts)
    assert (
        _derived(Invoice(financials=Financials(total=D(122)), payments=payments)).financials.amount_due == due
    )


def test_deductions_allowances_and_charges_are_summed_each_for_itself():
    invoice = Invoice(
        withholdings=(Withholding(amount=D(20)), Withholding(amount=D(5))),
        contributions=(Contribution(amount=D(4)),),
        allowances=(Allowance(amount=D(3)), Allowance(charge=True, amount=D(2)), Allowance(amount=D(1))),
    )
    money = _derived(invoice).financials
    assert (money.withholding_tax, money.social_security, money.discount, money.charges) == (
        D(25),
        D(4),
        D(4),
        D(2),
    )


@pytest.mark.parametrize(
    ("line", "price"),
    [
        (LineItem(quantity=D(4), amount=D(80)), D(20)),
        (LineItem(quantity=D(3), amount=D(10)), None),
        (LineItem(quantity=D(0), amount=D(10)), None),
        (LineItem(quantity=D(4), amount=D(80), discount=D(5)), None),
        (LineItem(quantity=D(4), amount=D(80), unit_price=D(21)), D(21)),
        (LineItem(amount=D(80)), None),
    ],
)
def test_a_price_is_worked_out_only_where_it_comes_out_even(line, price):
    assert derive.priced(Invoice(line_items=(line,)), {}).line_items[0].unit_price == price


@pytest.mark.parametrize(
    ("quantity", "price", "turned"),
    [
        (D(-2), D(50), (D(2), D(50))),
        (D(1), D(-100), (D(1), D(100))),
        (None, D(-1), (None, D(1))),
        (D(1), D(100), (D(1), D(100))),
    ],
)
def test_a_negative_credit_note_turns_positive_and_its_rows_still_multiply(quantity, price, turned):
    credit = Invoice(
        invoice=InvoiceHeader(type=InvoiceType.CREDIT_NOTE),
        financials=Financials(subtotal=D(-100), tax_amount=D(-22), total=D(-122)),
        line_items=(LineItem(quantity=quantity, unit_price=price, amount=D(-100)),),
        tax_breakdown=(TaxLine(base=D(-100), amount=D(-22)),),
    )
    found = derive.positive(credit)
    assert (found.financials.total, found.tax_breakdown[0].base) == (D(122), D(100))
    row = found.line_items[0]
    assert (row.amount, (row.quantity, row.unit_price)) == (D(100), turned)


def test_a_positive_credit_note_and_a_negative_invoice_stay_as_they_are():
    for kind, total in ((InvoiceType.CREDIT_NOTE, D(122)), (InvoiceType.INVOICE, D(-122))):
        invoice = Invoice(invoice=InvoiceHeader(type=kind), financials=Financials(total=total))
        assert derive.positive(invoice) == invoice


def test_a_rate_above_zero_is_the_standard_category():
    invoice = Invoice(
        line_items=(
            LineItem(tax_rate=D(19)),
            LineItem(tax_rate=D(0)),
            LineItem(tax_rate=D(7), category="AE"),
        ),
        tax_breakdown=(TaxLine(rate=D(19)), TaxLine(rate=D(0))),
    )
    found = derive.categorised(invoice, {})
    assert [line.category for line in found.line_items] == ["S", None, "AE"]
    assert [line.category for line in found.tax_breakdown] == ["S", None]


def test_rows_that_say_nothing_belong_to_the_only_line_of_the_breakdown():
    only = TaxLine(rate=D(0), category="E")
    fields: dict[str, Evidence] = {}
    found = derive.categorised(Invoice(line_items=(LineItem(amount=D(5)),), tax_breakdown=(only,)), fields)
    assert (found.line_items[0].category, found.line_items[0].tax_rate) == ("E", D(0))
    assert fields["line_items[0].category"].source is Source.COMPUTED


def test_rows_that_say_nothing_belong_to_no_line_of_several():
    lines = (TaxLine(rate=D(22), category="S"), TaxLine(rate=D(10), category="S"))
    found = derive.categorised(Invoice(line_items=(LineItem(amount=D(5)),), tax_breakdown=lines), {})
    assert (found.line_items[0].category, found.line_items[0].tax_rate) == (None, None)
