import pytest


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("Frachtrechnung", True),
        ("Vrachtfactuur", True),
        ("Gehaltsabrechnung", False),
        ("Umrechnung", False),
    ],
)
def test_a_compound_is_what_its_last_part_says(paper, scanned, text, titled):
    found = scanned(paper([(40, text)]))
    assert bool(found.by_kind.get("title_invoice")) is titled
