"""What a model adds over real invoices, and what a lying one costs, with stand-ins for both ends."""

import pytest

from app.model.job import HelpScope
from tests.extraction.llm.measure import cases, everything, honest, liar, run, sly
from tests.extraction.llm.standins import inventing


@pytest.fixture(scope="module")
def real(corpus):
    found = list(cases(corpus / "pdf")) if (corpus / "pdf").is_dir() else []
    if not found:
        pytest.skip("no printed invoices in the folder of real documents")
    return found


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_a_truthful_model_brings_every_core_field_right_for_a_third_of_the_tokens(real):
    alone, helped, whole = run(real, None), run(real, honest), everything(real)
    print(
        "", alone.line("alone"), helped.line("truthful"), f"sending everything: {whole:.0f} tokens", sep="\n"
    )
    assert helped.whole / helped.documents >= 0.97
    assert helped.tokens / helped.documents <= whole / 3


@pytest.mark.bench
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scope", HelpScope)
def test_a_lying_model_costs_at_most_a_point_and_brings_nothing_that_is_not_printed(real, scope):
    alone = run(real, None)
    liars = {f"lying {seed}": liar(seed) for seed in range(4)}
    for name, model in {**liars, "cunning": sly, "inventing": lambda _case: inventing(7)}.items():
        score = run(real, model, scope)
        print(score.line(f"{name}, {scope}"))
        assert score.unprinted == []
        assert alone.precision - score.precision <= 0.01
