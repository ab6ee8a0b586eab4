from app.model.document import Page, Word
from app.reading.scan import is_garbled, needs_recognition

SENTENCE = (
    "La fattura riguarda lavori eseguiti presso il vostro magazzino durante ottobre come concordato insieme"
)


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(part, 0, 0, 10, 10) for part in text.split())


def page(text: str, image_share: float) -> Page:
    return Page(number=1, width=595, height=842, words=words(text), image_share=image_share)


def shifted(text: str) -> str:
    return "".join(chr((ord(c) - 97 + 16) % 26 + 97) if c.islower() else c for c in text)


def test_plain_text_is_not_garbled():
    assert not is_garbled(words(SENTENCE))


def test_a_shifted_encoding_is_garbled():
    assert is_garbled(words(shifted(SENTENCE * 2)))


def test_characters_of_the_private_use_area_are_garbled():
    assert is_garbled(words("\ue001\ue002\ue003 \ue004\ue005 12"))


def test_codes_and_numbers_alone_are_not_garbled():
    assert not is_garbled(words("DE89 3704 RST-44 1.234,50 XKCD BGB HGB GmbH & Co. KG 19% MwSt. Nr. 7"))


def test_a_picture_with_a_stamp_of_words_is_recognised():
    assert needs_recognition(page("scanned by office", 0.97))


def test_a_page_of_text_with_a_logo_is_left_alone():
    assert not needs_recognition(page(SENTENCE, 0.3))


def test_a_cover_of_few_words_without_a_picture_is_left_alone():
    assert not needs_recognition(page("Grazie", 0.0))
