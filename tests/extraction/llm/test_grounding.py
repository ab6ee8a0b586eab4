"""A value counts when the words it names yield it by our own lexers, and not otherwise."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extraction.llm.answers import Answer, decoded
from app.extraction.llm.grounding import grounded
from app.extraction.llm.numbering import as_text, numbered
from app.model.document import Page, Word

LINES = (
    "Rossi & Figli S.r.l. P.IVA IT 12345678903",
    "Fattura n. FT-2026/17 del 03/02/2026 rif. #99",
    "IBAN IT60 X054 2811 1010 0000 0123 456",
    "Imponibile 1.234,50 EUR IVA 22% 271,59",
    "Totale € 1.506,09 CHF",
    "Rossi",
    "Bianchi S.p.A.",
)


def page():
    words = []
    for row, line in enumerate(LINES):
        x = 40.0
        for text in line.split():
            words.append(Word(text, x, 40.0 + 20 * row, x + 6 * len(text), 50.0 + 20 * row, 10.0))
            x += 6 * len(text) + 3
    return Page(number=1, width=595, height=842, words=tuple(words))


WORDS = numbered([page()])
TEXTS = [word.text for line in WORDS.found.lines for word in line.words]


def ids(*texts):
    """The ids of words, by their texts in the order of the page."""
    return [TEXTS.index(text) + 1 for text in texts]


def value(path, text, *words):
    found = grounded(Answer(path, text, ids(*words)), WORDS)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("path", "text", "words", "read"),
    [
        ("financials.subtotal", "1234.50", ["1.234,50"], Decimal("1234.50")),
        ("financials.subtotal", "1.234,50", ["1.234,50", "EUR"], Decimal("1234.50")),
        ("financials.total", "-1506.09", ["€", "1.506,09"], Decimal("1506.09")),
        ("financials.tax_rate", "22", ["22%"], Decimal(22)),
        ("financials.tax_rate", "22 %", ["22%"], Decimal(22)),
        ("invoice.date", "2026-02-03", ["03/02/2026"], dt.date(2026, 2, 3)),
        ("invoice.date", "2026-03-02", ["03/02/2026"], dt.date(2026, 3, 2)),
        ("invoice.number", "FT-2026/17", ["FT-2026/17"], "FT-2026/17"),
        ("invoice.number", "ft-2026/17", ["n.", "FT-2026/17"], "FT-2026/17"),
        ("invoice.number", "99", ["#99"], "99"),
        ("invoice.currency", "EUR", ["EUR"], "EUR"),
        ("invoice.currency", "eur", ["€"], "EUR"),
        ("vendor.name", "rossi & figli srl", ["Rossi", "&", "Figli", "S.r.l."], "Rossi & Figli S.r.l."),
        (
            "vendor.name",
            "Rossi & Figli S.r.l.",
            ["Rossi", "&", "Figli", "S.r.l.", "P.IVA"],
            "Rossi & Figli S.r.l.",
        ),
        ("vendor.vat_number", "IT12345678903", ["IT", "12345678903"], "IT12345678903"),
        ("vendor.vat_number", "12345678903", ["12345678903"], "12345678903"),
        (
            "vendor.iban",
            "IT60X0542811101000000123456",
            ["IT60", "X054", "2811", "1010", "0000", "0123", "456"],
            "IT60X0542811101000000123456",
        ),
    ],
)
def test_what_the_words_yield_is_read_from_them(path, text, words, read):
    assert value(path, text, *words) == read


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("financials.subtotal", "234.50", ["1.234,50"]),
        ("financials.subtotal", "1234.51", ["1.234,50"]),
        ("financials.subtotal", "nan", ["1.234,50"]),
        ("financials.subtotal", "1e400000000", ["1.234,50"]),
        ("financials.subtotal", "22", ["22%"]),
        ("financials.total", "1506.09", ["CHF"]),
        ("financials.tax_rate", "2", ["22%"]),
        ("invoice.date", "2026-02-04", ["03/02/2026"]),
        ("invoice.date", "soon", ["03/02/2026"]),
        ("invoice.number", "2026/17", ["FT-2026/17"]),
        ("invoice.number", "FT-2026", ["FT-2026/17"]),
        ("invoice.number", "Fattura", ["Fattura"]),
        ("invoice.currency", "USD", ["EUR"]),
        ("vendor.name", "Rossi & Figli", ["Bianchi", "S.p.A."]),
        ("vendor.name", "Ross", ["Rossi"]),
        ("vendor.name", ".", ["Rossi"]),
        ("vendor.vat_number", "IT2345678903", ["12345678903"]),
        ("vendor.vat_number", "IT", ["IT"]),
        (
            "vendor.iban",
            "IT60X0542811101000000123457",
            ["IT60", "X054", "2811", "1010", "0000", "0123", "456"],
        ),
        ("vendor.country", "IT", ["IT"]),
    ],
)
def test_what_they_do_not_yield_is_nothing(path, text, words):
    assert value(path, text, *words) is None


def test_a_word_that_is_not_there_makes_it_nothing():
    assert grounded(Answer("invoice.number", "FT-2026/17", [*ids("FT-2026/17"), 9999]), WORDS) is None


def test_evidence_is_the_box_of_the_words():
    found = grounded(Answer("invoice.number", "FT-2026/17", ids("n.", "FT-2026/17")), WORDS)
    word = WORDS.word(ids("FT-2026/17")[0])
    assert tuple(found.place.box) == (word.x0, word.top, word.x1, word.bottom)
    assert found.place.text == "FT-2026/17"


def test_the_text_names_every_word_by_its_place():
    lines = as_text(WORDS, WORDS.found.lines).splitlines()
    assert lines[0] == "--- page 1"
    for line in lines[1:]:
        for segment in line.removeprefix("[").split(" ["):
            first, text = segment.split("]", 1)
            for offset, word in enumerate(text.split()):
                assert WORDS.word(int(first) + offset).text == word


PATHS = st.sampled_from(
    ["financials.total", "invoice.date", "invoice.number", "invoice.currency", "vendor.name", "vendor.vat_number",
     "vendor.iban", "financials.tax_rate", "line_items[0].quantity", "line_items[3].description"]
)  # fmt: skip


@given(PATHS, st.text(max_size=40) | st.sampled_from(TEXTS), st.lists(st.integers(-5, 60), max_size=6))
def test_whatever_is_answered_nothing_enters_that_is_not_printed(path, text, word_ids):
    found = grounded(Answer(path, text, word_ids), WORDS)
    if found is not None:
        assert set(found.place.text.split()) <= {piece for word in TEXTS for piece in _pieces(word)}


def _pieces(word):
    return [word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1)]


@given(st.text(max_size=300))
def test_any_reply_is_decoded_or_left(text):
    read = decoded(text)
    assert all(isinstance(answer.value, str) and answer.value for answer in read.answers)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["path", "value", "word_ids", "answers"]), part),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_any_json_is_decoded_or_left(document):
    assert isinstance(decoded(json.dumps(document)).whole, bool)


def test_what_is_whole_of_a_broken_reply_is_kept():
    one = '{"path": "invoice.number", "value": "A1", "word_ids": [3]}'
    read = decoded(f'{{"answers": [{one}, {{"path": "invoice.da')
    assert [answer.path for answer in read.answers] == ["invoice.number"]
    assert not read.whole
