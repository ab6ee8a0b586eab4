import pytest

from app.extraction.page.parties.cut_names import doubted
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.layout import lines
from app.extraction.page.text.scan import Scan, scan
from app.model.document import Page, Word


def page(*texts: str, sizes: tuple[float, ...] = ()) -> Scan:
    words, top = [], 60.0
    for number, text in enumerate(texts):
        size = sizes[number] if sizes else 10.0
        at = 50.0
        for part in text.split():
            words.append(Word(part, at, top, at + 0.5 * size * len(part), top + size, size))
            at += 0.5 * size * len(part) + 0.28 * size
        top += 1.2 * size
    sheet = Page(number=1, width=595, height=842, words=tuple(words))
    return scan([(sheet, lines(sheet))])


def trust(found: Scan, row: int) -> float:
    line = found.lines[row]
    return doubted(Text(line.text, line.place(0, len(line.text))), found).score


@pytest.mark.parametrize(
    ("texts", "row"),
    [
        (("Vetreria Lucente &", "Figli S.r.l.", "Via Roma 3"), 1),
        (("Vetreria Lucente s.a.s. di", "Lucente Ada & C.", "Via Roma 3"), 0),
        (("Maciejak Transport", "z o.o.", "ul. Polna 2"), 0),
        (("Maciejak Transport", "S.r.l.", "ul. Polna 2"), 0),
        (("Coop.", "Via Roma 3"), 0),
    ],
    ids=["begins above", "ends in a small word", "goes on small", "its form is below", "is a mere form"],
)
def test_a_name_that_goes_on_over_a_line_is_not_trusted(texts, row):
    assert trust(page(*texts), row) < 0.5


@pytest.mark.parametrize(
    ("texts", "row"),
    [
        (("Vetreria Lucente S.r.l.", "Via Roma 3", "20100 Milano"), 0),
        (("Cliente", "Vetreria Lucente S.r.l.", "Via Roma 3"), 1),
        (("Molino Bianchi S.p.A.", "Vetreria Lucente S.r.l.", "Via Roma 3"), 1),
    ],
    ids=["alone", "under its label", "under another company"],
)
def test_a_whole_name_is_trusted(texts, row):
    assert trust(page(*texts), row) == 1.0


def test_a_name_under_larger_print_is_trusted():
    found = page("LUCENTE", "Vetreria Lucente S.r.l.", "Via Roma 3", sizes=(24.0, 10.0, 10.0))
    assert trust(found, 1) == 1.0
