from hypothesis import given
from hypothesis import strategies as st

from app.extraction.page.text.lines import fold


@given(st.text(max_size=80))
def test_folding_keeps_every_position(text):
    assert len(fold(text)) == len(text)


def test_folding_takes_accents_and_case_away():
    assert fold("Über Łódź, Nº 5 – Càssa") == "uber lodz, n  5 - cassa"


def test_a_span_is_covered_by_the_box_of_its_words(paper, scanned):
    (line,) = scanned(paper([(50, "Gesamtbetrag 119,00 EUR")])).lines
    start = line.text.index("119,00")
    place = line.place(start, start + len("119,00 EUR"))
    assert place.text == "119,00 EUR"
    assert (place.box.x0, place.box.x1) == (line.words[1].x0, line.words[2].x1)
