"""Run the rules over what was read: the invoice is walked once, each rule sees what it subscribed to."""

from decimal import Decimal
from typing import Final

import msgspec

from app.model.extraction import Extraction
from app.model.official import Examination
from app.validation.context import Context
from app.validation.outside import flags_of, held
from app.validation.plan import FAILED, NOTHING, Step, planner
from app.validation.policy import Policy
from app.validation.report import Flag, Report, SkippedRule, Validation
from app.validation.rule import Problem, Rule, Skipped, Value
from app.validation.ruleset import ENGINE, POLICY_NOT_APPLIED, RULE_FAILED, RULES_NOT_LOADED, Ruleset
from app.validation.severity import Severity
from app.validation.walk import Sheet, lay_out

_MOST: Final = 1000
"""Findings of one rule on one file that are reported, so that none can fill the memory."""
_SHOWN: Final = 200
"""Characters of a text that are shown of it."""
_WORST_FIRST: Final = tuple(Severity)


class Notebook(msgspec.Struct):
    """What has been found so far."""

    flags: list[Flag] = []
    passed: list[str] = []
    skipped: list[SkippedRule] = []
    failed: list[str] = []


def validate(extraction: Extraction, context: Context, ruleset: Ruleset) -> Report:
    """What the rules say of an extraction; pure, and never raises because of a rule."""
    policy = context.policy or ruleset.policy
    context = msgspec.structs.replace(context, policy=policy)
    sheets = [lay_out(extraction, index, context) for index in range(len(extraction.readings))]
    plan = planner(ruleset).plan(sheets, policy.off, policy.severity)
    notebook = Notebook(skipped=list(plan.skipped))
    for step in plan.steps:
        _take(step, sheets, notebook)
    if ruleset.outside and extraction.observations.official is not None:
        _note_outside(ruleset, extraction.observations.official, policy, notebook)
    _engine_findings(ruleset, context, notebook)
    worst_first = sorted(notebook.flags, key=lambda flag: _WORST_FIRST.index(flag.severity))
    return Report(
        validation_flags=tuple(worst_first),
        validation=Validation(
            passed=tuple(notebook.passed), skipped=tuple(notebook.skipped), failed=tuple(notebook.failed)
        ),
    )


def _take(step: Step, sheets: list[Sheet], notebook: Notebook) -> None:
    """Call a rule for each of its subjects. Hot: it sees every rule that concerns an invoice."""
    rule, flags = step.rule, notebook.flags
    before, checked, reason = len(flags), False, ""
    for broken in step.broken:
        flags.append(_failure(rule, broken.problem))
        reason = FAILED
    for index in step.sheets:
        sheet, kinds = sheets[index], rule.beside
        for prefix, subject in sheet.subjects[rule.subject]:
            try:
                beside = sheet.given_beside(kinds) if kinds else ()
                for problem in rule.check(subject, *beside):
                    flags.append(_flag(rule, step.severity, prefix, problem))
                    if len(flags) - before >= _MOST:
                        break
                checked = True
            except Skipped as skipped:
                reason = reason or str(skipped)
            except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's code; the others go on
                flags.append(_failure(rule, type(error).__name__))
                reason = reason or FAILED
    if checked and len(flags) == before:
        notebook.passed.append(rule.code)
    else:
        _note(rule, flags[before:], reason, notebook)


def _note(rule: Rule, found: list[Flag], reason: str, notebook: Notebook) -> None:
    """Where a rule ends that did not pass: failed, or skipped for a reason."""
    if any(flag.code == rule.code for flag in found):
        notebook.failed.append(rule.code)
    else:
        notebook.skipped.append(SkippedRule(rule.code, FAILED if found else reason or NOTHING))


def _note_outside(ruleset: Ruleset, examination: Examination, policy: Policy, notebook: Notebook) -> None:
    """What the official artefacts found, beside our own."""
    flags = list(flags_of(examination, policy))
    failed = dict.fromkeys(flag.code for flag in flags)
    notebook.flags += flags
    notebook.failed += failed
    notebook.passed += held(ruleset.outside, examination, failed, policy)


def _flag(rule: Rule, severity: Severity, prefix: str, problem: Problem) -> Flag:
    path = _absolute(prefix, problem.path)
    return Flag(
        code=rule.code,
        severity=severity,
        message=problem.message or _sentence(rule.title, problem),
        path=path,
        paths=(path, *[_absolute(prefix, other) for other in problem.paths]),
        expected=_plain(problem.expected),
        actual=_plain(problem.actual),
        source=rule.source or None,
    )


def _absolute(prefix: str, path: str) -> str:
    if path.startswith("$."):
        root = prefix[: prefix.index(".") + 1] if prefix.startswith("results[") else ""
        return root + path[2:]
    return f"{prefix}{path}" if path else prefix.rstrip(".")


def _sentence(title: str, problem: Problem) -> str:
    statement = title.rstrip(".")
    if problem.expected is not None:
        return f"{statement}: expected {_plain(problem.expected)}, found {_plain(problem.actual)}."
    if problem.actual is not None:
        return f"{statement}: found {_plain(problem.actual)}."
    return f"{statement}."


def _plain(value: Value) -> object:
    """A number as it is, everything else as a text that is not too long to show."""
    if value is None or isinstance(value, Decimal | int):
        return value
    text = value if isinstance(value, str) else value.isoformat()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _failure(rule: Rule, problem: str) -> Flag:
    return Flag(
        code=RULE_FAILED.code,
        severity=RULE_FAILED.severity,
        message=f"The rule {rule.code} could not be run ({problem}).",
        actual=rule.code,
    )


def _engine_findings(ruleset: Ruleset, context: Context, notebook: Notebook) -> None:
    for rule, problems in (
        (RULES_NOT_LOADED, ruleset.problems),
        (POLICY_NOT_APPLIED, (context.policy_problem,) if context.policy_problem else ()),
    ):
        notebook.flags += [
            Flag(code=rule.code, severity=rule.severity, message=problem) for problem in problems
        ]
    found = {flag.code for flag in notebook.flags}
    for own in ENGINE:
        (notebook.failed if own.code in found else notebook.passed).append(own.code)
