from hypothesis import given
from hypothesis import strategies as st

from app.extraction.segments.chunks import cut, estimated_tokens
from app.model.evidence import Box
from app.model.segment import Segment, SegmentType

TEXTS = st.lists(st.text("ab. \n", min_size=1, max_size=400).filter(str.strip), min_size=1, max_size=12)


def segment(markdown: str, kind: SegmentType = SegmentType.TEXT, page: int = 1) -> Segment:
    return Segment(
        segment_type=kind,
        content=markdown,
        markdown=markdown,
        page_number=page,
        page_width=595,
        page_height=842,
        bbox=Box(0, 0, 1, 1),
    )


TABLE = "| a | b |\n| --- | ---: |\n" + "\n".join(f"| riga {n} | {n},00 |" for n in range(40))


def test_small_segments_share_a_chunk():
    [chunk] = cut([segment("uno"), segment("due")], 200, 0)
    assert chunk.text == "uno\n\ndue"
    assert len(chunk.segments) == 2


def test_a_long_table_is_cut_between_rows_and_keeps_its_head():
    chunks = cut([segment(TABLE, SegmentType.TABLE)], 200, 0)
    assert len(chunks) > 3
    assert all(chunk.text.startswith("| a | b |\n| --- | ---: |\n| riga") for chunk in chunks)
    rows = [line for chunk in chunks for line in chunk.text.split("\n")[2:]]
    assert rows == TABLE.split("\n")[2:]


def test_an_overlap_repeats_the_end_of_the_chunk_before():
    chunks = cut([segment("a" * 150), segment("b" * 40), segment("c" * 150)], 200, 60)
    assert chunks[1].text.startswith("b" * 40)


def test_a_chunk_says_on_which_page_it_begins():
    chunks = cut([segment("a" * 150), segment("b" * 150, page=3)], 200, 0)
    assert [chunk.page for chunk in chunks] == [1, 3]


def test_tokens_are_counted_by_words_and_signs():
    assert estimated_tokens("Totale: 1.506,09 EUR") == 2 + 1 + 1 + 1 + 1 + 1 + 1 + 1


@given(TEXTS, st.integers(200, 600), st.integers(0, 100))
def test_no_letter_is_lost_and_no_chunk_is_too_long(texts, size, overlap):
    chunks = cut([segment(text) for text in texts], size, overlap)
    assert "".join("".join(t.split()) for t in texts) == "".join(
        "".join(part.markdown.split()) for part in _without_repeats(chunks)
    )
    assert all(len(chunk.text) <= size or len(chunk.segments) == 1 for chunk in chunks)


def _without_repeats(chunks):
    """The pieces of all chunks, those left out that a chunk repeats from the one before."""
    before: tuple[Segment, ...] = ()
    for chunk in chunks:
        repeated = max(
            (
                n
                for n in range(min(len(before), len(chunk.segments)) + 1)
                if before[len(before) - n :] == chunk.segments[:n]
            ),
            default=0,
        )
        yield from chunk.segments[repeated:]
        before = chunk.segments
