"""Papers as common programs, shops, authorities and professions print them: each is read whole."""

from pathlib import Path

import pytest

from tests.extraction.page.printed import exact, read_page, said_of

PAPERS = sorted((Path(__file__).parent / "papers").glob("*.html"))


@pytest.mark.parametrize("page", PAPERS, ids=lambda page: page.stem)
def test_a_paper_of_each_kind_is_read_whole(page, tmp_path):
    extraction, facts = read_page(page, tmp_path)
    assert said_of(extraction.readings[0].invoice, facts) == exact(facts)
