"""Pictures of one small page, lying in every way, read by each engine that is installed."""

import io
from pathlib import Path
from statistics import mean, median

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from app.errors import JobFailure, OcrFailed, TooLarge, Unreadable
from app.model.document import Document, FileType, TextOrigin
from app.model.limits import Limits
from app.model.options import Mode, Options
from app.reading import read
from app.reading.ocr.choice import engine_named, installed

LINES = (
    "Molino Bianchi S.r.l.",
    "Fattura n. 2026/117 del 03/11/2026",
    "Imponibile 1.234,50 EUR",
    "IVA 22% 271,59 EUR",
    "Totale documento 1.506,09 EUR",
    "IBAN IT60X0542811101000000123456",
)
SIZE = (827, 1169)  # A4 at 100 dpi
needs_engine = pytest.mark.skipif(
    not installed(), reason="no text recognition engine: install the `ocr` extra"
)


@pytest.fixture(scope="module")
def sheet() -> Image.Image:
    page = Image.new("RGB", SIZE, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(24)
    for row, line in enumerate(LINES):
        pen.text((80, 110 + 75 * row), line, fill="black", font=font)
    return page


def saved(picture: Image.Image, folder: Path, kind: str, **options: object) -> Path:
    path = folder / "upload"
    picture.save(path, kind, **options)
    return path


def opened(path: Path, **limits: object) -> Document:
    return read(path, Options(), Limits(**limits))


def words_of(document: Document, page: int = 0) -> str:
    return " ".join(word.text for word in document.pages[page].words)


@needs_engine
@pytest.mark.parametrize("kind", [FileType.PNG, FileType.JPEG, FileType.TIFF, FileType.WEBP])
def test_every_kind_of_picture_is_read(sheet, tmp_path, kind):
    document = opened(saved(sheet, tmp_path, kind.value))
    assert document.file_type is kind
    assert "1.506,09" in words_of(document)


@needs_engine
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_is_read_upright(sheet, tmp_path, turn):
    document = opened(saved(sheet.rotate(-turn, expand=True), tmp_path, "PNG"))
    [page] = document.pages
    assert page.turned == turn
    assert page.height > page.width
    first = next(word for word in page.words if word.text == "Molino")
    assert first.top < 0.15 * page.height
    assert "IT60X0542811101000000123456" in words_of(document)


@needs_engine
def test_a_page_askew_is_set_straight(sheet, tmp_path):
    document = opened(
        saved(sheet.rotate(-2.5, fillcolor="white", resample=Image.Resampling.BICUBIC), tmp_path, "PNG")
    )
    [page] = document.pages
    assert page.turned == pytest.approx(2.5, abs=0.5)
    line = [word for word in page.words if word.text in ("Totale", "documento", "1.506,09")]
    assert max(word.top for word in line) - min(word.top for word in line) < 3


@needs_engine
def test_a_photo_is_turned_as_its_camera_says(sheet, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    document = opened(saved(sheet.rotate(90, expand=True), tmp_path, "JPEG", exif=exif))
    assert document.pages[0].turned == 0
    assert "1.506,09" in words_of(document)


@needs_engine
def test_every_frame_of_a_tiff_is_a_page(sheet, tmp_path):
    blank = Image.new("RGB", SIZE, "white")
    document = opened(saved(sheet, tmp_path, "TIFF", save_all=True, append_images=[blank, sheet]))
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert document.pages[1].words == ()
    assert words_of(document, 0) == words_of(document, 2)


@needs_engine
def test_the_page_of_a_pdf_that_is_a_picture_is_recognised(sheet, tmp_path):
    [page] = opened(saved(sheet, tmp_path, "PDF", resolution=100)).pages
    assert page.origin is TextOrigin.OCR
    assert (round(page.width), round(page.height)) == (596, 842)
    total = next(word for word in page.words if word.text == "1.506,09")
    assert total.top == pytest.approx((110 + 4 * 75) * 72 / 100, abs=8)


@needs_engine
def test_a_blurred_picture_is_read_with_less_confidence(sheet):
    clean = engine_named("auto").recognise(sheet).words
    blurred = engine_named("auto").recognise(sheet.filter(ImageFilter.GaussianBlur(3))).words
    assert mean(word.confidence for word in blurred) < mean(word.confidence for word in clean)


def test_without_an_engine_a_picture_fails_and_says_what_to_install(sheet, tmp_path):
    with pytest.raises(OcrFailed, match="install"):
        opened(saved(sheet, tmp_path, "PNG"), ocr_engine="none")


def test_a_wordless_pdf_without_an_engine_fails_and_says_what_to_install(sheet, tmp_path):
    with pytest.raises(OcrFailed, match="install"):
        opened(saved(sheet, tmp_path, "PDF"), ocr_engine="none")


def test_the_basic_mode_recognises_nothing(sheet, tmp_path):
    document = read(saved(sheet, tmp_path, "PDF"), Options(mode=Mode.BASIC), Limits(ocr_engine="none"))
    assert document.pages[0].words == ()


def test_a_broken_picture_is_unreadable(sheet, tmp_path):
    image = io.BytesIO()
    sheet.save(image, "PNG")
    path = tmp_path / "upload"
    path.write_bytes(image.getvalue()[:2000])
    with pytest.raises((Unreadable, OcrFailed)) as failure:
        opened(path)
    assert isinstance(failure.value, JobFailure)


def test_more_pixels_than_allowed_are_refused_before_they_are_unpacked(tmp_path):
    path = saved(Image.new("1", (20_000, 20_000)), tmp_path, "PNG")
    assert path.stat().st_size < 100_000
    with pytest.raises(TooLarge, match="50000000 pixels"):
        opened(path)


@needs_engine
@pytest.mark.parametrize(("mode", "kind"), [("1", "TIFF"), ("CMYK", "JPEG"), ("I;16", "PNG")])
def test_every_way_of_storing_shades_is_read(sheet, tmp_path, mode, kind):
    stored = (
        sheet.convert("L").point(lambda shade: shade * 257, "I").convert(mode) if mode == "I;16" else sheet
    )
    assert "1.506,09" in words_of(opened(saved(stored.convert(mode), tmp_path, kind)))


@needs_engine
def test_ink_on_a_transparent_ground_is_read(sheet, tmp_path):
    ink = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    ink.putalpha(sheet.convert("L").point(lambda shade: 255 - shade))
    assert "1.506,09" in words_of(opened(saved(ink, tmp_path, "WEBP", lossless=True)))


@needs_engine
@pytest.mark.parametrize("kind", ["WEBP", "PNG", "MPO"])
def test_what_moves_or_lies_behind_a_photo_is_no_second_page(sheet, tmp_path, kind):
    document = opened(saved(sheet, tmp_path, kind, save_all=True, append_images=[Image.new("RGB", SIZE)]))
    assert [page.number for page in document.pages] == [1]
    assert "1.506,09" in words_of(document)


@needs_engine
@pytest.mark.parametrize("kind", ["JPEG"])
def test_more_resolution_than_helps_is_dropped_and_places_stay(sheet, tmp_path, kind):
    fine = sheet.resize((SIZE[0] * 7, SIZE[1] * 7))
    [page] = opened(saved(fine, tmp_path, kind, dpi=(700, 700))).pages
    assert (page.width, page.height) == pytest.approx((595, 842), abs=2)
    total = next(word for word in page.words if word.text == "1.506,09")
    assert total.top == pytest.approx((110 + 4 * 75) * 0.72, abs=8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_picture_that_was_cut_off_is_unreadable(sheet, tmp_path, kind, share):
    path = saved(sheet, tmp_path, kind)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises((Unreadable, OcrFailed)):
        opened(path)


def test_more_frames_than_allowed_are_refused(tmp_path):
    frame = Image.new("L", (10, 10))
    with pytest.raises(TooLarge):
        opened(saved(frame, tmp_path, "TIFF", save_all=True, append_images=[frame] * 5), pages=5)


@pytest.mark.skipif("tesseract" not in installed(), reason="tesseract is not installed here")
def test_tesseract_reads_the_same_amounts(sheet):
    words = {word.text for word in engine_named("tesseract").recognise(sheet).words}
    assert {"1.234,50", "271,59", "1.506,09"} <= words


@needs_engine
def test_a_wrong_resolution_does_not_make_the_print_tiny(sheet, tmp_path):
    [page] = opened(saved(sheet, tmp_path, "PNG", dpi=(400, 400))).pages
    assert 5 < median(word.size for word in page.words) < 22


@needs_engine
def test_a_code_on_a_page_on_its_side_stands_where_the_page_reads(sheet, tmp_path):
    code = zxingcpp.create_barcode("BCD", zxingcpp.BarcodeFormat.QRCode)
    marked = sheet.copy()
    marked.paste(Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=5)), (80, 800))
    [page] = opened(saved(marked.rotate(-90, expand=True), tmp_path, "PNG")).pages
    [seen] = page.codes
    assert (seen.x0 / page.width, seen.top / page.height) == pytest.approx((100 / 827, 820 / 1169), abs=0.02)


@needs_engine
def test_on_a_page_that_can_hardly_be_read_no_word_is_trusted(sheet, tmp_path):
    tiny = sheet.resize((SIZE[0] // 6, SIZE[1] // 6)).resize(SIZE).filter(ImageFilter.GaussianBlur(2))
    legible = opened(saved(sheet, tmp_path, "PNG")).pages[0].words
    guessed = opened(saved(tiny, tmp_path, "PNG")).pages[0].words
    assert mean(word.confidence for word in legible) > 0.9
    assert all(word.confidence < 0.35 for word in guessed)
