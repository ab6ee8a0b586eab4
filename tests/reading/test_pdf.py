"""What a PDF shows is what is read: where it stands, how it looks, and nothing that nobody sees."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
    TextStringObject,
)
from pypdfium2 import raw as pdfium

from app.errors import JobFailure, NoText, PasswordRequired, TooLarge, Unreadable
from app.model.document import Document, Page
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage, unwatched
from app.reading.pdf import read_pdf
from app.reading.pdf.spelling import spelled
from tests.generator import generate, hostile
from tests.generator.field.pen import Pen

FONTS = b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >> >>"
GREY_PICTURE = b"q %d 0 0 %d %d %d cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n"


def page_of(content: bytes, entries: bytes = b"") -> bytes:
    """A PDF of one page, 200 x 300 points unless the entries say otherwise."""
    media = b"" if b"/MediaBox" in entries else b"/MediaBox [0 0 200 300]"
    return hostile.pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font %s >> %s %s >>" % (FONTS, media, entries),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ])  # fmt: skip


def text(words: bytes, x: float = 20, y: float = 200, size: float = 10, before: bytes = b"") -> bytes:
    """Orders that print words at a place."""
    return b"BT %s /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (before, size, x, y, words)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    def reading(data: bytes, options: Options = Options(), limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
        path = tmp_path / "document.pdf"
        path.write_bytes(data)
        return read_pdf(path, options, limits, unwatched)

    return reading


def shown(page: Page) -> list[str]:
    return [word.text for word in page.words]


def test_words_stand_where_the_page_prints_them(read):
    page = read(page_of(text(b"Total 12,00", x=20, y=200, size=10))).pages[0]
    assert (page.width, page.height) == (200, 300)
    total, amount = page.words
    assert (total.text, amount.text) == ("Total", "12,00")
    assert total.x0 == pytest.approx(20, abs=0.5)
    assert total.top < 300 - 207 < 300 - 200 < total.bottom < 300 - 196
    assert amount.x0 > total.x1
    assert total.size == pytest.approx(10, abs=0.1)
    assert not total.bold


def test_a_bold_font_is_seen(read):
    page = read(page_of(b"BT /F2 10 Tf 20 200 Td (Total) Tj ET")).pages[0]
    assert page.words[0].bold


@pytest.mark.parametrize(("rotate", "width", "height", "left", "upper"), [
    (0, 200, 300, True, True), (90, 300, 200, False, True), (180, 200, 300, False, False), (270, 300, 200, True, False),
])  # fmt: skip
def test_a_turned_page_is_read_as_displayed(read, rotate, width, height, left, upper):  # noqa: PLR0913, PLR0917 - a table of cases
    page = read(page_of(text(b"Corner", x=5, y=285), b"/Rotate %d" % rotate)).pages[0]
    assert (page.width, page.height) == (width, height)
    word = page.words[0]
    assert (word.x1 < width / 2) is left
    assert (word.bottom < height / 2) is upper
    assert word.turned is (rotate != 0)


def test_a_stamp_across_the_page_is_one_turned_word(read):
    page = read(page_of(b"BT /F1 30 Tf 0.866 0.5 -0.5 0.866 40 60 Tm (PAID) Tj ET " + text(b"Total"))).pages[
        0
    ]
    assert [(word.text, word.turned) for word in page.words] == [("PAID", True), ("Total", False)]


def test_the_crop_box_is_the_page(read):
    data = page_of(
        text(b"inside", x=120, y=200) + text(b"outside", x=20, y=20), b"/CropBox [100 100 200 300]"
    )
    page = read(data).pages[0]
    assert (page.width, page.height) == (100, 200)
    assert shown(page) == ["inside"]
    assert page.words[0].x0 == pytest.approx(20, abs=0.5)
    assert [word.text for word in page.hidden] == ["outside"]


def test_words_of_a_turned_invoice_are_those_of_the_upright_one(read):
    upright, turned = read(hostile.invoice()).pages[0], read(hostile.rotated_pdf()).pages[0]
    assert shown(turned) == shown(upright)
    for word, same in zip(turned.words, upright.words, strict=True):
        assert (word.x0, word.top) == (pytest.approx(same.x0, abs=1), pytest.approx(same.top, abs=1))


@pytest.mark.parametrize(("name", "content"), [
    ("white on white", b"1 g " + text(b"secret")),
    ("white on a white box", b"0 g 10 150 100 100 re f 1 g 10 150 100 100 re f " + text(b"secret")),
    ("black on black", b"0 g 10 150 100 100 re f " + text(b"secret")),
    ("invisible", text(b"secret", before=b"3 Tr") + b"0 Tr "),
    ("one point high", text(b"secret", size=1)),
    ("off the page", text(b"secret", x=500)),
    ("under a picture", text(b"secret") + GREY_PICTURE % (80, 40, 10, 190)),
    ("under a white box", text(b"secret") + b"1 g 10 190 80 40 re f"),
])  # fmt: skip
def test_text_that_nobody_sees_is_hidden(read, name, content):
    page = read(page_of(content + b" 0 g " + text(b"open", y=50))).pages[0]
    assert (shown(page), [word.text for word in page.hidden]) == (["open"], ["secret"])


@pytest.mark.parametrize(("name", "content"), [
    ("white on a dark box", b"0 0 0.4 rg 10 150 100 100 re f 1 g " + text(b"seen")),
    ("pale but readable", b"0.8 g " + text(b"seen")),
    ("over a picture", GREY_PICTURE % (80, 40, 10, 190) + b"0 g " + text(b"seen")),
    ("in a box without filling", b"10 150 100 100 re S 0 g " + text(b"seen")),
    ("in a hollow frame", b"10 150 100 100 re 12 152 96 96 re f* 0 g " + text(b"seen")),
])  # fmt: skip
def test_text_that_people_see_is_read(read, name, content):
    page = read(page_of(content)).pages[0]
    assert (shown(page), page.hidden) == (["seen"], ())


def test_invisible_text_over_a_scanned_page_is_what_the_scanner_read(read):
    page = read(page_of(GREY_PICTURE % (200, 300, 0, 0) + text(b"recognised", before=b"3 Tr"))).pages[0]
    assert shown(page) == ["recognised"]
    assert page.words[0].confidence < 1
    assert page.image_share == pytest.approx(1)


def test_the_hidden_total_of_an_invoice_is_not_among_its_words(read):
    page = read(hostile.hidden_text_pdf()).pages[0]
    assert any("9.999,00" in word.text for word in page.hidden)
    assert not any("9.999,00" in word.text for word in page.words)


def test_text_printed_twice_over_itself_is_one_word(read):
    page = read(page_of(text(b"Total", x=20) + text(b"Total", x=21.9) + text(b"Total", x=120))).pages[0]
    assert shown(page) == ["Total", "Total"]


def test_words_set_apart_are_cut_and_words_set_letter_by_letter_are_joined(read):
    apart = page_of(b"BT /F1 10 Tf 20 200 Td [(Seite1) -4000 (von2)] TJ ET")
    spread = page_of(b"BT /F1 10 Tf 3 Tc 20 200 Td (R E C H N U N G) Tj ET")
    assert shown(read(apart).pages[0]) == ["Seite1", "von2"]
    assert shown(read(spread).pages[0]) == ["RECHNUNG"]


def test_a_caption_in_capitals_ends_where_a_name_begins_close_behind_it(read):
    caption, name = text(b"CLIENT", x=20), text(b"Dupont", x=20 + 35.56 + 1.2)
    assert shown(read(page_of(caption + name)).pages[0]) == ["CLIENT", "Dupont"]
    assert shown(read(page_of(text(b"MCCLIENTDupont"))).pages[0]) == ["MCCLIENTDupont"]


@pytest.mark.parametrize("spacing", [0.4, 0.8, 1.2, 2.4])
@pytest.mark.parametrize(
    "caption", ["ZLECENIODAWCA DATA WYSTAWIENIA", "Atelier Vingt Advies", "DO ZAPLATY", "AV TO WAVE"]
)
def test_a_caption_whose_letters_are_spaced_out_keeps_its_words(read, spacing, caption):
    pen = Pen(Random(1))
    pen.text(60, 60, caption, 7, spacing=spacing)
    assert " ".join(word.text for word in read(pen.finished()[0]).pages[0].words) == caption


def test_lines_and_the_edges_of_boxes_are_rulings(read):
    page = read(page_of(b"20 100 m 180 100 l S 50 50 40 30 re S " + text(b"x"))).pages[0]
    level = [ruling for ruling in page.rulings if ruling.x1 - ruling.x0 > ruling.bottom - ruling.top]
    assert any(
        ruling.x0 == pytest.approx(20, abs=1) and ruling.top == pytest.approx(200, abs=1) for ruling in level
    )
    assert len(page.rulings) == 5


@pytest.mark.parametrize(("printed", "read_as"), [
    ("ﬁnal", "final"), ("Rech\u00adnung", "Rechnung"), ("\u200b12", "12"), ("e\u0301te\u0301", "été"),
    ("m²", "m²"), ("½", "½"), ("\uff11\uff12", "12"), ("Ä59,50", "€59,50"), ("Ärzte", "Ärzte"), ("\ue123", ""),
])  # fmt: skip
def test_words_are_spelled_as_a_person_would_type_them(printed, read_as):
    assert spelled(printed) == read_as


@given(st.text())
def test_spelling_twice_changes_nothing_more(word):
    assert spelled(spelled(word)) == spelled(word)


def test_form_fields_that_were_filled_in_are_words(read):
    appearance = b"BT /F1 10 Tf 2 5 Td (4711) Tj ET"
    data = hostile.pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 200 300] /Resources << /Font %s >> /Annots [5 0 R] >>" % FONTS,
        b"<< /Length 0 >>\nstream\n\nendstream",
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /V (4711) /Rect [20 200 80 220] /F 4 /P 3 0 R /AP << /N 6 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources << /Font %s >> /Length %d >>\nstream\n%s\nendstream"
        % (FONTS, len(appearance), appearance),
    ])  # fmt: skip
    assert shown(read(data).pages[0]) == ["4711"]


def test_only_the_pages_asked_for_are_read(read):
    document = read(hostile.two_invoices_pdf(), Options(pages=(2, 9)))
    assert [page.number for page in document.pages] == [2]
    assert document.page_count == 2


def test_attached_files_come_along(read, tmp_path):
    writer = PdfWriter(clone_from=pypdf_input(tmp_path))
    writer.add_attachment("invoice.xml", b"<a/>")
    writer.write(tmp_path / "with.pdf")
    document = read((tmp_path / "with.pdf").read_bytes())
    assert [(file.name, file.data) for file in document.attachments] == [("invoice.xml", b"<a/>")]


def test_a_file_pinned_to_the_first_page_comes_along_where_none_is_listed(read, tmp_path):
    writer = PdfWriter(clone_from=pypdf_input(tmp_path))
    content = StreamObject()
    content.set_data(b"<a/>")
    file = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Filespec"),
            NameObject("/F"): TextStringObject("invoice.xml"),
            NameObject("/UF"): TextStringObject("invoice.xml"),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): writer._add_object(content)}),
        }
    )
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FileAttachment"),
            NameObject("/Rect"): ArrayObject(FloatObject(number) for number in (10, 10, 30, 30)),
            NameObject("/FS"): file,
        }
    )
    writer.add_annotation(0, note)
    writer.write(tmp_path / "pinned.pdf")
    document = read((tmp_path / "pinned.pdf").read_bytes())
    assert [(file.name, file.data) for file in document.attachments] == [("invoice.xml", b"<a/>")]


def test_a_file_pinned_to_a_page_with_a_typed_note_comes_along_with_the_note(read):
    appearance = b"BT /F1 10 Tf 2 5 Td (4711) Tj ET"
    document = read(hostile.pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 200 300] /Annots [5 0 R 6 0 R] >>",
        b"<< /Length 0 >>\nstream\n\nendstream",
        b"<< /Type /Annot /Subtype /FreeText /Rect [20 200 80 220] /F 4 /AP << /N 7 0 R >> >>",
        b"<< /Type /Annot /Subtype /FileAttachment /Rect [10 10 30 30] /FS << /F (a.xml) /UF (a.xml) /EF << /F 8 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources << /Font %s >> /Length %d >>\nstream\n%s\nendstream"
        % (FONTS, len(appearance), appearance),
        b"<< /Length 4 >>\nstream\n<a/>\nendstream",
    ]))  # fmt: skip
    assert [(file.name, file.data) for file in document.attachments] == [("a.xml", b"<a/>")]
    assert shown(document.pages[0]) == ["4711"]


def pypdf_input(folder: Path) -> Path:
    path = folder / "plain.pdf"
    path.write_bytes(hostile.invoice())
    return path


def test_progress_never_goes_back(tmp_path):
    path = tmp_path / "two.pdf"
    path.write_bytes(hostile.two_invoices_pdf())
    seen: list[tuple[Stage, int]] = []
    read_pdf(path, Options(), Limits(), lambda stage, percent: seen.append((stage, percent)))
    assert seen
    assert [percent for _, percent in seen] == sorted(percent for _, percent in seen)


@pytest.mark.parametrize(("name", "data", "failure"), [
    ("cut off", hostile.truncated_pdf, Unreadable),
    ("no pages", hostile.zero_page_pdf, Unreadable),
    ("encrypted", hostile.encrypted_pdf, PasswordRequired),
    ("a bomb within a bomb", hostile.bomb_pdf, TooLarge),
    ("a bomb", hostile.single_bomb_pdf, TooLarge),
    ("too many pages", hostile.many_pages_pdf, TooLarge),
    ("blank", hostile.blank_pdf, NoText),
    ("a page tree that is its own child", hostile.circular_pages_pdf, JobFailure),
])  # fmt: skip
def test_a_hostile_file_ends_in_its_failure(read, name, data, failure):
    with pytest.raises(failure) as caught:
        read(data())
    assert str(caught.value).endswith(".")


def test_the_right_password_opens_and_a_wrong_one_is_told_apart_from_none(read):
    data = hostile.encrypted_pdf()
    assert read(data, Options(password=hostile.PASSWORD)).pages[0].words
    with pytest.raises(PasswordRequired, match="does not open"):
        read(data, Options(password="other"))
    with pytest.raises(PasswordRequired, match="only be read with its password"):
        read(data)


def test_pages_that_are_not_in_the_file_are_refused(read):
    with pytest.raises(Unreadable, match="which has 1"):
        read(hostile.invoice(), Options(pages=(7,)))


def test_a_page_with_too_many_words_is_refused(read):
    with pytest.raises(TooLarge, match="Page 1"):
        read(hostile.invoice(), limits=Limits(words_per_page=5))


def test_a_scan_is_a_page_without_words_that_a_picture_covers(read):
    page = read(hostile.image_only_pdf()).pages[0]
    assert not page.words
    assert page.image_share > 0.9


@pytest.mark.parametrize("seed", range(6))
def test_the_box_of_a_word_contains_its_glyphs(read, tmp_path, seed):
    data = generate(seed).pdf
    pages = read(data).pages
    for page, source in zip(pages, pypdfium2.PdfDocument(data), strict=True):
        textpage = source.get_textpage()
        height = source.get_height()
        glyphs = [
            (char, *textpage.get_charbox(index))
            for index in range(textpage.count_chars())
            if (char := chr(pdfium.FPDFText_GetUnicode(textpage, index))).isprintable() and char.isascii()
        ]
        for word in (*page.words, *page.hidden):
            slack = (
                word.bottom - word.top
            ) / 10  # dots of capitals may reach a little higher than their font says
            inside = [
                char
                for char, left, bottom, right, top in glyphs
                if word.x0 - slack <= left and right <= word.x1 + slack
                and word.top - slack <= height - top and height - bottom <= word.bottom + slack
            ]  # fmt: skip
            assert set(filter(str.isascii, word.text)) <= {*inside, "-", "€"}, word
