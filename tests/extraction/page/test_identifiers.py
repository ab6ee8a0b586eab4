from app.extraction.page.identifiers import find_bic, find_ibans, find_vat_numbers, read_labelled_vat


def test_a_number_after_a_label_is_read_with_its_country(table):
    wrong = []
    for case in table("vat_numbers"):
        hit = read_labelled_vat(case["text"], frozenset({case["language"]}))
        found = (hit.value, hit.valid) if hit else None
        wanted = (case["value"], case["valid"]) if "value" in case else None
        if found != wanted:
            wrong.append((case["text"], found))
    assert wrong == []


def test_without_a_label_a_number_needs_its_check_digits_or_its_glued_prefix():
    assert [hit.value for hit in find_vat_numbers("our no. DE136695976, thanks")] == ["DE136695976"]
    assert list(find_vat_numbers("DE 99199 Musterhausen")) == []


def test_an_account_number_ends_where_its_check_digits_hold():
    text = "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF"
    (hit,) = find_ibans(text)
    assert (hit.value, hit.valid) == ("DE89370400440532013000", True)
    assert text[hit.start : hit.end] == "DE89 3704 0044 0532 0130 00"


def test_a_wrong_account_number_says_that_it_is_wrong():
    (hit,) = find_ibans("DE00370400440532013000")
    assert not hit.valid


def test_a_bic_names_its_country():
    hit = find_bic("SWIFT: GENODEF1M04")
    assert hit is not None
    assert (hit.value, hit.country) == ("GENODEF1M04", "DE")
