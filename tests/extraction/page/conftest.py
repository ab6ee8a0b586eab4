import tomllib

import pytest

from app.extraction.page.extract import extract_pages
from app.extraction.page.text.layout import lines
from app.extraction.page.text.scan import scan
from app.model.document import Document, FileType, Page, TextOrigin, Word
from app.model.options import Options

GLYPH = 5.0
SPACE = 2.8


def _words(x, top, text, size, confidence):
    for part in text.split():
        width = GLYPH * len(part)
        yield Word(part, x, top, x + width, top + size, size=size, confidence=confidence)
        x += width + SPACE


@pytest.fixture
def paper():
    """Lays texts on a page: rows of (x, text) from top to bottom, 14 points apart, or (x, top, text, size)."""

    def lay(*rows, number=1, origin=TextOrigin.TEXT_LAYER, confidence=1.0, hidden=()):
        words, top = [], 30.0
        for row in rows:
            for entry in row:
                if len(entry) == 2:
                    words.extend(_words(entry[0], top, entry[1], 10.0, confidence))
                else:
                    x, at, text, size = entry
                    words.extend(_words(x, at, text, size, confidence))
            top += 14.0
        secret = tuple(Word(text, 0, 0, 1, 1) for text in hidden)
        return Page(number=number, width=595, height=842, words=tuple(words), origin=origin, hidden=secret)

    return lay


@pytest.fixture
def scanned():
    """Pages, scanned together."""

    def read(*pages):
        return scan([(page, lines(page)) for page in pages])

    return read


@pytest.fixture
def extracted():
    """Pages, read to an extraction."""

    def read(*pages, **options):
        document = Document(file_type=FileType.PDF, pages=tuple(pages), page_count=len(pages))
        return extract_pages(document, Options(**options))

    return read


@pytest.fixture
def invoice_rows():
    """The rows of a plain German invoice that adds up."""
    return (
        [(60, "Muster Werkzeuge GmbH")],
        [(60, "Hauptstraße 1")],
        [(60, "10115 Berlin")],
        [(60, "USt-IdNr.: DE136695976")],
        [],
        [(60, "Rechnung an:")],
        [(60, "Beispiel Handel AG")],
        [(60, "Nebenweg 2")],
        [(60, "20095 Hamburg")],
        [],
        [(60, "Rechnung")],
        [(60, "Rechnungsnummer:"), (220, "RE-2024-17")],
        [(60, "Rechnungsdatum:"), (220, "05.06.2024")],
        [(60, "Fällig am:"), (220, "05.07.2024")],
        [],
        [(60, "Nettobetrag"), (400, "100,00 EUR")],
        [(60, "zzgl. 19 % MwSt."), (400, "19,00 EUR")],
        [(60, "Gesamtbetrag"), (400, "119,00 EUR")],
    )


def cases(root, name):
    """The table of `fixtures/text/<name>.toml`."""
    return tomllib.loads((root / "fixtures" / "text" / f"{name}.toml").read_text("utf-8"))["case"]


@pytest.fixture(scope="session")
def table(root):
    """Tables of texts and what they mean."""
    return lambda name: cases(root, name)
