from hypothesis import given
from hypothesis import strategies as st

from app.extraction.segments.chunks import cut, estimated_tokens
from app.extraction.segments.part import Part, Sheet
from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Cell, Table
from app.extraction.segments.written import segment_of
from app.model.evidence import Box
from app.model.segment import SegmentType

TEXTS = st.lists(st.text("ab. \n", min_size=1, max_size=400).filter(str.strip), min_size=1, max_size=12)


def text(said: str, page: int = 1) -> Part:
    paragraphs = tuple(Paragraph(line) for line in said.split("\n\n"))
    return Part(
        kind=SegmentType.TEXT, sheet=Sheet(page, 595, 842), box=Box(0, 0, 1, 1), paragraphs=paragraphs
    )


def table(rows: int) -> Part:
    body = [(Cell(f"riga {n}", 0), Cell(f"{n},00", 1)) for n in range(rows)]
    whole = Table(((Cell("a", 0), Cell("b", 1)), *body), 2, 1, (False, True), ((0, 1), (2, 3)))
    return Part(kind=SegmentType.TABLE, sheet=Sheet(1, 595, 842), box=Box(0, 0, 1, 1), table=whole)


def cut_up(parts: list[Part], size: int, overlap: int):
    return list(cut(enumerate(parts), size, overlap, segment_of))


def test_small_segments_share_a_chunk():
    [chunk] = cut_up([text("uno"), text("due")], 200, 0)
    assert chunk.text == "uno\n\ndue"
    assert len(chunk.segments) == 2


def test_a_long_table_is_cut_between_rows_and_keeps_its_head():
    chunks = cut_up([table(40)], 200, 0)
    assert len(chunks) > 3
    assert all(chunk.text.startswith("| a | b |\n| --- | ---: |\n| riga") for chunk in chunks)
    rows = [line for chunk in chunks for line in chunk.text.split("\n")[2:]]
    assert rows == [f"| riga {n} | {n},00 |" for n in range(40)]
    assert "".join(chunk.segments[0].html for chunk in chunks).count("<td>riga") == 40


def test_an_overlap_repeats_the_end_of_the_chunk_before():
    chunks = cut_up([text("a" * 150), text("b" * 40), text("c" * 150)], 200, 60)
    assert chunks[1].text.startswith("b" * 40)


def test_a_chunk_says_on_which_page_it_begins():
    chunks = cut_up([text("a" * 150), text("b" * 150, page=3)], 200, 0)
    assert [chunk.page for chunk in chunks] == [1, 3]


def test_tokens_are_counted_by_words_and_signs():
    assert estimated_tokens("Totale: 1.506,09 EUR") == 2 + 1 + 1 + 1 + 1 + 1 + 1 + 1


def test_an_overlap_takes_the_last_sentences_of_a_long_text():
    said = "Primo periodo che dura un poco. Secondo periodo, breve. Terzo periodo."
    chunks = cut_up([text(said), text("c" * 180)], 200, 40)
    assert chunks[1].text.startswith("Secondo periodo, breve. Terzo periodo."[24:]) or chunks[
        1
    ].text.startswith("Terzo periodo.")


def test_a_long_sentence_is_cut_between_words():
    chunks = cut_up([text("parola " * 100)], 200, 0)
    assert all(len(chunk.text) <= 200 for chunk in chunks)
    assert " ".join(chunk.text for chunk in chunks).split() == ["parola"] * 100


@given(TEXTS, st.integers(200, 600), st.integers(0, 100))
def test_no_letter_is_lost_and_no_chunk_is_too_long(texts, size, overlap):
    chunks = cut_up([text(said) for said in texts], size, 0)
    assert "".join("".join(said.split()) for said in texts) == "".join(
        "".join(segment.content.split()) for chunk in chunks for segment in chunk.segments
    )
    longest = max(len(word) for said in texts for word in said.split())
    overlapping = cut_up([text(said) for said in texts], size, overlap)
    assert all(len(chunk.text) <= max(size, 2 * longest) for chunk in [*chunks, *overlapping])
