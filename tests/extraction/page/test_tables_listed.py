"""Tables that are written as lists of labelled values."""

from decimal import Decimal

from app.extraction.page.tables.row import RowsFound
from app.extraction.page.tables.rows import find_rows
from app.extraction.page.tables.table import find_tables
from app.extraction.page.tables.taxes import find_tax_lines
from app.extraction.page.text.layout import lines
from app.extraction.page.text.scan import Scan, scan
from app.model.document import Page, Word

LETTER = 4.6
LIST = """
Dati relativi alle linee di dettaglio
Nr. linea: 1
Descrizione bene/servizio: Assistenza tecnica
Quantità: 4.00
Unità di misura: h
Valore unitario: 46.00
Valore totale: 184.00
IVA (%): 22.00
Nr. linea: 2
Descrizione bene/servizio: Trasporto
Valore totale: 16.00
IVA (%): 22.00
Dati di riepilogo
Aliquota IVA (%): 22.00
Totale imponibile/importo: 200.00
Totale imposta: 44.00
"""


def document(picture: str) -> Scan:
    words = []
    for row, line in enumerate(picture.strip("\n").splitlines()):
        column = 0
        for part in line.split(" "):
            x, y = 30 + LETTER * column, 40.0 + 11 * row
            words.append(Word(part, x, y, x + LETTER * len(part) - 0.4, y + 9, 8))
            column += len(part) + 1
    page = Page(number=1, width=600, height=792, words=tuple(words))
    return scan([(page, lines(page))])


def rows(found: Scan) -> RowsFound:
    return find_rows(found, find_tables(found))


def test_each_run_of_labelled_values_is_an_item():
    found = rows(document(LIST)).rows
    assert [row.values["description"].value for row in found] == ["Assistenza tecnica", "Trasporto"]
    assert [row.amount for row in found] == [Decimal("184.00"), Decimal("16.00")]
    assert (found[0].values["quantity"].value, found[0].values["unit"].value) == (Decimal("4.00"), "h")
    assert found[0].holds


def test_labelled_rate_base_and_tax_are_a_line_of_the_breakdown():
    found = document(LIST)
    (tax,) = find_tax_lines(found, find_tables(found), rows(found))
    assert {name: value.value for name, value in tax.values.items()} == {
        "rate": Decimal("22.00"), "base": Decimal("200.00"), "amount": Decimal("44.00"),
    }  # fmt: skip


def test_a_letterhead_of_labelled_values_is_no_item():
    assert (
        rows(document("Telefono: 051 123456\nData: 12.03.2024\nNumero: 4711\nDescrizione: saluti")).rows == ()
    )
