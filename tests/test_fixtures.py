"""The shipped examples: made by the script, read as printed, judged as they deserve."""

import datetime as dt
import json
import os
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import judge, read_invoice
from app.validation import Context, Severity, load
from tests.generator.compare import HEADER, TABLES, matched, outcomes
from tests.generator.fixtures import FOLDER, differences
from tests.generator.measure import as_result

TODAY = dt.date(2026, 8, 1)
EXAMPLES = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())
# What the reader says of its own certainty is no fact of the document.
OF_THE_READER = {"LOW_CONFIDENCE"}


@pytest.fixture(scope="module")
def ruleset():
    return load()


@pytest.fixture(scope="module")
def extractions():
    read = {}

    def extraction(slug):
        if slug not in read:
            read[slug] = read_invoice(document(slug), Options(), Limits())
        return read[slug]

    return extraction


def document(slug) -> Path:
    return next((FOLDER / slug).glob("document.*"))


def expected(slug):
    return json.loads((FOLDER / slug / "expected.json").read_text(), parse_float=Decimal)


def about(slug):
    return tomllib.loads((FOLDER / slug / "about.toml").read_text())


def test_the_examples_cover_four_languages_both_formats_and_a_credit_note():
    facts = [about(slug) for slug in EXAMPLES]
    assert len(EXAMPLES) >= 10
    assert {fact["language"] for fact in facts} >= {"it", "en", "de", "fr"}
    assert {document(slug).suffix for slug in EXAMPLES} == {".pdf", ".xml"}
    assert "credit_note" in {fact["kind"] for fact in facts}


def test_each_base_rule_is_broken_by_one_example():
    broken = {code for slug in EXAMPLES for code in about(slug)["flags"]}
    assert {
        "ARITHMETIC_MISMATCH",
        "INVALID_TOTAL",
        "INVALID_IT_VAT_RATE",
        "INVALID_PIVA_CHECKSUM",
        "DATE_INCOHERENCE",
    } <= broken


@pytest.mark.skipif(
    "SPUNTA_SKIP_REPRODUCTION" in os.environ, reason="fonts or typesetter differ from the pinned ones"
)
def test_the_script_writes_the_examples_byte_for_byte():
    assert differences(FOLDER) == []


@pytest.mark.parametrize("slug", EXAMPLES)
def test_an_example_is_read_as_it_is_printed(slug, extractions):
    result, truth = as_result(extractions(slug)), expected(slug)
    wrong = {path: outcome for path, outcome in outcomes(result, truth, HEADER).items() if outcome != "right"}
    assert wrong == {}
    for table, keys in TABLES.items():
        rows = truth[table]
        assert (matched(result[table], rows, keys), len(result[table])) == (len(rows), len(rows)), table


@pytest.mark.parametrize("slug", EXAMPLES)
def test_an_example_raises_exactly_its_flags(slug, extractions, ruleset):
    report = judge(extractions(slug), Context(today=TODAY), ruleset).report
    found = {flag.code for flag in report.validation_flags if flag.severity is not Severity.INFO}
    assert found - OF_THE_READER == set(about(slug)["flags"])


@pytest.mark.parametrize("slug", [slug for slug in EXAMPLES if about(slug)["flags"]])
def test_no_example_with_a_fault_is_accepted_unseen(slug, extractions, ruleset):
    assert judge(extractions(slug), Context(today=TODAY), ruleset).decision.outcome != "accept"
