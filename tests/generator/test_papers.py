"""Documents of every family are told right: a sample of what `python -m tests.generator.papers.measure` measures."""

import pytest

from tests.generator.papers.families import FAMILIES
from tests.generator.papers.measure import judged, paper_of, told

SEED = 7001


@pytest.mark.parametrize("family", FAMILIES)
def test_a_document_of_a_family_is_told_as_it_stands(family):
    paper = paper_of(SEED, family)
    counted, wrong = judged(paper, *told(paper))
    pieces = sum(count for kind, count in counted.items() if kind.endswith(" all"))
    assert pieces > 10
    right = sum(count for kind, count in counted.items() if not kind.endswith(" all"))
    assert right >= 0.95 * pieces, wrong
