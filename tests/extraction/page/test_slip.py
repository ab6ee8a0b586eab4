"""Till slips of invented shops: which of the sums was paid, who sold, and when."""

import datetime as dt
from decimal import Decimal

import pytest

from app.extraction.page.slip.form import is_slip
from app.extraction.page.slip.moment import moments
from app.extraction.page.slip.paid import paid
from app.extraction.page.slip.shop import shop_area

HEAD = ("BINTANG JAYA HARDWARE SDN BHD", "(812345-K)", "No. 12, Jalan Mawar 3,", "81100 Johor Bahru")
SUMS = (
    ("Sub Total", "30.17"),
    ("GST 6%", "1.81"),
    ("Total", "31.98"),
    ("Rounding Adj", "0.02"),
    ("Total Rounded", "32.00"),
    ("Cash", "50.00"),
    ("Change", "18.00"),
)


@pytest.fixture
def slip(paper, scanned):
    """The lines of a slip, amounts at the right; what is said twice stands in two columns."""

    def printed(*rows):
        return scanned(
            paper(
                *(
                    [(40, row)] if isinstance(row, str) else [(40, row[0]), (200 - 5 * len(row[1]), row[1])]
                    for row in rows
                )
            )
        )

    return printed


def test_a_narrow_print_is_a_slip_and_a_wide_one_is_none(slip, paper, scanned, invoice_rows):
    assert is_slip(slip(*HEAD, *SUMS))
    assert not is_slip(
        scanned(paper(*invoice_rows, [(60, "Zahlbar ohne Abzug"), (400, "bis zum Monatsende")]))
    )


def test_what_was_paid_is_the_total_after_rounding(slip):
    assert paid(slip(*HEAD, *SUMS)).value == Decimal("32.00")


def test_cash_less_change_tells_which_total_was_paid(slip):
    rows = (("Total", "31.98"), ("Total", "32.00"), ("Cash", "50.00"), ("Change", "18.00"))
    assert paid(slip(*HEAD, *rows)).value == Decimal("32.00")


def test_a_count_of_items_and_savings_are_no_totals(slip):
    rows = (("Total Qty", "18.00"), ("Total", "7.60"), ("Total savings", "9.90"))
    assert paid(slip(*HEAD, *rows)).value == Decimal("7.60")


def test_a_total_that_was_misread_is_repaired_where_two_sums_prove_it(slip):
    misread = [(name, {"32.00": "82.00"}.get(amount, amount)) for name, amount in SUMS if name != "Total"]
    found = paid(slip(*HEAD, *misread))
    assert (found.value, found.place) == (Decimal("32.00"), None)


def test_a_total_is_not_repaired_by_one_proof_alone(slip):
    rows = (("Total", "82.00"), ("Cash", "50.00"), ("Change", "18.00"))
    assert paid(slip(*HEAD, *rows)).value == Decimal("82.00")


def test_nothing_named_and_nothing_proved_is_no_total(slip):
    assert paid(slip(*HEAD, "Thank you", "Please come again")) is None


def test_the_company_at_the_head_is_the_seller(slip):
    area = shop_area(slip(*HEAD, *SUMS))
    assert area.name.value == "BINTANG JAYA HARDWARE SDN BHD"


def test_the_register_entry_is_no_part_of_the_name(slip):
    assert shop_area(slip("KEDAI MELUR (812345-K)", *HEAD[2:], *SUMS)).name.value == "KEDAI MELUR"


def test_a_name_goes_on_after_a_joining_sign(slip):
    area = shop_area(slip("MELUR HARDWARE &", "ELECTRICAL", *HEAD[2:], *SUMS))
    assert area.name.value == "MELUR HARDWARE & ELECTRICAL"


def test_a_place_under_the_address_is_no_name(slip):
    assert shop_area(slip("Café Mimosa", "12 rue des Lilas", "Bellevue", *SUMS)).name.value == "Café Mimosa"


def test_a_head_of_addresses_names_nobody(slip):
    assert shop_area(slip("12 rue des Lilas", "69001 Lyon", "Tel 04 78 00 00 00", *SUMS)) is None


@pytest.mark.parametrize(
    "row", ["Date: 12/02/2018 14:03", "12-02-18 21:13 SH01 T4", "T4 12.02.2018 21:13:09"]
)
def test_the_date_stands_with_the_time_wherever_it_stands(slip, row):
    found = moments(slip(*HEAD, *SUMS, "GST Act of 01/01/2014", row))
    assert found[0].value.readings[0] == dt.date(2018, 2, 12)


def test_a_slip_needs_no_title_to_be_read(slip, paper, extracted):
    rows = [*([(40, row)] for row in HEAD), *([(40, name), (175, amount)] for name, amount in SUMS)]
    invoice = extracted(paper(*rows, [(40, "12-02-18 21:13 SH01")])).readings[0].invoice
    assert invoice.vendor.name == "BINTANG JAYA HARDWARE SDN BHD"
    assert invoice.financials.total == Decimal("32.00")
    assert invoice.invoice.date == dt.date(2018, 2, 12)
    assert (invoice.financials.subtotal, invoice.financials.tax_amount) == (Decimal("30.17"), Decimal("1.81"))


def test_terms_of_sale_at_the_foot_of_a_slip_are_no_title(paper, extracted):
    rows = [*([(40, row)] for row in HEAD), *([(40, name), (175, amount)] for name, amount in SUMS)]
    invoice = (
        extracted(paper(*rows, [(40, "12-02-18 21:13 SH01")], [], [(40, "Returns")])).readings[0].invoice
    )
    assert invoice.financials.total == Decimal("32.00")
