"""Items as the page prints them, whatever the table looks like."""

from decimal import Decimal

import pytest

from app.extraction.page.tables.row import RowsFound
from app.extraction.page.tables.rows import find_rows
from app.extraction.page.tables.table import find_tables
from app.extraction.page.text.layout import lines
from app.extraction.page.text.scan import scan
from app.model.document import Page, Word

LETTER = 4.6


def draw(*pages: str) -> list[Page]:
    """Pages from pictures in letters: two spaces or more part the cells, as on a typewriter."""
    return [
        Page(number=number, width=612, height=792, words=tuple(_words(picture)))
        for number, picture in enumerate(pages, 1)
    ]


def _words(picture: str) -> list[Word]:
    found = []
    for row, line in enumerate(picture.strip("\n").splitlines()):
        column = 0
        for part in line.split(" "):
            if part:
                x, y = 30 + LETTER * column, 40.0 + 12 * row
                found.append(Word(part, x, y, x + LETTER * len(part) - 0.4, y + 9, 8))
            column += len(part) + 1
    return found


def items(*pages: str) -> RowsFound:
    found = scan([(page, lines(page)) for page in draw(*pages)])
    return find_rows(found, find_tables(found))


def values(found: RowsFound, *names: str) -> list[tuple[object, ...]]:
    return [
        tuple(row.values[name].value if name in row.values else None for name in names) for row in found.rows
    ]


NUMBERS = ("quantity", "unit_price", "amount")

ENGLISH = """
Description                     Qty     Unit price      Amount
Blue pens, box of 50              3          12.50       37.50
Desk, oak                         1         410.00      410.00
Net total                                               447.50
VAT 20%                                                  89.50
Total                                                   537.00
"""

GERMAN = """
Pos  Artikel-Nr  Beschreibung              Betrag EUR   Menge  Einheit   Einzelpreis   MwSt
1    A-17        Kugelschreiber blau            37,50       3  Stk             12,50    19%
                 mit Aufdruck
2    A-18        Schreibtisch Eiche          1.410,00       2  Stk            705,00    19%
Zwischensumme                                1.447,50
"""

ITALIAN = """
Descrizione                  Q.tà      Prezzo      Sconto      Importo      IVA
Consulenza tecnica           10 h       90,00        10 %       810,00      22%
Trasferta                    1 pz       50,00                    50,00      22%
                                   Totale imponibile             860,00
"""

FRENCH = """
Désignation                   Quantité     Prix unitaire HT     Montant HT
Câble réseau catégorie 6,
touret de 305 m                      2             1 250,00       2 500,00
Pose                                 1                40,00          40,00
Total HT                                                          2 540,00
"""


@pytest.mark.parametrize(("picture", "expected"), [
    (ENGLISH, [("3", "12.50", "37.50"), ("1", "410.00", "410.00")]),
    (GERMAN, [("3", "12.50", "37.50"), ("2", "705.00", "1410.00")]),
    (ITALIAN, [("10", "90.00", "810.00"), ("1", "50.00", "50.00")]),
    (FRENCH, [("2", "1250.00", "2500.00"), ("1", "40.00", "40.00")]),
])  # fmt: skip
def test_numbers_are_read_from_columns_in_any_order(picture, expected):
    assert values(items(picture), *NUMBERS) == [tuple(map(Decimal, row)) for row in expected]


def test_every_proved_row_says_so():
    assert all(row.holds for picture in (ENGLISH, GERMAN, ITALIAN, FRENCH) for row in items(picture).rows)


def test_a_wrapped_description_is_one():
    assert values(items(GERMAN), "description", "code", "unit", "tax_rate")[0] == (
        "Kugelschreiber blau mit Aufdruck", "A-17", "Stk", Decimal(19),
    )  # fmt: skip


def test_a_description_may_begin_above_its_numbers():
    assert values(items(FRENCH), "description") == [("Câble réseau catégorie 6, touret de 305 m",), ("Pose",)]


def test_a_unit_stands_with_its_quantity_and_a_discount_is_an_amount():
    assert values(items(ITALIAN), "unit", "discount") == [("h", Decimal("90.00")), ("pz", None)]


def test_sums_and_carried_sums_are_no_items_and_rows_go_on_over_the_page():
    first = """
Description                     Qty     Unit price      Amount
Blue pens, box of 50              3          12.50       37.50
Carried forward                                          37.50
"""
    second = """
Brought forward                                          37.50
Description                     Qty     Unit price      Amount
Desk, oak                         1         410.00      410.00
Net total                                               447.50
"""
    found = items(first, second)
    assert values(found, "description", "amount") == [
        ("Blue pens, box of 50", Decimal("37.50")), ("Desk, oak", Decimal("410.00")),
    ]  # fmt: skip
    assert [row.values["amount"].place.page for row in found.rows] == [1, 2]


def test_a_copy_of_the_page_gives_no_second_rows():
    assert len(items(ENGLISH, ENGLISH).rows) == 2


def test_rows_that_make_the_printed_sum_are_surer():
    wrong = ENGLISH.replace("447.50", "999.99")
    assert (
        items(ENGLISH).rows[0].values["amount"].confidence >= items(wrong).rows[0].values["amount"].confidence
    )
    simple = "Service                Total\nCleaning               80.00\nWindows                20.00\n%s"
    sure, unsure = (
        items(simple % end) for end in ("Net total             100.00\n", "Net total             170.00\n")
    )
    assert sure.rows[0].values["amount"].confidence > unsure.rows[0].values["amount"].confidence


def test_a_surcharge_that_the_sum_leaves_out_is_no_item():
    picture = """
Description                     Qty     Unit price      Amount
Blue pens, box of 50              3          12.50       37.50
including levy                    1                       0.21
Desk, oak                         1         410.00      410.00
Net total                                               447.50
"""
    assert values(items(picture), "amount") == [(Decimal("37.50"),), (Decimal("410.00"),)]


def test_of_two_price_columns_the_one_that_multiplies_is_the_price():
    picture = """
Description            Qty     Gross price    Net price     Amount
Lamp                     4           25.00        20.00      80.00
Shade                    2           15.00        12.00      24.00
"""
    assert values(items(picture), "unit_price") == [(Decimal("20.00"),), (Decimal("12.00"),)]


def test_a_till_receipt_needs_no_head():
    picture = """
Caffè in grani 1 kg
2 x 12,50              25,00
Acqua naturale
6 x 0,50                3,00
Totale                 28,00
"""
    assert values(items(picture), "description", *NUMBERS) == [
        ("Caffè in grani 1 kg", Decimal(2), Decimal("12.50"), Decimal("25.00")),
        ("Acqua naturale", Decimal(6), Decimal("0.50"), Decimal("3.00")),
    ]


def test_items_without_a_head_multiply_and_wrap():
    picture = """
    2 hrs Advice on site                     40.00      80.00
    and by telephone
    1 job Cable drum 60 x 40                 25.50      25.50
    Total                                              105.50
    """
    first, second = items(picture).rows
    assert [value.value for value in first.values.values()] == [
        Decimal(2), Decimal("40.00"), Decimal("80.00"), "hrs", "Advice on site and by telephone"
    ]  # fmt: skip
    assert second.values["description"].value == "Cable drum 60 x 40"


def test_heads_printed_into_one_another_are_two_columns():
    picture = """
    Description              QtyUnit price     Amount
    Cable drum                 2     40.00      80.00
    Advice                    10      5.50      55.00
    """
    found = items(picture).rows
    assert [row.values["unit_price"].value for row in found] == [Decimal("40.00"), Decimal("5.50")]
    assert [row.values["quantity"].value for row in found] == [2, 10]


def test_a_percentage_among_the_words_lowers_the_amount():
    picture = """
    Description                Qty   Unit price     Amount
    Cable drum                   2        40.00      72.00
    Line discount 10%
    Advice (less 5%)            10         5.50      52.25
    """
    first, second = items(picture).rows
    assert (first.values["unit_price"].value, first.values["discount"].value) == (40, 8)
    assert (second.values["unit_price"].value, second.values["discount"].value) == (
        Decimal("5.50"),
        Decimal("2.75"),
    )


def test_heads_of_several_words_are_one_column_each():
    picture = """
    Descripcion de los servicios   Cantidad   Importe ud.   Total (IVA incl.)
    Cable drum of steel                   2         40.00               80.00
    """
    (row,) = items(picture).rows
    assert row.values["description"].value == "Cable drum of steel"
    assert (row.values["unit_price"].value, row.values["amount"].value) == (40, 80)


def test_the_letter_of_a_rate_belongs_to_no_amount():
    picture = """
    Description                Qty   Unit price     Amount
    Cable drum                   2        40.00     80.00T
    Advice                      10       150.50  1,505.00T
    """
    assert [row.values["amount"].value for row in items(picture).rows] == [80, 1505]


def test_a_plain_list_above_its_sum_is_read():
    picture = """
Privathaftpflicht                            50,00 €
Lebensgefährte                                7,50 €
Gesamtbeitrag                                57,50 €
"""
    assert values(items(picture), "description", "amount") == [
        ("Privathaftpflicht", Decimal("50.00")), ("Lebensgefährte", Decimal("7.50")),
    ]  # fmt: skip


@pytest.mark.parametrize("picture", [
    "Dear Sir,\nthank you for your letter of 3 May. We owe you 12.50 and will pay soon.\nYours",
    "Antipasto            8,00\nPrimo               12,00\nSecondo             16,00",
    "Date of delivery   Order number\n12.05.2024         4711",
    "",
])  # fmt: skip
def test_nothing_is_made_up(picture):
    assert items(picture).rows == ()


def test_the_evidence_is_what_stands_on_the_page():
    for row in items(GERMAN).rows:
        for value in row.values.values():
            assert value.place is not None
            assert value.place.text


def test_quantity_and_price_under_a_thing_are_its_factors_where_they_make_its_amount(paper, scanned):
    found = scanned(
        paper(
            [(60, "Produkt"), (480, "Gesamt inkl. EUR")],
            [(60, "Schulung Anwender")],
            [(65, "4 x 603,50"), (480, "2.414,00"), (540, "A")],
            [(60, "Lieferung und Verpackung"), (490, "30,00"), (540, "A")],
            [(60, "Toner schwarz -10%")],
            [(65, "2 St à 50,00"), (490, "90,00"), (540, "A")],
            [(60, "Gesamt brutto"), (480, "2.534,00")],
        )
    )
    rows = find_rows(found, find_tables(found)).rows
    told = [{name: str(value.value) for name, value in row.values.items()} for row in rows]
    assert [(row.get("quantity"), row.get("unit_price"), row["amount"]) for row in told] == [
        ("4", "603.50", "2414.00"),
        (None, None, "30.00"),
        ("2", "50.00", "90.00"),
    ]
    assert told[0]["description"] == "Schulung Anwender"


def test_of_claims_by_progress_the_amount_is_this_claim_s_and_sums_are_no_items(paper, scanned):
    found = scanned(
        paper(
            [(60, "N."), (90, "Lot"), (250, "Marché"), (330, "Cumul"), (400, "Précédent"), (490, "Du mois")],
            [
                (60, "1"),
                (90, "Charpente"),
                (250, "2000,00"),
                (330, "1500,00"),
                (400, "500,00"),
                (490, "1000,00"),
            ],
            [(60, "2"), (90, "Chape"), (250, "900,00"), (330, "900,00"), (400, "300,00"), (490, "600,00")],
            [(240, "Total cumulé"), (490, "2400,00")],
            [(240, "Total HT"), (490, "1600,00")],
        )
    )
    rows = find_rows(found, find_tables(found)).rows
    assert [(row.values["description"].value, str(row.amount)) for row in rows] == [
        ("Charpente", "1000.00"),
        ("Chape", "600.00"),
    ]


def test_things_without_a_head_are_items_where_they_make_the_total_though_each_has_small_print(
    paper, scanned
):
    found = scanned(
        paper(
            [(120, "Fotoeditor Pro"), (494, "€20,00")],
            [(120, "2 × €10,00")],
            [(120, "Verlängerung 28.5.2024")],
            [(120, "Meditation, Jahresabo"), (494, "€30,00")],
            [(360, "Summe netto"), (494, "€42,02")],
            [(360, "Umsatzsteuer 19 %"), (494, "€7,98")],
            [(360, "Gesamtsumme")],
            [(494, "€50,00")],
        )
    )
    rows = find_rows(found, [], Decimal("42.02"), Decimal("50.00")).rows
    assert [
        (
            row.values["description"].value,
            row.values.get("quantity") and row.values["quantity"].value,
            row.amount,
        )
        for row in rows
    ] == [("Fotoeditor Pro", 2, 20), ("Meditation, Jahresabo", None, 30)]


def test_a_count_before_a_thing_is_its_quantity_and_the_price_of_all_is_no_thing(paper, scanned):
    found = scanned(
        paper(
            [(45, "2 × Biglietto Milano - Napoli"), (500, "103,98")],
            [(45, "3 × Bagaglio aggiuntivo"), (505, "77,70")],
            [(45, "Prezzo totale"), (500, "181,68")],
            [(45, "Imponibile 22 %"), (500, "148,92")],
        )
    )
    rows = find_rows(found, find_tables(found), Decimal("148.92"), Decimal("181.68"))
    assert values(rows, "quantity", "description", "amount") == [
        (2, "Biglietto Milano - Napoli", Decimal("103.98")),
        (3, "Bagaglio aggiuntivo", Decimal("77.70")),
    ]


def test_the_title_of_a_part_with_a_number_of_its_own_is_no_description():
    found = items(
        """
        Pos    Description              Qty   Price     Amount
        1      Part 1: Ground floor
        1.01   Painting                   1   100.00    100.00
        2      Part 2: Attic
        2.01   Travel                     1    24.00     24.00
        2.02   Training                   2    50.00    100.00
        """
    )
    assert [row.values["description"].value for row in found.rows] == ["Painting", "Travel", "Training"]
