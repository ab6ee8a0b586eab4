import pytest

from app.pipeline import judge
from app.validation import Context, Outcome, load
from tests.generator.field.others import BUNDLES, bundle, kinds, paper, read


@pytest.mark.parametrize("kind", kinds())
def test_a_paper_that_is_no_invoice_is_not_accepted(kind, tmp_path):
    language = next(key for key in kinds()[kind] if key != "page")
    found = read(paper(11, kind, language)[0], tmp_path)
    assert judge(found, Context(), load()).decision.outcome is not Outcome.ACCEPT


@pytest.mark.parametrize("kind", BUNDLES)
def test_a_bundle_holds_the_invoices_it_names(kind):
    one = bundle(5, kind)
    assert len(one.numbers) == {"two_sellers": 2, "three": 3, "same_seller": 2}.get(kind, 1)
