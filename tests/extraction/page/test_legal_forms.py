import pytest

from app.extraction.page.text.legal_forms import has_legal_form, legal_form_end


@pytest.mark.parametrize(
    "name",
    [
        "Rossi s.a.s. di Rossi & C.",
        "Rossi s.r.l.",
        "ROSSI S.R.L.",
        "ROSSI S.A.S.",
        "Muster Ges.m.b.H.",
        "Muster gGmbH",
        "MUSTER GMBH & CO. KG",
        "Exemple Sàrl",
        "Esempio Sagl",
        "EXAMPLE LIMITED",
        "PRZYKŁAD SP. Z O.O.",
        "Ejemplo S.L.P.",
    ],
)
def test_a_legal_form_ends_the_name_however_it_is_written(name):
    assert legal_form_end(name) == len(name)


@pytest.mark.parametrize(
    "text", ["una spa", "P.C. Hooftstraat 12", "das Gas", "la mia srl amica", "FX 467 LP"]
)
def test_common_words_are_no_legal_form(text):
    assert not has_legal_form(text)


@pytest.mark.parametrize(
    "name", ["Sobolewska Transport sp. j.", "Alfa S.c.a.r.l.", "Bauplan PartG mbB", "Nordvind Handelsbolag"]
)
def test_forms_of_partnerships_and_cooperatives_are_known(name):
    assert legal_form_end(name) == len(name)
