import tomllib

import pytest

from app.api.options import LOCALES
from app.extraction.page.text.amounts import CURRENCY_SIGNS
from app.extraction.page.text.lexicon import lexicon, phrases

LANGUAGES = LOCALES
NEEDED = {
    "number",
    "date",
    "due_date",
    "net",
    "tax",
    "total",
    "due",
    "seller",
    "buyer",
    "vat_id",
    "title_invoice",
    "title_credit_note",
}


def written(root, language):
    return tomllib.loads((root / "app/extraction/page/text/labels" / f"{language}.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_can_say_what_an_invoice_needs(root, language):
    assert set(written(root, language)) >= NEEDED


def test_all_languages_speak_of_the_same_kinds(root):
    known = {kind for language in LANGUAGES for kind in written(root, language)}
    spoken = {kind: [lang for lang in LANGUAGES if kind in written(root, lang)] for kind in known}
    italian = {"sdi_code", "cig", "cup", "split_payment"}
    compounds = {"heads", "false_heads"}
    assert {kind for kind, where in spoken.items() if len(where) < 2} <= italian | compounds | {"language"}


def test_a_phrase_with_alternatives_stands_for_each_of_them():
    assert set(phrases("{total ,}net {amount,}")) == {
        ("total", "net", "amount"),
        ("total", "net"),
        ("net", "amount"),
        ("net",),
    }


def test_the_longest_phrase_wins(paper, scanned):
    (labels,) = scanned(paper([(50, "Total amount due 12,00")])).labels
    assert [labels[0].line.text[label.start : label.end] for label in labels] == ["Total amount due"]


def test_accents_case_and_dots_do_not_matter(paper, scanned):
    found = scanned(paper([(50, "FÄLLIGKEIT:")], [(50, "P. IVA 1")], [(50, "N.º da fatura: 7")]))
    assert [labels[0].senses[0].kind for labels in found.labels] == ["due_date", "vat_id", "number"]


def test_words_inside_addresses_of_the_web_are_no_labels(paper, scanned):
    (labels,) = scanned(paper([(50, "info@firma.de")])).labels
    assert labels == ()


def test_the_tree_is_built_once():
    assert lexicon() is lexicon()


def test_a_label_that_goes_on_under_itself_is_one(paper, scanned):
    found = scanned(
        paper(
            [(60, 30, "Fecha de", 10), (160, 30, "26-09-2023", 10)],
            [(60, 42, "expedición", 10)],
        )
    )
    assert [label.senses[0].kind for on_line in found.labels for label in on_line] == ["date"]


def test_labels_under_one_another_stay_apart_where_each_has_its_value(paper, scanned):
    found = scanned(
        paper(
            [(60, 30, "Total", 10), (160, 30, "120,00", 10)],
            [(60, 42, "Netto", 10), (160, 42, "100,00", 10)],
        )
    )
    assert len(found.by_kind["total"]) == len(found.by_kind["net"]) == 1


def test_no_label_is_the_sign_or_code_of_a_currency():
    tree = lexicon()
    assert [sign for sign in CURRENCY_SIGNS if "" in tree.get(sign.lower(), {})] == []
