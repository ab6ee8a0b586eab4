from app.extraction.page.text.identifiers import (
    find_bic,
    find_domestic_accounts,
    find_ibans,
    find_vat_numbers,
    read_labelled_vat,
)


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


def test_an_account_printed_as_at_home_gets_its_country():
    text = "Nr konta 61 1090 1014 0000 0712 1981 2874"
    (hit,) = find_domestic_accounts(text)
    assert hit.value == "PL61109010140000071219812874"
    assert not list(find_domestic_accounts("Nr konta 62 1090 1014 0000 0712 1981 2874"))


def test_a_business_number_of_another_continent_is_known_by_its_check_digits():
    english = frozenset({"en"})
    hit = read_labelled_vat(": 51 824 753 556", english)
    assert hit is not None
    assert (hit.value, hit.country) == ("51824753556", "AU")
    assert read_labelled_vat(": 51 824 753 557", english).valid is False


def test_a_canadian_business_number_may_be_written_in_groups():
    for text in (": 12302 6635 RT 0001", "123 026 635 RT0001", "123026635RT0001"):
        hit = read_labelled_vat(text, frozenset({"en"}))
        assert (hit.value, hit.valid, hit.country) == ("123026635RT0001", True, "CA")
