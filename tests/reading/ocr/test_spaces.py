"""Words that recognition ran together are parted where the paper shows between them, and nothing else is."""

import pytest

from app.reading.ocr.spaces import lost_spaces

LETTER = 12
HEIGHT = 40


def parted(text: str, *gaps_after: int, wide: int = 9, between: tuple[int, ...] = (9, 10)) -> list[str]:
    """The pieces of a text whose letters are equally wide, with wide gaps after so many of them."""
    gaps = [(at * LETTER - wide // 2, at * LETTER + wide // 2) for at in gaps_after]
    found, done = [], 0
    for at, _ in lost_spaces(text, (0, len(text) * LETTER), gaps, between, HEIGHT):
        found.append(text[done:at])
        done = at
    return [*found, text[done:]]


@pytest.mark.parametrize(
    ("text", "at", "pieces"),
    [
        ("BaurechnungNr.", 11, ["Baurechnung", "Nr."]),
        ("Rechnung181304", 8, ["Rechnung", "181304"]),
        ("471102vom", 6, ["471102", "vom"]),
        ("Datum:05.08.2026", 6, ["Datum:", "05.08.2026"]),
        ("30Tagen", 2, ["30", "Tagen"]),
    ],
)
def test_words_run_together_are_parted_at_the_gap(text, at, pieces):
    assert parted(text, at) == pieces


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020110", 4),
        ("1.234,56", 2),
        ("DE136695976", 2),
        ("RE2026", 2),
        ("22:52:33", 3),
        ("EMBANGAN", 3),
        ("Rechnung", 4),
    ],
)
def test_numbers_codes_times_and_plain_words_are_never_parted(text, at):
    assert parted(text, at) == [text]


def test_a_gap_narrower_than_the_line_s_spaces_is_none():
    assert parted("BaurechnungNr.", 11, wide=4) == ["BaurechnungNr."]


def test_a_gap_far_from_where_the_text_could_break_is_none():
    assert parted("BaurechnungNr.", 5) == ["BaurechnungNr."]


def test_several_breaks_of_one_word_are_found():
    assert parted("R876vom06.08.2026", 4, 7) == ["R876", "vom", "06.08.2026"]
