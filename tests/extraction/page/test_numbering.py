import pytest

from app.extraction.page.heading.numbering import bare_references, doubted, numbers, titled_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Invoice number: INV-2024/001", "INV-2024/001"),
        ("Rechnungs-Nr. 2024-17", "2024-17"),
        ("Fattura n. 12/A", "12/A"),
        ("Fatura n.º FT 2024/12", "FT 2024/12"),
        ("Facture N° 4711", "4711"),
        ("Invoice #: 99", "99"),
        ("Faktura VAT nr FV 152011", "FV 152011"),
        ("Factuurnummer 993548900", "993548900"),
    ],
)
def test_the_number_follows_its_label(paper, scanned, text, number):
    assert numbers(scanned(paper([(60, text)])), "number")[0].value == number


def test_the_number_may_stand_under_its_label(paper, scanned):
    found = scanned(paper([(60, "Invoice number"), (200, "Date")], [(60, "A-17"), (200, "1 May 2024")]))
    assert numbers(found, "number")[0].value == "A-17"


@pytest.mark.parametrize(
    "text", ["Invoice number: 05.06.2024", "Invoice number: 12,50", "Invoice number: see below"]
)
def test_dates_amounts_and_words_are_no_numbers(paper, scanned, text):
    assert numbers(scanned(paper([(60, text)])), "number") == []


def test_the_customer_s_number_is_not_the_invoice_s(paper, scanned):
    found = scanned(paper([(60, "Kundennummer: 123456")], [(60, "Rechnungsnummer: 789")]))
    assert [candidate.value for candidate in numbers(found, "number")] == ["789"]


def test_a_number_after_the_title_counts_when_no_label_names_one(paper, scanned):
    assert titled_number(scanned(paper([(60, "Verkoopfactuur R07803 d.d. 28-11-2023")]))).value == "R07803"


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([[(60, "Factura de transporte A-4711")]], "A-4711"),
        ([[(60, "Invoice A-4711   Subscriber no. 998877")]], "A-4711"),
        ([[(60, "Receipt number 9988-7766")], [(60, "Invoice number A-4711")]], "A-4711"),
        (
            [
                [(60, "Fattura")],
                [(60, "Numero A-4711")],
                [(60, "Olio"), (200, "12 NR 10"), (300, "5,00"), (400, "50,00")],
            ],
            "A-4711",
        ),
    ],
)
def test_other_numbers_near_by_are_not_the_invoices(paper, scanned, rows, number):
    found = scanned(paper(*rows))
    best = next(iter(numbers(found, "number")), None) or titled_number(found)
    assert best is not None
    assert best.value == number


def test_an_invoice_taken_into_account_gives_way_to_the_documents_own_number(paper, extracted, invoice_rows):
    rows = [
        [(*cell[:-1], cell[-1].replace("Rechnungsnummer:", "Nummer")) for cell in row] for row in invoice_rows
    ]
    listed = [(60, "Rechnung 352/2024 vom 01.05.2024"), (400, "-20,00 EUR")]
    extraction = extracted(paper(*rows, listed))
    assert extraction.invoice.invoice.number == "RE-2024-17"


def test_a_river_in_an_address_announces_no_order(paper, scanned):
    assert numbers(scanned(paper([(60, "Via Po 3")])), "po_number") == []
    assert numbers(scanned(paper([(60, "PO 31177")])), "po_number")[0].value == "31177"


@pytest.mark.parametrize(
    "label",
    [
        "Vs. n. ordine",
        "Zam. klienta",
        "Your PO no.",
        "Votre n° de commande",
        "Uw inkooporder",
        "Ihre Bestellung Nr.",
    ],
)
def test_the_buyer_s_order_is_named_in_many_ways(paper, scanned, label):
    assert numbers(scanned(paper([(60, f"{label}: B-31177")])), "po_number")[0].value == "B-31177"


def test_a_count_of_what_the_title_goes_on_to_say_is_not_the_number(paper, scanned):
    found = scanned(paper([(50, "FACTURE – Situation de travaux n° 2")], [(50, "Numéro:"), (250, "HR-0839")]))
    assert numbers(found, "number")[0].value == "HR-0839"


@pytest.mark.parametrize("number", ["FV 4623/06/2026", "FT 2025A/6899"])
def test_the_series_belongs_to_the_number_after_a_title_that_goes_on(paper, scanned, number):
    assert titled_number(scanned(paper([(60, f"Fattura trasporti {number}")]))).value == number


def test_a_caption_before_the_number_is_no_part_of_it(paper, scanned):
    found = scanned(paper([(60, "Invoice no."), (300, "REF F-2023.1633")]))
    assert numbers(found, "number")[0].value == "F-2023.1633"


def test_of_several_bare_references_none_is_sure_and_the_one_beside_the_date_comes_first(paper, scanned):
    found = scanned(
        paper(
            [(60, "Ref. 235196ZQ")],
            [],
            [(60, "Date de la facture 19/03/2023")],
            [(60, "Réf. F-2023.5616")],
        )
    )
    best = bare_references(found)[0]
    assert (best.value, best.score <= 0.2) == ("F-2023.5616", True)


def test_a_delivery_note_under_the_title_is_not_the_invoice_s_number(paper, scanned):
    found = scanned(paper([(400, "FACTURE")], [(300, "BL n°:"), (400, "DDT 42058")]))
    assert titled_number(found) is None


def test_a_label_in_two_languages_has_one_value(paper, scanned):
    found = scanned(
        paper(
            [(300, "Facture n° / Invoice No.")],
            [(300, "2-02092")],
            [(40, "N°"), (120, "Produit")],
            [(40, "1"), (120, "Vis")],
        )
    )
    assert numbers(found, "number")[0].value == "2-02092"


def test_the_first_row_of_a_column_that_counts_is_no_number(paper, scanned):
    found = scanned(paper([(40, "N°"), (120, "Produit")], [(40, "1"), (120, "Vis")]))
    assert numbers(found, "number") == []


def test_a_number_right_behind_its_label_is_no_postcode(paper, scanned):
    found = scanned(
        paper(
            [(57, "Nº factura 6456 - Fecha de factura 13-04-2025")],
            [(57, "Referencia"), (200, "Producto")],
            [(57, "000935"), (200, "Papel")],
        )
    )
    assert numbers(found, "number")[0].value == "6456"


def test_what_stands_under_a_label_of_its_own_is_not_the_number_of_the_title_beside_it(paper, scanned):
    found = scanned(
        paper(
            [(169, 30, "Kunden-Nr.", 9)],
            [(37, 41, "Rechnungskorrektur", 9), (169, 41, "K-07372", 9)],
            [(37, 54, "Nummer", 9)],
            [(37, 65, "202502234", 9)],
        )
    )
    assert titled_number(found) is None
    assert [candidate.value for candidate in numbers(found, "number")] == ["202502234"]


def test_a_label_behind_a_bar_begins_an_entry(paper, scanned):
    found = scanned(
        paper(
            [(60, "Data emissão 2025-11-27 | Número 2/6355")],
            [(60, "Referência"), (200, "Designação"), (400, "Total")],
            [(60, "A0556"), (200, "Deslocação"), (400, "34,00")],
        )
    )
    assert numbers(found, "number")[0].value == "2/6355"


def test_the_number_of_an_account_is_not_the_invoice_s(paper, scanned):
    found = scanned(
        paper([(60, "Faktura nr RG004585")], [(60, "Numer rachunku: 22152631845543204480659965")])
    )
    assert [candidate.value for candidate in numbers(found, "number")] == ["RG004585"]


def test_the_number_of_a_slip_gives_way_to_a_named_one(paper, scanned):
    assert titled_number(scanned(paper([(60, "Talão 44633")], [(60, "Fatura n.º: 5203/2024")]))) is None


def test_a_number_that_another_label_rivals_is_doubted(paper, scanned):
    found = scanned(paper([(60, "Document: A-100")], [(60, "Document: B-200")]))
    ranked = numbers(found, "number")
    assert doubted(ranked, found)[0].score < 0.5 * ranked[0].score
