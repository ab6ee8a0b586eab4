"""Tax by rate: from its own table, from the lines of sums, or from what the items prove."""

from decimal import Decimal

import pytest

from app.extraction.page.tables.row import RowValue
from app.extraction.page.tables.rows import find_rows
from app.extraction.page.tables.table import find_tables
from app.extraction.page.tables.taxes import TaxFound, Whole, find_tax_lines, with_exigibility
from app.extraction.page.text.layout import lines
from app.extraction.page.text.scan import scan
from app.model.document import Page, Word

LETTER = 4.6


def page(picture: str) -> Page:
    """A page from a picture in letters: two spaces or more part the cells, as on a typewriter."""
    found = []
    for row, line in enumerate(picture.strip("\n").splitlines()):
        column = 0
        for part in line.split(" "):
            if part:
                x, y = 30 + LETTER * column, 40.0 + 12 * row
                found.append(Word(part, x, y, x + LETTER * len(part) - 0.4, y + 9, 8))
            column += len(part) + 1
    return Page(number=1, width=612, height=792, words=tuple(found))


def taxes(picture: str, tax: str | None = None) -> tuple[TaxFound, ...]:
    drawn = page(picture)
    found = scan([(drawn, lines(drawn))])
    tables = find_tables(found)
    known = RowValue(Decimal(tax), None, 1.0) if tax else None
    return find_tax_lines(found, tables, find_rows(found, tables), Whole(tax=known))


def values(found: tuple[TaxFound, ...]) -> list[tuple[str | None, ...]]:
    return [
        tuple(
            str(tax.values[name].value) if name in tax.values else None for name in ("rate", "base", "amount")
        )
        for tax in found
    ]


@pytest.mark.parametrize(("picture", "expected"), [
    ("VAT rate      Net       VAT amount\n20%        100.00            20.00\n5%          40.00             2.00\nTotal      140.00            22.00",
     [("20", "100.00", "20.00"), ("5", "40.00", "2.00")]),
    ("Aliquota     Imponibile      Imposta\n22,00          100,00        22,00\nN2.2            50,00         0,00",
     [("22.00", "100.00", "22.00"), ("0", "50.00", "0")]),
    ("Steuer       Basisbetrag     USt. %     Steuerbetrag\nUmsatzsteuer (S)      411,10         19            78,11",
     [("19", "411.10", "78.11")]),
    ("Total HT                 100,00\nTVA 20 %                  20,00\nTotal TTC                120,00", [("20", "100.00", "20.00")]),
    ("Positionen USt. 19,00% auf 804,35 €      152,83 €", [("19.00", "804.35", "152.83")]),
    ("Totale netto     IVA 22 %      Totale\n   200,00 €      44,00 €    244,00 €", [("22", "200.00", "44.00")]),
])  # fmt: skip
def test_tax_is_read_however_it_is_set_out(picture, expected):
    assert values(taxes(picture)) == expected


def test_the_code_of_an_exemption_comes_along():
    found = taxes("Aliquota     Imponibile      Imposta\nN2.2            50,00         0,00")
    assert found[0].values["nature"].value == "N2.2"


def test_rates_without_bases_count_when_they_make_the_whole_tax():
    picture = "Net                 999.00\nVAT 20%              50.00\nVAT 5%                1.00"
    assert values(taxes(picture, "51.00")) == [("20", None, "50.00"), ("5", None, "1.00")]
    assert taxes(picture, "77.00") == ()


def test_items_prove_the_base_of_a_rate():
    picture = """
Description        Qty     Unit price     VAT       Amount
Desk                 1         100.00     20%       100.00
Lamp                 2          20.00      5%        40.00
VAT 20%                                              20.00
VAT 5%                                                2.00
"""
    assert values(taxes(picture)) == [("20", "100.00", "20.00"), ("5", "40.00", "2.00")]


@pytest.mark.parametrize("picture", [
    "Ritenuta d'acconto 20 %      20,00\nTotale                      100,00",
    "Pay within 7 days and deduct 2% discount from 250.00 leaving 245.00 and 5.00 saved",
    "Cassa previdenziale 4 %       4,00\nOnorario                    100,00",
    "Discount 10%         10.00\nSubtotal            100.00",
])  # fmt: skip
def test_other_percentages_are_no_tax(picture):
    assert taxes(picture) == ()


def test_the_sums_alone_make_the_line_that_they_prove(paper, extracted):
    page = paper(
        [(60, "Muster Spedition GmbH")],
        [(60, "Rechnung Nr. RE-17"), (400, "Datum 05.06.2024")],
        [(60, "Netto"), (240, "USt. 19 %"), (420, "Gesamtbetrag")],
        [(140, "100,00 EUR"), (320, "19,00 EUR"), (500, "119,00 EUR")],
    )
    (line,) = extracted(page).invoice.tax_breakdown
    assert (line.rate, line.base, line.amount) == (19, 100, 19)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Scissione dei pagamenti ex art. 17-ter DPR 633/72", "S"),
        ("Operazione soggetta a split payment", "S"),
        ("Mechanizm podzielonej płatności (split payment)", None),
    ],
)
def test_the_italian_words_of_split_payment_mark_the_tax(words, code):
    drawn = page(words)
    found = scan([(drawn, lines(drawn))])
    taxed = TaxFound({"amount": RowValue(Decimal("176.00"), None, 1.0)}, holds=True)
    exempt = TaxFound({"base": RowValue(Decimal("50.00"), None, 1.0)}, holds=True)
    marked = [line.values.get("exigibility") for line in with_exigibility([taxed, exempt], found)]
    assert [mark and mark.value for mark in marked] == [code, None]
