import re
from decimal import Decimal
from random import Random

import pypdfium2
import pytest
from stdnum import get_cc_module, iban

from tests.generator import FAMILIES, LANGUAGES, TUNING, VALIDATION, generate
from tests.generator.companies import company, countries
from tests.generator.sample import Wish, draw_bill, draw_case, draw_country
from tests.generator.truth import values

SAMPLE = [(seed, family, LANGUAGES[seed % len(LANGUAGES)]) for seed, family in enumerate(FAMILIES)]


@pytest.fixture(scope="module")
def sample():
    return [generate(*one) for one in SAMPLE]


def words_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(document[i].get_textpage().get_text_bounded() for i in range(len(document)))
    finally:
        document.close()
    return re.sub(r"[\s ]+", "", text)


def bills(count=300):
    for seed in range(count):
        rng = Random(f"bill {seed}")
        language = LANGUAGES[seed % len(LANGUAGES)]
        country = draw_country(rng, language)
        wish = Wish()
        yield draw_bill(rng, language, country, draw_case(rng, country, wish), wish)


def test_there_are_fifteen_families_and_a_third_of_them_is_kept_for_validation():
    assert len(FAMILIES) >= 15
    assert not set(TUNING) & set(VALIDATION)
    assert len(VALIDATION) * 3 >= len(FAMILIES)


def test_the_same_seed_gives_the_same_bytes_and_truth(sample):
    again = generate(*SAMPLE[3])
    assert (again.pdf, again.truth) == (sample[3].pdf, sample[3].truth)


def test_another_seed_gives_another_invoice():
    first, second = generate(1, "classic_right", "de"), generate(2, "classic_right", "de")
    assert first.truth["invoice"]["number"] != second.truth["invoice"]["number"]


@pytest.mark.parametrize("index", range(len(SAMPLE)), ids=[f"{f}-{language}" for _, f, language in SAMPLE])
def test_what_the_truth_says_stands_on_the_page(sample, index):
    one = sample[index]
    page = words_of(one.pdf)
    for path in ("vendor.name", "buyer.name", "invoice.number", "vendor.email"):
        group, key = path.split(".")
        if value := one.truth[group].get(key):
            assert re.sub(r"\s", "", value) in page, path
    assert one.truth["financials"]["total"] is not None
    for amount in (one.truth["financials"]["total"], *(row["amount"] for row in one.truth["line_items"])):
        whole, cents = f"{abs(amount):.2f}".split(".")
        grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", r"[.,'’]?", whole)
        assert re.search(rf"{grouped}[.,]{cents}", page), amount


def test_drawn_sums_hold():
    for bill in bills():
        assert bill.subtotal + bill.tax_amount + bill.stamp == bill.total, bill.case
        assert sum(tax.base for tax in bill.taxes) == bill.subtotal, bill.case
        assert sum(tax.amount for tax in bill.taxes) == bill.tax_amount, bill.case
        if not bill.gross_rows:
            assert bill.rows_sum - bill.discount + bill.social == bill.subtotal, bill.case
        if bill.amount_due is not None and bill.case != "split":
            assert bill.total - bill.withholding - bill.prepaid + bill.rounding == bill.amount_due, bill.case


def test_every_tax_case_of_every_country_is_met():
    met = {(bill.country, bill.case) for bill in bills(500)}
    assert {
        ("IT", "professional"),
        ("IT", "forfettario"),
        ("IT", "split"),
        ("CH", "rounding"),
        ("US", "sales_tax"),
        ("ES", "irpf"),
    } <= met
    assert {
        "single",
        "multi",
        "discount",
        "prepaid",
        "reverse",
        "exempt",
        "small",
        "credit_note",
        "gross",
    } <= {case for _, case in met}


@pytest.mark.parametrize("country", sorted(countries()))
def test_invented_numbers_have_right_check_digits(country):
    for seed in range(20):
        who = company(Random(seed), country)
        if who.vat_number:
            module = get_cc_module(country.lower(), "vat")
            assert module.is_valid(who.vat_number + ("MWST" if country == "CH" else "")), who.vat_number
        if who.iban:
            assert iban.is_valid(who.iban), who.iban


def test_a_person_in_italy_has_a_valid_codice_fiscale():
    who = company(Random(1), "IT", person=True)
    assert get_cc_module("it", "codicefiscale").is_valid(who.fiscal_code)


def test_amounts_of_a_credit_note_are_positive_in_the_truth():
    bill = next(b for b in bills() if b.kind == "credit_note")
    found = values(bill)
    assert found["invoice.type"] == "credit_note"
    assert found["financials.total"] > Decimal(0)
