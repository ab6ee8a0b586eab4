from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extraction.segments import Told, gathered, whole
from app.extraction.segments.written import segment_of
from app.model.document import Document, FileType, Page, Ruling, TextOrigin, Word
from app.model.evidence import Box
from app.model.limits import Limits
from app.model.options import Options
from app.model.segment import Extra, Parsing, Region, SegmentType
from app.reading import read

FIXTURES = sorted((Path(__file__).parents[3] / "fixtures" / "invoices").glob("*/document.pdf"))


def text(line: str, x: float, top: float, size: float = 10, *, bold: bool = False) -> list[Word]:
    words, at = [], x
    for part in line.split():
        width = 0.5 * size * len(part)
        words.append(Word(part, at, top, at + width, top + size, size, bold))
        at += width + 0.28 * size
    return words


def page(*words: list[Word], number: int = 1, **more: object) -> Page:
    return Page(number=number, width=595, height=842, words=tuple(w for line in words for w in line), **more)


def document(*pages: Page) -> Document:
    return Document(file_type=FileType.PDF, pages=pages, page_count=len(pages))


WHOLE = Parsing()


def segments_of(read_document: Document):
    return [segment_of(at, part) for at, part in enumerate(gathered(read_document.pages))]


def parsed(read_document: Document, wanted: Parsing = WHOLE):
    return whole(Told(gathered(read_document.pages), FileType.PDF, len(read_document.pages), wanted, {}))


def row(top: float, *cells: tuple[float, str]) -> list[Word]:
    return [word for x, cell in cells for word in text(cell, x, top)]


HEAD = row(100, (50, "Articolo"), (300, "Quantità"), (400, "Prezzo"), (500, "Importo"))
BOLTS = row(116, (50, "Bulloni zincati"), (310, "10,00"), (400, "1,20"), (500, "12,00"))
NUTS = row(140, (50, "Dadi"), (310, "20,00"), (400, "0,50"), (500, "10,00"))


def table_of(*words: list[Word], **more: object):
    [table] = [s for s in segments_of(document(page(*words, **more))) if s.segment_type is SegmentType.TABLE]
    return table


def rows_of(table) -> list[list[str]]:
    return [line.split("\t") for line in table.content.split("\n")]


def test_lines_that_keep_their_columns_are_a_table_with_a_head():
    table = table_of(HEAD, BOLTS, NUTS)
    assert rows_of(table)[1] == ["Bulloni zincati", "10,00", "1,20", "12,00"]
    assert table.html.startswith('<table><thead><tr><th scope="col">Articolo</th>')


def test_numbers_of_a_table_are_flush_right():
    table = table_of(HEAD, BOLTS, NUTS)
    assert '<td style="text-align:right">12,00</td>' in table.html
    assert table.markdown.split("\n")[1] == "| --- | ---: | ---: | ---: |"


def test_a_wrapped_description_belongs_to_its_row():
    table = table_of(HEAD, BOLTS, text("testa esagonale M8", 50, 127), NUTS)
    assert rows_of(table)[1][0] == "Bulloni zincati testa esagonale M8"
    assert len(rows_of(table)) == 3


def test_a_rule_parts_rows_however_close_they_are():
    ruling = Ruling(50, 126.5, 540, 126.5)
    more = row(127, (50, "Rondelle"), (310, "5,00"), (400, "1,00"), (500, "5,00"))
    assert len(rows_of(table_of(HEAD, BOLTS, more, rulings=(ruling,)))) == 3


def test_two_addresses_side_by_side_are_no_table():
    left = [text(line, 50, 100 + 12 * i) for i, line in enumerate(("Molino Bianchi", "Via Roma", "Ferrara"))]
    right = [
        text(line, 330, 100 + 12 * i) for i, line in enumerate(("Forno Verdi", "Corso Italia", "Modena"))
    ]
    kinds = {s.segment_type for s in segments_of(document(page(*left, *right)))}
    assert SegmentType.TABLE not in kinds


def test_columns_of_text_are_read_one_after_the_other():
    left = [text(line, 50, 100 + 12 * i) for i, line in enumerate(("uno due", "tre quattro"))]
    right = [text(line, 330, 100 + 12 * i) for i, line in enumerate(("cinque sei", "sette otto"))]
    said = " ".join(s.content for s in segments_of(document(page(*left, *right))))
    assert said.split() == ["uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto"]


def test_a_larger_line_is_a_heading():
    body = [text("testo corrente di una lettera qualsiasi", 50, 140 + 12 * i) for i in range(4)]
    first, *_ = segments_of(document(page(text("Condizioni generali", 50, 100, 18), *body)))
    assert first.segment_type is SegmentType.SECTION_HEADER
    assert first.markdown == "# Condizioni generali"


def test_what_runs_on_every_page_is_marked_and_can_be_left_out():
    pages = [
        page(
            text("Molino Bianchi S.r.l.", 50, 30),
            text(f"parte {word} del contratto", 50, 200),
            text(f"pagina {n}", 280, 810),
            number=n,
        )
        for n, word in ((1, "prima"), (2, "seconda"), (3, "terza"))
    ]
    regions = [s.region for s in segments_of(document(*pages))]
    assert regions == [Region.HEADER, Region.BODY, Region.FOOTER] * 3
    body = parsed(document(*pages), Parsing(regions=(Region.BODY,)))
    assert "Molino" not in body.markdown
    assert "parte terza del contratto" in body.markdown


def test_a_table_over_two_pages_is_one_table_in_markdown():
    first = page(HEAD, BOLTS, NUTS)
    second = page(
        row(60, (50, "Rondelle"), (310, "5,00"), (400, "1,00"), (500, "5,00")),
        row(76, (50, "Viti"), (310, "6,00"), (400, "1,00"), (500, "6,00")),
        number=2,
    )
    segments = segments_of(document(first, second))
    assert [s.continued for s in segments] == [False, True]
    markdown = parsed(document(first, second)).markdown
    assert markdown.count("---") == 4
    assert "| Viti | 6,00 | 1,00 | 6,00 |" in markdown


def test_a_picture_has_its_place_and_the_text_under_it_is_its_caption():
    picture = Box(100, 100, 300, 250)
    segments = segments_of(document(page(text("Fig. 1 Impianto", 120, 256), pictures=(picture,))))
    assert [s.segment_type for s in segments] == [SegmentType.PICTURE, SegmentType.CAPTION]
    assert segments[0].bbox == picture


def test_words_of_a_scan_keep_their_confidence():
    word = Word("Totale", 50, 50, 90, 60, 10, confidence=0.83)
    [segment] = segments_of(document(page([word], origin=TextOrigin.OCR)))
    assert segment.confidence == 0.83
    assert [(w.text, w.confidence) for w in segment.ocr] == [("Totale", 0.83)]


def test_a_line_that_runs_leftwards_is_read_from_the_right():
    words = [
        Word("2026", 50, 50, 80, 60, 10),
        Word("رقم", 90, 50, 120, 60, 10),
        Word("فاتورة", 130, 50, 170, 60, 10),
    ]
    [segment] = segments_of(document(page(words)))
    assert segment.content == "فاتورة رقم 2026"


def test_marks_in_the_text_do_not_become_markup():
    [segment] = segments_of(document(page(text("*urgente* <b> a|b", 50, 50))))
    assert segment.markdown == r"\*urgente\* \<b> a|b"
    assert segment.html == "<p>*urgente* &lt;b&gt; a|b</p>"


def test_an_empty_page_has_no_segments():
    assert parsed(document(page())).chunks == ()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_every_word_of_a_page_stands_in_one_segment_and_only_one(path):
    read_document = read(path, Options(), Limits())
    printed = Counter(word.text for page in read_document.pages for word in page.words)
    told = Counter(word for segment in segments_of(read_document) for word in segment.content.split())
    assert told == printed


@given(
    st.lists(
        st.tuples(st.integers(0, 90), st.integers(0, 60), st.text("ab1,", min_size=1, max_size=9)),
        max_size=40,
    )
)
def test_whatever_stands_on_a_page_is_told_once(places):
    words = [
        Word(said, 6.0 * x, 13.0 * y, 6.0 * x + 5 * len(said), 13.0 * y + 10, 10) for x, y, said in places
    ]
    told = Counter(w for segment in segments_of(document(page(words))) for w in segment.content.split())
    assert told == Counter(said for _, _, said in places)


def rule(x0: float, top: float, x1: float, bottom: float) -> Ruling:
    return Ruling(x0, top, x1, bottom)


def test_a_drawn_table_keeps_its_spans_and_two_rows_of_heads():
    levels = [rule(50, 100, 350, 100), rule(150, 120, 350, 120)]
    levels += [rule(50, top, 350, top) for top in (140, 160, 180)]
    walls = [rule(x, 100, x, 180) for x in (50, 150, 350)] + [rule(250, 120, 250, 180)]
    table = table_of(
        text("Stazione", 60, 115, bold=True),
        text("Livello", 160, 105, bold=True),
        text("Media", 160, 125, bold=True),
        text("Massimo", 260, 125, bold=True),
        row(145, (60, "Burano"), (160, "31,2"), (260, "112")),
        row(165, (60, "Torcello"), (260, "108")),
        rulings=(*levels, *walls),
    )
    assert '<th scope="col" rowspan="2">Stazione</th><th scope="col" colspan="2">Livello</th>' in table.html
    assert table.markdown.split("\n")[0] == "| Stazione | Livello Media | Livello Massimo |"
    assert "| Torcello |  | 108 |" in table.markdown


def test_a_table_of_words_is_one_when_rules_part_its_rows():
    rules = tuple(rule(50, top, 400, top) for top in (95, 113, 129, 145))
    table = table_of(
        row(100, (50, "Parametro"), (200, "Significato")),
        row(116, (50, "P uno"), (200, "ritardo della pompa")),
        row(132, (50, "P due"), (200, "temperatura massima")),
        rulings=rules,
    )
    assert rows_of(table)[2] == ["P due", "temperatura massima"]


def test_a_word_divided_at_the_end_of_a_line_is_whole():
    lines = ["Le condizioni di questo con-", "tratto valgono per tutte le", "forniture fra le parti."]
    [segment] = segments_of(document(page(*(text(line, 50, 100 + 12 * i) for i, line in enumerate(lines)))))
    assert "questo contratto valgono" in segment.content


def test_items_of_a_list_hang_under_their_text():
    lines = [(50, "• la prima voce della lista che va"), (60, "a capo"), (50, "• la seconda")]
    lines += [(64, "– una sotto"), (64, "– un'altra")]
    said = [text(line, x, 100 + 12 * i) for i, (x, line) in enumerate(lines)]
    [segment] = segments_of(document(page(*said)))
    assert segment.markdown.split("\n") == [
        "- la prima voce della lista che va a capo",
        "- la seconda",
        "   - una sotto",
        "   - un'altra",
    ]
    assert segment.html.count("<ul>") == 2


def test_lines_of_an_address_keep_their_ends():
    said = [text(line, 50, 100 + 12 * i) for i, line in enumerate(("Molino Bianchi", "Via Po", "Ferrara"))]
    [segment] = segments_of(document(page(*said)))
    assert segment.markdown == "Molino Bianchi  \nVia Po  \nFerrara"


def test_headings_rank_by_their_size_and_their_number():
    body = "testo corrente di una relazione qualsiasi che prosegue"
    lines = [
        (22, "Relazione"),
        (14, "1 Scopo"),
        (10, body),
        (12, "1.1 Metodo"),
        (10, body),
        (14, "2 Esito"),
        (10, body),
    ]
    tops = [60 + 40 * i for i in range(len(lines))]
    found = segments_of(
        document(page(*(text(said, 50, top, size) for (size, said), top in zip(lines, tops, strict=True))))
    )
    assert [s.level for s in found] == [1, 2, None, 3, None, 2, None]


def test_a_narrow_column_beside_the_text_is_a_sidebar_read_after_it():
    main = [text("una riga del testo principale che corre larga", 200, 100 + 12 * i) for i in range(9)]
    aside = [text(f"nota breve {word}", 50, 106 + 14 * i, 8) for i, word in enumerate("abcdef")]
    found = segments_of(document(page(*aside, *main)))
    assert [s.region for s in found] == [Region.BODY, Region.SIDEBAR]
    assert found[1].content.startswith("nota breve a")


def test_hostile_text_is_text_in_every_form():
    lines = [
        "<script>alert(1)</script>",
        "[qui](javascript:alert(1))",
        "# no",
        "![x](http://e.it/x.png)",
        "---",
    ]
    said = [text(line, 50, 100 + 30 * i) for i, line in enumerate(lines)]
    found = parsed(document(page(*said)))
    assert "<script" not in found.markdown.replace(r"\<script", "")
    assert r"\[qui\](javascript:alert(1))" in found.markdown
    assert r"\# no" in found.markdown
    assert r"!\[x\](" in found.markdown
    assert r"\---" in found.markdown
    assert all("<script" not in segment.html for chunk in found.chunks for segment in chunk.segments)


def turned_by(quarter: int, words: list[Word]) -> list[Word]:
    """Words of a page of 595 by 842 points as they stand when its text is set on its side."""
    if quarter == 1:  # downwards
        return [
            Word(w.text, 595 - w.bottom, w.x0, 595 - w.top, w.x1, w.size, w.bold, 1.0, turned=True)
            for w in words
        ]
    return [
        Word(w.text, w.top, 842 - w.x1, w.bottom, 842 - w.x0, w.size, w.bold, 1.0, turned=True) for w in words
    ]


@pytest.mark.parametrize("quarter", [1, 3])
def test_a_page_set_on_its_side_is_read_like_any_other(quarter):
    lines = [*(text(line, 50, 40 + 12 * i) for i, line in enumerate(("una riga che", "prosegue qui")))]
    words = [word for line in [*lines, HEAD, BOLTS, NUTS] for word in line]
    [first, table] = segments_of(document(page(turned_by(quarter, words))))
    assert first.content.split() == ["una", "riga", "che", "prosegue", "qui"]
    assert rows_of(table)[2] == ["Dadi", "20,00", "0,50", "10,00"]
    assert first.bbox.bottom - first.bbox.top > first.bbox.x1 - first.bbox.x0  # as displayed
    assert (table.page_width, table.page_height) == (595, 842)


def test_words_along_the_margin_are_one_text_beside_the_flow():
    margin = [
        Word(said, 20, 400 - 40 * i, 29, 430 - 40 * i, 8, turned=True)
        for i, said in enumerate(("Capitale", "sociale", "versato"))
    ]
    found = segments_of(
        document(page(*(text("una riga di testo", 80, 100 + 12 * i) for i in range(5)), margin))
    )
    assert (found[-1].region, found[-1].content) == (Region.SIDEBAR, "Capitale sociale versato")


def test_a_row_left_over_on_the_next_page_belongs_to_its_table():
    rest = page(row(60, (50, "Viti"), (310, "6,00"), (400, "1,00"), (500, "6,00")), number=2)
    markdown = parsed(document(page(HEAD, BOLTS, NUTS), rest)).markdown
    assert markdown.endswith("| Dadi | 20,00 | 0,50 | 10,00 |\n| Viti | 6,00 | 1,00 | 6,00 |\n")


def test_heads_of_a_continued_table_stand_over_the_rows_of_each_page():
    rest = page(row(60, (50, "Viti"), (310, "6,00"), (400, "1,00"), (500, "6,00")), number=2)
    first, second = segments_of(document(page(HEAD, BOLTS, NUTS), rest))
    assert second.continued
    assert second.markdown.split("\n")[0] == first.markdown.split("\n")[0]
    assert second.content == "Viti\t6,00\t1,00\t6,00"


def test_a_sentence_that_a_page_divides_is_one_in_the_whole_document():
    lines = [text(line, 50, 100 + 12 * i) for i, line in enumerate(["la merce viene conse-"])]
    pages = (page(*lines), page(text("gnata entro otto giorni.", 50, 100), number=2))
    assert parsed(document(*pages)).markdown == "la merce viene consegnata entro otto giorni.\n"


def test_a_page_number_alone_is_a_footer_even_of_a_single_page():
    found = segments_of(document(page(text("una lettera qualsiasi", 50, 100), text("- 1 -", 280, 810))))
    assert found[-1].region is Region.FOOTER


@pytest.mark.parametrize("include", [(), (Extra.HTML,), tuple(Extra)])
def test_segments_bring_what_was_asked_for(include):
    word = Word("Totale", 50, 50, 90, 60, 10, confidence=0.83)
    answer = parsed(document(page([word], origin=TextOrigin.OCR)), Parsing(include=include))
    [segment] = answer.chunks[0].segments
    assert bool(segment.html) is (Extra.HTML in include)
    assert bool(segment.ocr) is (Extra.OCR in include)
    assert (answer.chunks[0].text, segment.content) == ("Totale", "Totale")


def test_kinds_that_were_not_asked_for_are_left_out_and_numbers_stay():
    found = parsed(
        document(page(text("una nota", 50, 60), HEAD, BOLTS, NUTS)),
        Parsing(segment_types=(SegmentType.TABLE,)),
    )
    assert [s.index for chunk in found.chunks for s in chunk.segments] == [1]
