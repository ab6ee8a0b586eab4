import re

import pypdfium2
import pytest

from tests.generator import generate
from tests.generator.field import DEVELOPMENT, FIELD, HELD_OUT

PAIRS = [(name, language) for name, family in FIELD.items() for language in family.languages[:3]]


def letters_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    return bare(text.replace("\ufffe", "").replace("\xad", ""))


def bare(text):
    """Without spaces and case; some fonts name their hyphen and apostrophe otherwise."""
    return re.sub(r"\s+", "", str(text)).casefold().replace("\u2010", "-").replace("\u02bc", "’")


def shown(amount):
    whole, cents = f"{abs(amount):.2f}".split(".")
    return re.sub(r"(?<=\d)(?=(\d{2,3})+$)", r"[.,'’]?", whole) + rf"[.,]{cents}"


@pytest.mark.parametrize(("name", "language"), PAIRS)
def test_what_the_truth_of_a_field_page_says_stands_on_it(name, language):
    one = generate(3, name, language)
    page = letters_of(one.pdf)
    for path in ("vendor.name", "buyer.name", "invoice.number", "vendor.email", "vendor.iban"):
        group, key = path.split(".")
        if value := one.truth[group].get(key):
            assert bare(value).removeprefix("pl") in page, path
    sums = [one.truth["financials"].get(key) for key in ("subtotal", "tax_amount", "total")]
    rows = [row["amount"] for row in one.truth["line_items"] if "amount" in row]
    printed = "financials.tax_amount" if len(one.truth["tax_breakdown"]) > 1 else ""
    for key, amount in zip(("subtotal", "tax_amount", "total"), sums, strict=True):
        if amount is not None and not printed.endswith(key):
            assert re.search(shown(amount), page), key
    for amount in rows:
        assert re.search(shown(amount), page), amount


def test_the_same_seed_gives_the_same_field_page():
    first, second = generate(5, DEVELOPMENT[0]), generate(5, DEVELOPMENT[0])
    assert (letters_of(first.pdf), first.truth) == (letters_of(second.pdf), second.truth)


def test_families_for_development_and_those_held_out_are_apart():
    assert not set(DEVELOPMENT) & set(HELD_OUT)
