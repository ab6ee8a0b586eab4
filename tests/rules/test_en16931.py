"""Our rules beside the official unit tests of EN 16931, fragment by fragment, for every official rule a `source` names.

`pytest tests/rules/test_en16931.py -s` prints the table: official rule, cases, agreed.
"""

import json
import re
from collections import defaultdict

import pytest

from app.extraction.einvoice import extract_xml
from app.model.document import Document, FileType
from app.model.options import Options
from app.validation import Context, load, validate

OFFICIAL = re.compile(r"\bBR-[A-Z0-9-]*\d+")
EXPLAINED = {
    "BR-CO-15": "several tax totals in one document, in one or in another currency: the reader keeps one of them",
    "BR-CO-17": "the artefact for CII lets a whole unit pass that the one for UBL refuses; ours is the stricter",
}


@pytest.fixture(scope="module")
def agreement(corpus):
    """By official rule: how many cases there are, and in how many of them our flag agrees."""
    unit = corpus / "xml-rules" / "en16931-unit"
    ruleset, claims = load(), defaultdict(set)
    for rule in ruleset.rules:
        for official in OFFICIAL.findall(rule.source):
            claims[official].add(rule.code)
    table = defaultdict(lambda: [0, 0])
    for line in (unit / "expected.jsonl").read_text().splitlines():
        case = json.loads(line)
        wanted = {
            official: kind != "success" for official, kind in case["expect"].items() if official in claims
        }
        if not wanted:
            continue
        document = Document(file_type=FileType.XML, xml=(unit / case["case"]).read_bytes())
        report = validate(extract_xml(document, Options()), Context(), ruleset)
        flagged = {flag.code for flag in report.validation_flags}
        for official, error in wanted.items():
            table[official][0] += 1
            table[official][1] += bool(claims[official] & flagged) == error
    return table


def test_our_flags_agree_with_the_official_expectations(agreement):
    cases, agreed = map(sum, zip(*agreement.values(), strict=True))
    print(f"\n{len(agreement)} official rules, {cases} cases, {agreed} agreed ({agreed / cases:.1%})")
    for official, (count, right) in sorted(agreement.items()):
        print(f"{official:10} {count:4} {right:4} {right / count:7.1%}  {EXPLAINED.get(official, '')}")
    assert agreed / cases >= 0.98


def test_every_official_rule_that_we_name_agrees_or_is_explained(agreement):
    short = {official for official, (count, right) in agreement.items() if right / count < 0.98}
    assert short <= EXPLAINED.keys()
