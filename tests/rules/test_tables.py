"""Each rule against its own table of cases, `fixtures/rules/<CODE>.toml`."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.model.extraction import Extraction
from app.validation import Context, Report, Rule, Ruleset, load, validate
from rules import RULES

TABLES = Path(__file__).parents[2] / "fixtures" / "rules"
KINDS = ("triggers", "silent", "skipped")
CASE_KEYS = {
    "name", "given", "result", "results", "context", "observations", "fields", "file_type", "signature", "confidence",
    "flag", "flags", "reason",
}  # fmt: skip


def table(code: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{code}.toml").read_text(), parse_float=Decimal)


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, merged(content.get("given", {}), case), id=f"{rule.code}: {case['name']}")
        for rule in RULES
        if (TABLES / f"{rule.code}.toml").exists()
        for content in [table(rule.code)]
        for case in content.get(kind, ())
    ]


def merged(given: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    return case if case.get("given") is False else _merge(given, case)


def _merge(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {key: _merge(below.get(key), above.get(key, below.get(key))) for key in {**below, **above}}
    return above


def judged(rule: Rule, case: dict[str, Any]) -> Report:
    assert case.keys() <= CASE_KEYS, f"unknown keys {case.keys() - CASE_KEYS}"
    results = case.get("results") or [case.get("result", {})]
    extraction = {
        "readings": [{"invoice": result, "fields": case.get("fields", {})} for result in results],
        "file_type": case.get("file_type", "pdf"),
        "confidence": case.get("confidence", 1),
        "observations": case.get("observations", {}),
        "signature": case.get("signature"),
    }
    return validate(
        known(extraction, Extraction), known(case.get("context", {}), Context), Ruleset(rules=(rule,))
    )


def known(given: Any, kind: Any) -> Any:
    """The value of a type; a misspelt key fails instead of vanishing."""
    value = msgspec.convert(given, kind, strict=False)
    lost = set(keys(given)) - set(keys(msgspec.to_builtins(value)))
    assert not lost, f"no such keys: {lost}"
    return value


def keys(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}"
            yield from keys(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from keys(item, path)


def as_the_table_says(rule: Rule, kind: str, case: dict[str, Any]) -> bool:
    report = judged(rule, case)
    check = {"triggers": finds_what_it_should, "silent": is_silent, "skipped": is_skipped_for_the_reason}[
        kind
    ]
    check(rule, case, report)
    return True


def finds_what_it_should(rule: Rule, case: dict[str, Any], report: Report) -> None:
    wanted = case.get("flags") or [case["flag"]]
    found = [msgspec.structs.asdict(flag) | {"paths": list(flag.paths)} for flag in report.validation_flags]
    assert [{key: flag[key] for key in want} for flag, want in zip(found, wanted, strict=True)] == wanted
    assert report.validation.failed[:1] == (rule.code,)
    assert all(flag["code"] == rule.code for flag in found)


def is_silent(rule: Rule, _case: dict[str, Any], report: Report) -> None:
    assert not report.validation_flags
    assert rule.code in report.validation.passed


def is_skipped_for_the_reason(rule: Rule, case: dict[str, Any], report: Report) -> None:
    assert not report.validation_flags
    assert [skipped.code for skipped in report.validation.skipped] == [rule.code]
    assert case["reason"] in report.validation.skipped[0].reason


@pytest.mark.parametrize(("rule", "case"), cases("triggers"))
def test_a_rule_finds_what_its_table_says(rule, case):
    assert as_the_table_says(rule, "triggers", case)


@pytest.mark.parametrize(("rule", "case"), cases("silent"))
def test_a_rule_is_silent_where_its_table_says(rule, case):
    assert as_the_table_says(rule, "silent", case)


@pytest.mark.parametrize(("rule", "case"), cases("skipped"))
def test_a_rule_is_skipped_for_the_reason_its_table_says(rule, case):
    assert as_the_table_says(rule, "skipped", case)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_table_that_triggers_is_silent_and_skips(rule):
    content = table(rule.code)
    missing = [kind for kind in KINDS if not content.get(kind)]
    assert missing in ([], ["skipped"])
    assert not missing or content["never_skipped"]


def test_every_table_belongs_to_a_rule():
    assert {path.stem for path in TABLES.glob("*.toml")} == {rule.code for rule in RULES}


def test_the_built_in_rules_come_through_the_entry_point():
    assert load().rules == RULES
