"""Heads of tables in eight languages: one line or several, side by side, stacked."""

import pytest

from app.extraction.page.tables.heads import Head, find_heads
from app.extraction.page.tables.lexicon import Kind, column_phrases, tiled, tokens_of
from app.extraction.page.text.layout import lines
from app.extraction.page.text.lines import fold
from app.extraction.page.text.scan import scan
from app.model.document import Page, Word

LETTER = 4.6


def heads(picture: str) -> list[Head]:
    words = []
    for row, line in enumerate(picture.strip("\n").splitlines()):
        column = 0
        for part in line.split(" "):
            if part:
                x, y = 30 + LETTER * column, 40.0 + 11 * row
                words.append(Word(part, x, y, x + LETTER * len(part) - 0.4, y + 9, 8))
            column += len(part) + 1
    page = Page(number=1, width=900, height=792, words=tuple(words))
    return find_heads(scan([(page, lines(page))]))


@pytest.mark.parametrize("picture", [
    "Description      Quantity      Unit price      Amount",
    "Beschreibung     Menge         Einzelpreis     Betrag",
    "Descrizione      Quantità      Prezzo unitario     Importo",
    "Désignation      Quantité      Prix unitaire     Montant",
    "Descripción      Cantidad      Precio unitario     Importe",
    "Descrição        Quantidade    Preço unitário     Valor",
    "Omschrijving     Aantal        Stuksprijs      Bedrag",
    "Nazwa towaru     Ilość         Cena jednostkowa     Wartość",
])  # fmt: skip
def test_items_are_headed_in_every_language(picture):
    (head,) = heads(picture)
    kinds = [column.kinds for column in head.columns]
    for kind, found in zip((Kind.DESCRIPTION, Kind.QUANTITY, Kind.PRICE, Kind.AMOUNT), kinds, strict=True):
        assert kind in found


def test_a_head_of_several_lines_is_one():
    (head,) = heads(
        "Pos   Artikel-Nr   Beschreibung     Preis       Betrag\n      Lieferant                     ohne USt.   ohne USt."
    )
    assert (head.first, head.last) == (0, 1)
    assert [column.text for column in head.columns] == [
        "pos", "artikel nr lieferant", "beschreibung", "preis ohne ust", "betrag ohne ust",
    ]  # fmt: skip


def test_a_segment_that_names_two_columns_is_cut():
    (head,) = heads("Description        Quantity        Price VAT       Amount")
    assert [column.text for column in head.columns] == ["description", "quantity", "price", "vat", "amount"]


@pytest.mark.parametrize("picture", [
    "Desk, oak          1          410.00       410.00",
    "Net total                    447.50",
    "We thank you for the order and the trust in our products and services",
    "Invoice number     4711       Customer    99",
])  # fmt: skip
def test_lines_that_name_no_columns_are_no_heads(picture):
    assert heads(picture) == []


def test_initials_are_one_word_and_currencies_are_none():
    assert [token.text for token in tokens_of(fold("Montant H.T. (EUR)"))] == ["montant", "ht"]


def test_every_phrase_of_every_file_is_found_as_itself():
    for phrases in column_phrases().values():
        for words, kinds in phrases.items():
            (phrase,) = tiled(words)
            assert phrase.kinds == kinds
