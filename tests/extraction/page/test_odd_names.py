import pytest

from app.extraction.page.parties.odd_names import is_odd
from app.extraction.page.text.candidates import Text


@pytest.mark.parametrize(
    "value",
    [
        "Issued by (customer) Harbour Supplies",
        "Billed to: Harbour Supplies",
        "Hill &",
        "Ferri e",
        "Table 8",
        "Harbour",
    ],
)
def test_a_label_an_open_end_a_count_or_a_part_is_no_whole_name(paper, scanned, value):
    found = scanned(paper([(60, value)], [], [(60, "Harbour Marine Ltd, 1 Quay Road")]))
    line = found.lines[0]
    assert is_odd(Text(value, line.place(0, len(value))), found)


@pytest.mark.parametrize(
    "value",
    ["Harbour Marine Ltd", "Bau UG (haftungsbeschränkt)", "Anna Hill", "Studio 54 Design", "Quay Road"],
)
def test_a_name_that_stands_whole_is_not_odd(paper, scanned, value):
    found = scanned(paper([(60, value)], [], [(60, "Harbour Marine Ltd, 1 Quay Road")]))
    line = found.lines[0]
    assert not is_odd(Text(value, line.place(0, len(value))), found)


def test_what_stands_beside_an_amount_is_sold_and_sells_nothing(paper, scanned):
    found = scanned(paper([(60, "Harbour Survey"), (400, "120.00 EUR")]))
    line = found.lines[0]
    assert is_odd(Text("Harbour Survey", line.place(0, 14)), found)
