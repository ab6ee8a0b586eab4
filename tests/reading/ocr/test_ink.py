"""Boxes end where the ink of their words does, though the engine tells places only roughly."""

import pytest
from PIL import Image, ImageDraw, ImageFont

pytest.importorskip("cv2", reason="the `ocr` extra is not installed")
np = pytest.importorskip("numpy", reason="the `ocr` extra is not installed")

from app.reading.ocr.engine import SeenWord  # noqa: E402  # needs what was asked for above
from app.reading.ocr.ink import tightened  # noqa: E402  # as above

LINE = ((20.0, 10.0), (420.0, 10.0), (420.0, 50.0), (20.0, 50.0))


def seen(text: str, x0: float, x1: float) -> SeenWord:
    return SeenWord(text, 0.9, ((x0, 15.0), (x1, 15.0), (x1, 45.0), (x0, 45.0)))


def drawn(*spans: tuple[int, int], ink: int = 0, paper: int = 255):
    picture = Image.new("L", (440, 60), paper)
    pen = ImageDraw.Draw(picture)
    for x0, x1 in spans:
        pen.rectangle((x0, 18, x1 - 1, 42), fill=ink)
    return np.asarray(picture)


def sides(words) -> list[tuple[float, float]]:
    return [(word.corners[0][0], word.corners[1][0]) for word in words]


def test_words_end_with_their_ink():
    rough = [seen("Azure", 25, 120), seen("Interior", 140, 300)]
    assert sides(tightened(rough, LINE, drawn((30, 130), (150, 310)))) == [(30, 130), (150, 310)]


def test_light_letters_on_a_dark_ground_are_measured_too():
    rough = [seen("Azure", 25, 120), seen("Interior", 140, 300)]
    picture = drawn((30, 130), (150, 310), ink=255, paper=30)
    assert sides(tightened(rough, LINE, picture)) == [(30, 130), (150, 310)]


def test_a_gap_inside_a_word_is_not_the_gap_between_two():
    rough = [seen("Wide", 30, 200), seen("next", 220, 300)]
    picture = drawn((30, 60), (90, 205), (215, 300))
    assert sides(tightened(rough, LINE, picture)) == [(30, 205), (215, 300)]


def test_where_nothing_is_inked_the_words_stay_as_seen():
    rough = [seen("Azure", 25, 120)]
    assert tightened(rough, LINE, drawn()) == rough


def test_words_that_touch_stay_in_order_and_apart():
    rough = [seen("AB", 30, 100), seen("C", 100, 110), seen("DE", 111, 200)]
    found = sides(tightened(rough, LINE, drawn((30, 200))))
    assert all(x0 < x1 for x0, x1 in found)
    assert [x0 for x0, _ in found] == sorted(x0 for x0, _ in found)


def test_print_has_gaps_as_wide_as_on_the_picture():
    picture = Image.new("L", (440, 60), 255)
    font = ImageFont.load_default(24)
    pen = ImageDraw.Draw(picture)
    pen.text((30, 15), "Tech Solutions", fill=0, font=font)
    second = 30 + pen.textlength("Tech ", font=font)
    end = pen.textbbox((30, 15), "Tech", font=font)[2]
    found = sides(tightened([seen("Tech", 30, 80), seen("Solutions", 110, 210)], LINE, np.asarray(picture)))
    assert found[0][1] == pytest.approx(end, abs=2)
    assert found[1][0] == pytest.approx(second, abs=3)
