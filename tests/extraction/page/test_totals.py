from decimal import Decimal

import pytest

from app.extraction.page.sums.totals import choose_totals


def figures(totals):
    return tuple(part.value if part else None for part in (totals.net, totals.tax, totals.total))


def sums(*rows):
    return [[(300, label), (480, amount)] for label, amount in rows]


def test_labels_and_arithmetic_agree(paper, scanned):
    found = scanned(paper(*sums(("Subtotal", "100.00"), ("VAT 20%", "20.00"), ("Total", "120.00"))))
    totals = choose_totals(found)
    assert figures(totals) == (100, 20, 120)
    assert (totals.closed, totals.rate) == (True, 20)


def test_a_set_that_adds_up_beats_better_labels_that_do_not(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Total amount", "75.00"), ("Net amount", "100.00"), ("VAT 20%", "20.00"), ("Total", "120.00")
            )
        )
    )
    assert figures(choose_totals(found)) == (100, 20, 120)


def test_sums_that_do_not_add_up_are_not_called_closed(paper, scanned):
    found = scanned(paper(*sums(("Subtotal", "100.00"), ("VAT 20%", "20.00"), ("Total", "125.00"))))
    totals = choose_totals(found)
    assert (totals.closed, totals.total.value) == (False, 125)


def test_the_taxes_of_several_rates_are_added_and_the_sum_stands_nowhere(paper, scanned):
    found = scanned(
        paper(*sums(("Subtotal", "300.00"), ("VAT 20%", "40.00"), ("VAT 5%", "5.00"), ("Total", "345.00")))
    )
    totals = choose_totals(found)
    assert figures(totals) == (300, 45, 345)
    assert totals.tax.place is None
    assert totals.rate is None


def test_a_document_without_tax_has_a_net_only_where_one_is_printed(paper, scanned):
    with_net = choose_totals(scanned(paper(*sums(("Subtotal", "19.00"), ("Total", "19.00")))))
    without = choose_totals(
        scanned(
            paper(
                *sums(
                    ("Total", "19.00"),
                )
            )
        )
    )
    assert figures(with_net) == (19, None, 19)
    assert figures(without) == (None, None, 19)


def test_a_tax_of_nothing_is_nothing_and_no_unknown(paper, scanned):
    found = scanned(paper(*sums(("Nettobetrag", "50,00"), ("MwSt. 0 %", "0,00"), ("Gesamtbetrag", "50,00"))))
    assert figures(choose_totals(found)) == (50, 0, 50)


def test_what_is_withheld_leads_from_the_total_to_what_is_due(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Imponibile", "1.000,00"), ("IVA 22%", "220,00"), ("Totale fattura", "1.220,00"),
                ("Ritenuta d'acconto 20%", "200,00"), ("Netto a pagare", "1.020,00"),
            )
        )
    )  # fmt: skip
    totals = choose_totals(found)
    assert figures(totals) == (1000, 220, 1220)
    assert (totals.withholding.value, totals.due.value) == (200, 1020)


def test_a_prepayment_leads_from_the_total_to_what_is_due(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Sous-total HT", "100,00"),
                ("TVA 20 %", "20,00"),
                ("Total TTC", "120,00"),
                ("Acompte", "50,00"),
                ("Reste à payer", "70,00"),
            )
        )
    )
    totals = choose_totals(found)
    assert (totals.total.value, totals.prepaid.value, totals.due.value) == (120, 50, 70)


def test_a_rounding_of_the_till_stands_between_sum_and_total(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Nettobetrag", "100,00"),
                ("MwSt. 8,1 %", "8,10"),
                ("Rundung", "0,05"),
                ("Gesamtbetrag", "108,15"),
            )
        )
    )
    totals = choose_totals(found)
    assert (*figures(totals), totals.rounding.value) == (
        100,
        Decimal("8.10"),
        Decimal("108.15"),
        Decimal("0.05"),
    )


def test_a_discount_on_the_whole_is_off_the_net(paper, scanned):
    found = scanned(
        paper(*sums(("Subtotal", "200.00"), ("Discount", "20.00"), ("VAT 10%", "18.00"), ("Total", "198.00")))
    )
    totals = choose_totals(found)
    assert (*figures(totals), totals.discount.value) == (180, 18, 198, 20)


def test_sums_side_by_side_under_their_heads_are_read(paper, scanned):
    found = scanned(
        paper(
            [(60, "Imponibile"), (250, "Totale IVA"), (440, "Totale fattura")],
            [(60, "894,90"), (250, "196,88"), (440, "1.091,78")],
            [(60, "IVA 22%")],
        )
    )
    assert figures(choose_totals(found)) == (Decimal("894.90"), Decimal("196.88"), Decimal("1091.78"))


def test_the_last_row_of_a_small_table_that_is_the_sum_of_the_others_holds_the_totals(paper, scanned):
    found = scanned(
        paper(
            [(60, "Nettobetrag"), (250, "MwSt-Betrag"), (350, "MwSt %"), (440, "Endbetrag")],
            [(60, "321,40"), (250, "61,07"), (350, "19,0"), (440, "382,47")],
            [(60, "127,59"), (250, "8,93"), (350, "7,0"), (440, "136,52")],
            [(60, "448,99"), (250, "70,00"), (440, "518,99")],
        )
    )
    assert figures(choose_totals(found)) == (Decimal("448.99"), Decimal("70.00"), Decimal("518.99"))


def test_the_first_item_under_heads_of_sums_is_not_the_whole(paper, scanned):
    nets = [100 * at for at in range(1, 21)]
    rows = [
        [
            (60, f"Item {net}"),
            (240, f"{net}.00"),
            (340, "20%"),
            (400, f"{net / 5:.2f}"),
            (480, f"{net * 1.2:.2f}"),
        ]
        for net in nets
    ]
    found = scanned(
        paper(
            [(60, "Description"), (240, "Net amount"), (340, "Rate"), (400, "VAT"), (480, "Total amount")],
            *rows,
            [(60, "Sum"), (240, "21000.00"), (400, "4200.00"), (480, "25200.00")],
        )
    )
    assert figures(choose_totals(found)) == (21000, 4200, 25200)


def test_a_sum_carried_to_the_next_page_is_no_total(paper, scanned):
    first = paper(*sums(("Übertrag", "900,00")))
    last = paper(
        *sums(
            ("Übertrag", "900,00"),
            ("Nettobetrag", "100,00"),
            ("MwSt. 19 %", "19,00"),
            ("Gesamtbetrag", "119,00"),
        ),
        number=2,
    )
    assert figures(choose_totals(scanned(first, last))) == (100, 19, 119)


def test_amounts_of_a_credit_note_are_positive(paper, scanned):
    found = scanned(
        paper(*sums(("Nettobetrag", "-100,00"), ("MwSt. 19 %", "-19,00"), ("Gesamtbetrag", "-119,00")))
    )
    assert figures(choose_totals(found)) == (100, 19, 119)


@pytest.mark.parametrize("rows", [[[(60, "Lorem ipsum dolor sit amet")]], [[(60, "12 345 678")]], []])
def test_where_nothing_is_printed_nothing_is_invented(paper, scanned, rows):
    assert figures(choose_totals(scanned(paper(*rows)))) == (None, None, None)


def test_reference_numbers_are_no_amounts_of_money(paper, scanned):
    found = scanned(paper([(60, "CHF 76743082637114394192735878")], *sums(("Total", "12.00"))))
    assert choose_totals(found).total.value == 12


def test_a_rate_is_proved_by_the_tax_that_a_total_contains(paper, extracted):
    page = paper(
        [(60, "Verlag Muster GmbH")],
        [(60, "Rechnung Nr. RE-17"), (400, "Datum 05.06.2024")],
        [(60, "Gesamtbetrag"), (400, "107,00 EUR")],
        [(60, "darin enthalten MwSt. 7 %"), (400, "7,00 EUR")],
    )
    assert extracted(page).invoice.financials.tax_rate == 7


def test_a_fund_s_contribution_is_no_tax_though_a_rate_stands_beside_it(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Totale merce", "9.999,61"),
                ("Contrib. prev. 4,00 %", "399,98"),
                ("Totale imponibile", "10.399,59"),
                ("Imposta di bollo", "2,00"),
                ("Totale documento", "10.401,59"),
            )
        )
    )
    totals = choose_totals(found)
    assert figures(totals) == (Decimal("10399.59"), None, Decimal("10401.59"))
    assert (totals.closed, totals.stamp_duty.value) == (True, 2)


def test_what_stands_behind_a_rate_of_exchange_and_what_is_weighed_are_no_sums(paper, scanned):
    found = scanned(
        paper(
            [(60, "Net weight: 182.43 kg"), (300, "Total amount"), (480, "GBP 1349.21")],
            [(300, "Rate 1 GBP = 1.3318 USD"), (480, "USD 1796.88")],
        )
    )
    assert figures(choose_totals(found)) == (None, None, Decimal("1349.21"))


def test_where_the_whole_is_called_net_no_item_is_taken_for_the_tax(paper, scanned):
    found = scanned(
        paper(
            [(60, "Curso"), (460, "Cuota de inscripción")],
            [(60, "Asesoría"), (480, "344,00")],
            [(60, "Tornillos"), (480, "78,00")],
            *sums(("Total neto:", "422,00"), ("Total factura:", "422,00")),
        )
    )
    assert figures(choose_totals(found)) == (Decimal("422.00"), None, Decimal("422.00"))


def test_the_row_of_a_table_that_adds_up_is_not_the_document_s_sums(paper, scanned):
    found = scanned(
        paper(
            [(60, "Omschrijving"), (300, "Netto"), (400, "BTW"), (500, "Totaal")],
            [(60, "Verzendkosten"), (300, "11,70"), (380, "21 %"), (400, "2,46"), (500, "14,16")],
            [(400, "Subtotaal"), (500, "857,79")],
            [(400, "BTW"), (500, "180,14")],
            [(400, "Totaal"), (500, "1037,93")],
        )
    )
    assert figures(choose_totals(found)) == (Decimal("857.79"), Decimal("180.14"), Decimal("1037.93"))


def test_the_capital_of_a_company_is_no_total(paper, scanned):
    found = scanned(paper([(60, "Capital social 50 000,00 EUR")], *sums(("Total", "117.99"))))
    assert choose_totals(found).total.value == Decimal("117.99")


def test_a_tax_that_the_total_includes_is_told_by_its_phrase(paper, scanned):
    found = scanned(paper(*sums(("Total (inc. GST)", "$3,595.70"), ("GST included in total", "$326.88"))))
    totals = choose_totals(found)
    assert (totals.tax.value, totals.total.value) == (Decimal("326.88"), Decimal("3595.70"))


def test_a_rounding_leads_from_the_total_to_the_amount_due(paper, scanned):
    found = scanned(
        paper(
            *sums(
                ("Nettobetrag", "111.12"),
                ("USt. 8.1%", "9.00"),
                ("Gesamt:", "120.12"),
                ("Rundungsdifferenz", "-0.02"),
                ("Offener Betrag", "120.10"),
            )
        )
    )
    totals = choose_totals(found)
    assert (totals.total.value, totals.rounding.value, totals.due.value) == (
        Decimal("120.12"),
        Decimal("-0.02"),
        Decimal("120.10"),
    )


def test_what_a_named_deduction_leaves_is_due_whatever_it_is_called(paper, scanned):
    rows = sums(
        ("Base imponible", "100,00"),
        ("IVA 21 %", "21,00"),
        ("Total", "121,00"),
        ("Retención IRPF 15 %", "-15,00"),
        ("Líquido", "106,00"),
    )
    totals = choose_totals(scanned(paper(*rows)))
    assert (totals.withholding.value, totals.due.value) == (15, 106)


def test_under_split_payment_the_tax_is_not_due(paper, scanned):
    rows = sums(
        ("Imponibile", "800,00"),
        ("I.V.A. 22 %", "176,00"),
        ("Totale", "976,00"),
        ("Netto a pagare", "800,00"),
    )
    totals = choose_totals(scanned(paper(*rows)))
    assert (totals.total.value, totals.due.value) == (976, 800)
