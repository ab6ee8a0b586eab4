import pytest

from app.extraction.page.text.misread import meant
from app.model.document import TextOrigin

KNOWN = frozenset({"receipt", "invoice", "total", "date", "rundung"})


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("recelpt", "receipt"),
        ("involce", "invoice"),
        ("tatal", "total"),
        ("rumdung", "rundung"),
        ("total", "total"),
    ],
)
def test_a_letter_that_looks_like_another_is_forgiven(token, word):
    assert meant(token, KNOWN) == word


@pytest.mark.parametrize("token", ["dale", "tonal", "tataI2", "recepit", "totals"])
def test_short_words_and_other_mistakes_are_not(token):
    assert meant(token, KNOWN) == token


def test_labels_are_forgiven_on_recognised_pages_alone(paper, scanned):
    rows = [[(60, "Tatal amount"), (300, "12.50")]]
    read = scanned(paper(*rows, origin=TextOrigin.OCR))
    printed = scanned(paper(*rows))
    assert any(label.means("total") for label in read.labels[0])
    assert not any(label.means("total") and label.tokens > 1 for label in printed.labels[0])
