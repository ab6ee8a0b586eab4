import pytest

from app.extraction.page.text.addresses import country_of, find_city, looks_like_street, trailing_code


def test_postcode_and_city_are_found_in_the_forms_of_many_countries(table):
    wrong = []
    for case in table("addresses"):
        hit = find_city(case["text"])
        found = (
            {"zip_code": hit.zip_code, "city": hit.city, "province": hit.province, "country": hit.country}
            if hit
            else {}
        )
        wanted = {key: value for key, value in case.items() if key != "text"}
        if {key: value for key, value in found.items() if value} != wanted:
            wrong.append((case["text"], found))
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["Via Roma 1", "12 rue des Lilas", "Hauptstraße 5", "C/ Alcalá 117", "Keizersgracht 187"]
)
def test_streets_are_known(text):
    assert looks_like_street(text)


@pytest.mark.parametrize("text", ["Thornley Engineering Ltd", "Elektromarkt Bamby", "Hof Service GmbH"])
def test_companies_whose_names_end_like_streets_are_none(text):
    assert not looks_like_street(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("United Kingdom", "GB"),
        ("Tel Aviv, Israel 6473409", "IL"),
        ("Estates, Georgia 30002", None),
    ],
)
def test_a_country_is_known_by_its_name(text, code):
    assert country_of(text) == code


def test_a_code_after_the_city_is_the_country():
    assert trailing_code("100 Roma IT") == "IT"
    assert trailing_code("24121 Bergamo BG") is None


@pytest.mark.parametrize(
    ("text", "city", "zip_code", "country"),
    [
        ("Avondale Estates, Georgia 30002", "Avondale Estates", "30002", "US"),
        ("Albany, New York, 12207-1234", "Albany", "12207-1234", "US"),
        ("Toronto, Ontario M5V 2T6", "Toronto", "M5V 2T6", "CA"),
    ],
)
def test_a_state_may_be_written_out(text, city, zip_code, country):
    found = find_city(text)
    assert (found.city, found.zip_code, found.country) == (city, zip_code, country)
