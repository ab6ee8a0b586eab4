"""What every built-in rule owes to those who are told its code."""

import pytest

from app.validation import load
from rules import RETIRED, RULES

EVERY = [load().find(code) for code in load().codes]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.code)
def test_a_rules_documentation_says_why_it_matters_and_what_to_do(rule):
    paragraphs = rule.documentation.split("\n\n")
    assert [start for start in ("Why: ", "Do: ") if any(p.startswith(start) for p in paragraphs)] == [
        "Why: ",
        "Do: ",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_names_the_law_or_standard_it_stands_on(rule):
    assert rule.source


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.code)
def test_a_rules_title_is_one_sentence(rule):
    assert rule.title.endswith(".")
    assert len(rule.title) <= 120


def test_no_code_is_used_twice_or_again():
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert not RETIRED & set(codes)
