import datetime as dt
from decimal import Decimal

import pytest

from app.extraction.einvoice import values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", "12.50"), (" 12.50 ", "12.50"), ("-3", "-3"), ("+3", "3"), (".5", "0.5"), ("7.", "7"),
        ("1,5", "1.5"), ("1.234,56", "1234.56"), ("1'234,56", "1234.56"), ("1e3", "1e3"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_number_keeps_its_digits(text, value):
    assert values.number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1,2,3", "NaN", "Infinity", "1e999", "9" * 50, "1 2", "٣"]
)
def test_what_is_no_number_is_unknown(text):
    assert values.number(text) is None


@pytest.mark.parametrize(
    "text", ["2026-02-28", "20260228", "2026-02-28T10:00:00Z", "2026-02-28+01:00", "202602281030"]
)
def test_a_date_is_read_without_its_time(text):
    assert values.date(text) == dt.date(2026, 2, 28)


@pytest.mark.parametrize("text", ["", "2026-02-30", "28/02/2026", "2026-2-8", "20260", "today"])
def test_what_is_no_date_is_unknown(text):
    assert values.date(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("IT12345678903", "IT12345678903"), ("de 812 345 673", "DE812345673"), ("BEBE0477472701", "BE0477472701"),
     ("ITVRDGNN", "ITVRDGNN"), ("GREL094259216", "EL094259216"), ("...", None)],
)  # fmt: skip
def test_a_vat_number_has_one_prefix_and_no_spaces(text, value):
    assert values.vat_number(text) == value


@pytest.mark.parametrize(("text", "value"), [("it", "IT"), ("ESP", "ES"), ("Italy", None), ("", None)])
def test_a_country_is_two_letters(text, value):
    assert values.country(text) == value


@pytest.mark.parametrize(("text", "value"), [("eur", "EUR"), ("€", None), ("EURO", None)])
def test_a_currency_is_three_letters(text, value):
    assert values.currency(text) == value


@pytest.mark.parametrize(("text", "value"), [("SI", True), ("true", True), ("0", False), ("maybe", None)])
def test_a_flag_is_read_as_the_formats_write_it(text, value):
    assert values.flag(text) is value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Herrn\nKarl Probe", "Karl Probe"),
        ("GLN 4333741000005 \nLief-Nr: 549910\nPROBE GMBH", "PROBE GMBH"),
        ("Kunden-Nr. : 009420\nPROBE GMBH", "PROBE GMBH"),
        ("Probe GmbH\nAbteilung 7", "Probe GmbH Abteilung 7"),
        ("Herrn", "Herrn"),
        ("Frau Holle\nBetten GmbH", "Frau Holle Betten GmbH"),
        ("1000000\n2000000", "2000000"),
    ],
)
def test_what_stands_before_a_name_of_several_lines_is_no_part_of_it(text, read):
    assert values.name(text) == read
