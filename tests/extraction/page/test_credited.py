from decimal import Decimal

import pytest

from app.extraction.page.credited import turned_positive
from app.model.invoice import Invoice, InvoiceHeader, InvoiceType, LineItem, TaxLine


def note(rows, taxes=(), kind=InvoiceType.CREDIT_NOTE):
    def number(text):
        return None if text is None else Decimal(text)

    return Invoice(
        invoice=InvoiceHeader(type=kind),
        line_items=tuple(
            LineItem(quantity=number(quantity), unit_price=number(price), amount=number(amount))
            for quantity, price, amount in rows
        ),
        tax_breakdown=tuple(TaxLine(base=number(base), amount=number(amount)) for base, amount in taxes),
    )


@pytest.mark.parametrize(
    ("printed", "turned"),
    [
        (("-2", "5", "-10"), ("2", "5", "10")),
        (("2", "-5", "-10"), ("2", "5", "10")),
        (("2", "5", "-10"), ("2", "5", "10")),
        ((None, None, "-10"), (None, None, "10")),
    ],
)
def test_a_credit_note_printed_with_minus_signs_is_positive(printed, turned):
    read = turned_positive(note([printed], [("-10", "-2.20")]))
    assert read == note([turned], [("10", "2.20")])


def test_a_row_that_gives_back_stays_against_the_others():
    assert turned_positive(note([("1", "-10", "-10"), ("1", "3", "3")])) == note(
        [("1", "10", "10"), ("-1", "3", "-3")]
    )


@pytest.mark.parametrize(
    "read",
    [
        note([("2", "5", "10")], [("10", "2.20")]),
        note([("-2", "5", "-10")], [("-10", "-2.20")], InvoiceType.INVOICE),
        note([("-2", "5", "-10")], kind=None),
        note([]),
    ],
)
def test_nothing_else_is_turned(read):
    assert turned_positive(read) == read
