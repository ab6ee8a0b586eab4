from decimal import Decimal

import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from tests.generator import TUNING, generate
from tests.generator.hostile import two_invoices_pdf


def with_number(rows, number):
    return tuple([(*cell[:-1], cell[-1].replace("RE-2024-17", number)) for cell in row] for row in rows)


def numbers(extraction):
    return [reading.invoice.invoice.number for reading in extraction.readings]


def test_each_number_under_a_title_is_an_invoice(paper, extracted, invoice_rows):
    pages = [
        paper(*with_number(invoice_rows, name), [(60, f"Bemerkung {name}, Tor {at}, Halle Nord")], number=at)
        for at, name in enumerate(("RE-2024-17", "RE-2024-18", "RE-2024-19"), 1)
    ]
    assert numbers(extracted(*pages)) == ["RE-2024-17", "RE-2024-18", "RE-2024-19"]


def test_pages_that_count_on_are_one_invoice(paper, extracted, invoice_rows):
    first = paper(*invoice_rows[:14], [(60, "Seite 1 von 2")])
    second = paper([(60, "Seite 2 von 2")], *invoice_rows[14:], number=2)
    extraction = extracted(first, second)
    assert numbers(extraction) == ["RE-2024-17"]
    assert extraction.invoice.financials.total == 119


def test_a_marked_copy_with_other_remarks_is_read_once(paper, extracted, invoice_rows):
    original = paper(*invoice_rows, [(60, "Original für den Kunden, bitte zehn Jahre aufbewahren")])
    copy = paper([(60, "Kopie für die Buchhaltung, intern, nicht versenden")], *invoice_rows, number=2)
    assert numbers(extracted(original, copy)) == ["RE-2024-17"]


def test_an_annex_that_names_the_invoice_belongs_to_it(paper, extracted, invoice_rows):
    annex = paper(
        [(60, 60, "Lieferschein", 18)],
        [(60, "zu Ihrer Rechnung RE-2024-17: drei Kisten, vollständig übernommen")],
        number=2,
    )
    assert numbers(extracted(paper(*invoice_rows), annex)) == ["RE-2024-17"]


def test_a_letter_before_the_invoice_is_no_invoice(paper, extracted, invoice_rows):
    letter = paper(
        [(60, "Guten Tag, anbei erhalten Sie unsere Unterlagen wie besprochen.")],
        [(60, "Wir danken für die gute Zusammenarbeit und grüßen freundlich.")],
    )
    assert numbers(extracted(letter, paper(*invoice_rows, number=2))) == ["RE-2024-17"]


@pytest.mark.parametrize("seed", range(70_000, 70_006))
def test_invoices_of_two_sellers_in_one_file_are_both_read(tmp_path, seed):
    families = list(TUNING)
    pair = [generate(seed + n, families[(seed + 7 * n) % len(families)], "it") for n in (0, 1)]
    path = tmp_path / "pair.pdf"
    path.write_bytes(two_invoices_pdf(*(one.pdf for one in pair)))
    extraction = read_invoice(path, Options(), Limits())
    assert [reading.invoice.financials.total for reading in extraction.readings] == [
        Decimal(one.truth["financials"]["total"]) for one in pair
    ]
    assert extraction.observations.invoice_count == 2
