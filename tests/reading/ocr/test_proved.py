"""Misread identifiers are put right where their check digits prove it, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reading.ocr.engine import SeenWord
from app.reading.ocr.proved import proved

BOX = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0))


def read(*texts: str) -> list[str]:
    return [word.text for word in proved([SeenWord(text, 0.95, BOX) for text in texts])]


@pytest.mark.parametrize(
    ("misread", "right"),
    [
        ("DE893704O0440532013000", "DE89370400440532013000"),
        ("1T60X0542811101000000123456", "IT60X0542811101000000123456"),
        ("IT60X0S4281I101000000123456", "IT60X0542811101000000123456"),
        ("DE13669S976", "DE136695976"),
        ("ATU6S785527", "ATU65785527"),
        ("RSSMRA80A0IH501U", "RSSMRA80A01H501U"),
        ("R5SMRA80A01H501U", "RSSMRA80A01H501U"),
    ],
)
def test_a_character_of_the_wrong_sort_is_exchanged(misread, right):
    assert read(misread) == [right]


def test_an_account_in_groups_keeps_its_groups():
    assert read("IBAN", "DE89", "37O4", "0044", "O532", "0130", "00", "BIC") == [
        "IBAN", "DE89", "3704", "0044", "0532", "0130", "00", "BIC",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["DE893704O0440532013001", "DE13669S975", "RSSMRA80A0IH501X", "DE136695976", "1TALIA", "B0LLO", "50.OO"],
)
def test_what_no_check_proves_stays_as_it_was_read(text):
    assert read(text) == [text]


def test_what_was_put_right_is_trusted_less():
    words = proved([SeenWord("DE13669S976", 0.99, BOX), SeenWord("DE136695976", 0.99, BOX)])
    assert [word.confidence for word in words] == [0.8, 0.99]


@given(st.lists(st.text("ADEIT0158OSBl |", min_size=1, max_size=24), max_size=12))
def test_any_words_keep_their_number_and_lengths(texts):
    assert [len(text) for text in read(*texts)] == [len(text) for text in texts]
