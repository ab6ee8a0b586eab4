"""Words to lines, segments and blocks, by geometry alone."""

from hypothesis import given
from hypothesis import strategies as st

from app.extraction.page.text.layout import blocks, box_of, lines, repeated
from app.model.document import Page, Ruling, Word

SIZE = 10.0
LETTER = 5.0


def word(text: str, x: float, y: float, size: float = SIZE, **more: bool) -> Word:
    """A word of letters of one width, its box as high as its font."""
    return Word(text, x, y, x + LETTER * len(text) * size / SIZE, y + size, size, **more)


def words(text: str, x: float, y: float) -> list[Word]:
    """Words with one space between them."""
    found = []
    for part in text.split(" "):
        found.append(word(part, x, y))
        x += LETTER * len(part) + 2.8
    return found


def page(*drawn: Word, rulings: tuple[Ruling, ...] = ()) -> Page:
    return Page(number=1, width=600, height=800, words=drawn, rulings=rulings)


def texts(drawn: Page) -> list[list[str]]:
    return [[segment.text for segment in line.segments] for line in lines(drawn)]


def test_words_of_one_height_are_a_line_and_wide_gaps_part_its_segments():
    drawn = page(*words("Invoice number", 50, 100), *words("4711", 200, 101), *words("Net total", 50, 115))
    assert texts(drawn) == [["Invoice number", "4711"], ["Net total"]]


def test_the_order_of_the_file_does_not_matter():
    drawn = [*words("Invoice number", 50, 100), *words("4711", 200, 101), *words("Net total", 50, 115)]
    assert texts(page(*drawn)) == texts(page(*reversed(drawn)))


def test_a_small_word_beside_a_large_one_shares_its_line():
    drawn = page(word("RECHNUNG", 50, 100, 18), word("4711", 300, 106, 9))
    assert texts(drawn) == [["RECHNUNG", "4711"]]


def test_a_stamp_across_the_page_is_no_part_of_the_lines_under_it():
    drawn = page(word("PAID", 100, 80, 60), *words("Net total due", 50, 105))
    assert sorted(texts(drawn)) == [["Net total due"], ["PAID"]]


def test_a_ruling_between_two_words_parts_them():
    drawn = [*words("Qty", 50, 100), *words("Price", 67, 100)]
    assert texts(page(*drawn)) == [["Qty Price"]]
    assert texts(page(*drawn, rulings=(Ruling(66, 90, 66, 120),))) == [["Qty", "Price"]]
    assert texts(page(*drawn, rulings=(Ruling(66, 300, 66, 420),))) == [["Qty Price"]]


def test_the_spaces_of_a_typewriter_part_no_words():
    drawn = [word("Sechs", 50, 100), word("Wochen", 81, 100), word("mehr", 117, 100), word("12,00", 200, 100)]
    assert texts(page(*drawn)) == [["Sechs Wochen mehr", "12,00"]]


def test_turned_words_are_lines_of_their_own_at_the_end():
    drawn = page(word("Margin", 10, 101, turned=True), *words("Net total", 50, 100))
    assert texts(drawn) == [["Net total"], ["Margin"]]


def test_an_address_is_one_block_and_the_one_beside_it_another():
    left = [*words("Rossi Srl", 50, 100), *words("Via Roma 1", 50, 112), *words("40100 Bologna", 50, 124)]
    right = [*words("Bianchi Spa", 350, 100), *words("Via Po 2", 350, 112), *words("10100 Torino", 350, 124)]
    found = [block.text for block in blocks(lines(page(*left, *right)))]
    assert found == ["Rossi Srl\nVia Roma 1\n40100 Bologna", "Bianchi Spa\nVia Po 2\n10100 Torino"]


def test_lines_at_the_edge_of_every_page_are_running_headers_though_their_numbers_differ():
    one = [(30.0, "ACME page 1 of 2"), (100.0, "Apples"), (780.0, "IBAN")]
    two = [(31.0, "ACME page 2 of 2"), (100.0, "Pears"), (120.0, "Plums"), (780.0, "IBAN")]
    assert repeated([one, two]) == {(0, 0), (0, 2), (1, 0), (1, 3)}


def test_a_page_that_repeats_another_is_a_copy_and_no_header():
    one = [(30.0, "ACME"), (100.0, "Apples 12,00"), (780.0, "IBAN")]
    assert repeated([one, one]) == frozenset()


drawn_words = st.lists(
    st.builds(
        word,
        st.text("abcdefgh0123456789.,", min_size=1, max_size=12),
        st.floats(0, 500),
        st.floats(0, 700),
        st.sampled_from([6.0, 8.0, 10.0, 24.0]),
    ),
    max_size=40,
)


@given(drawn_words)
def test_every_word_is_in_one_segment_of_one_line_and_inside_its_box(drawn):
    found = [
        (entry, segment, line)
        for line in lines(page(*drawn))
        for segment in line.segments
        for entry in segment.words
    ]
    assert sorted(map(repr, drawn)) == sorted(repr(entry) for entry, _, _ in found)
    for entry, segment, line in found:
        assert box_of([entry, segment.box]) == segment.box
        assert box_of([segment.box, line.box]) == line.box


@given(drawn_words)
def test_every_segment_is_in_one_block(drawn):
    laid = lines(page(*drawn))
    stacked = [segment for block in blocks(laid) for segment in block.segments]
    assert sorted(map(repr, stacked)) == sorted(repr(segment) for line in laid for segment in line.segments)


def test_thousands_of_a_till_slip_belong_to_their_number():
    def row(top, *texts):
        return [Word(text, x, top, x + 5 * len(text), top + 10, size=9.0) for text, x in texts]

    words = [
        *row(20, ("Sous-total", 10), ("HT", 65.5), ("1", 100), ("856,80", 111)),
        *row(34, ("Pain", 10), ("2", 100), ("15,00", 111)),
        *[word for n in range(8) for word in row(60 + 14 * n, ("MERCI", 10), ("BIEN", 40.5))],
    ]
    page = Page(number=1, width=200, height=400, words=tuple(words))
    told = [segment.text for line in lines(page)[:2] for segment in line.segments]
    assert told == ["Sous-total HT", "1 856,80", "Pain", "2", "15,00"]


def test_an_amount_a_little_above_the_text_of_its_row_shares_its_line():
    drawn = page(*words("2 × Ticket", 50, 104.5), word("103,98", 500, 100), *words("Delivery", 50, 120))
    assert texts(drawn) == [["2 × Ticket", "103,98"], ["Delivery"]]


def test_a_date_a_little_above_an_address_does_not():
    drawn = page(*words("90402 Nürnberg", 50, 104.5), *words("Liefertermin 27.08.2023", 400, 100))
    assert texts(drawn) == [["Liefertermin 27.08.2023"], ["90402 Nürnberg"]]
