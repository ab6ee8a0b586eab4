"""How long pictures are cut: between two lines, each word once, where it stands on the whole."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from app.reading.ocr.choice import engine_named, installed
from app.reading.ocr.engine import SeenText, SeenWord
from app.reading.ocr.strips import recognise_whole

ROWS = 60
PITCH = 50


class Marks:
    """An engine that sees black marks 20 pixels high and calls each by its shade."""

    name = "marks"

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def recognise(self, picture: Image.Image) -> SeenText:
        self.seen.append(picture.size)
        grey, words, row = picture.convert("L"), [], 0
        while row < grey.height:
            shade = grey.getpixel((100, row))
            top = row
            while row < grey.height and grey.getpixel((100, row)) == shade:
                row += 1
            if shade < 200:
                words.append(
                    SeenWord(
                        str(shade),
                        1.0,
                        ((50, float(top)), (150, float(top)), (150, float(row)), (50, float(row))),
                    )
                )
        return SeenText(tuple(words))


@pytest.fixture
def roll() -> Image.Image:
    """A long picture with a mark a row, no two of one shade."""
    picture = Image.new("RGB", (400, ROWS * PITCH), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(ROWS):
        pen.rectangle((50, row * PITCH + 15, 150, row * PITCH + 34), fill=(row, row, row))
    return picture


def test_every_row_of_a_long_picture_is_read_once_and_where_it_stands(roll):
    words = recognise_whole(roll, Marks()).words
    assert [word.text for word in words] == [str(row) for row in range(ROWS)]
    assert [word.corners[0][1] for word in words] == [row * PITCH + 15 for row in range(ROWS)]


def test_no_piece_is_much_longer_than_wide(roll):
    engine = Marks()
    recognise_whole(roll, engine)
    assert len(engine.seen) > 3
    assert all(height <= 2.2 * width for width, height in engine.seen)


def test_a_picture_as_narrow_as_a_thread_is_not_cut_into_thousands():
    engine = Marks()
    recognise_whole(Image.new("RGB", (20_000, 120), "white"), engine)
    assert len(engine.seen) <= 25


def test_a_sheet_is_read_in_one_piece():
    engine = Marks()
    recognise_whole(Image.new("RGB", (800, 1131), "white"), engine)
    assert engine.seen == [(800, 1131)]


@pytest.mark.skipif(not installed(), reason="no text recognition engine: install the `ocr` extra")
def test_the_words_of_a_roll_of_two_metres_are_read(tmp_path):
    picture = Image.new("RGB", (420, 4200), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(26)
    for row in range(52):
        pen.text((40, 40 + row * 80), f"Articolo {row + 10}    {row + 10},50", fill="black", font=font)
    words = {word.text for word in recognise_whole(picture, engine_named("auto")).words}
    assert {f"{row + 10},50" for row in range(52)} <= words
