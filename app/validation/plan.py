"""Which rules are to be asked of a file, worked out once for all files alike.

Most rules of a ruleset do not concern a given invoice: it is printed and they are for e-invoices, it is
Italian and they are for Germany, it has no withholdings. Which ones those are hangs on a few facts only, the
answers to the rules' limits and which parts the invoice has, so the plan made from them is kept and used
again.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import msgspec

from app.validation.report import SkippedRule
from app.validation.rule import Condition, Rule
from app.validation.ruleset import Ruleset
from app.validation.severity import Severity
from app.validation.walk import OF_THE_FILE, Sheet, is_derived

NOTHING: Final = "there is nothing to check"
FAILED: Final = "the rule itself failed"
_KEPT: Final = 512
"""Plans of one ruleset that are kept."""

Levels = tuple[tuple[str, Severity], ...]


class Broken(msgspec.Struct, frozen=True):
    """A condition of a stranger's rule that raised instead of answering."""

    problem: str
    """The kind of its error."""


class Limit(msgspec.Struct, frozen=True):
    """Whom a rule concerns; many rules share one."""

    when: Condition | None
    countries: frozenset[str]
    since: dt.date | None
    until: dt.date | None


Answer = str | Broken
"""Why a limit leaves an invoice out; empty when it does not."""
Facts = tuple[tuple[Answer, ...], tuple[bool, ...]]
"""Of one invoice: what each limit answers, and whether there is one of each type that rules subscribe to."""


class Step(msgspec.Struct, frozen=True):
    """A rule that is to be asked."""

    rule: Rule
    severity: Severity
    sheets: tuple[int, ...]
    """The invoices of the file that it concerns."""
    broken: tuple[Broken, ...]
    """What its condition did instead of answering."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be asked of a file, and what need not be."""

    steps: tuple[Step, ...]
    skipped: tuple[SkippedRule, ...]


class Planner:
    """Makes the plans of one ruleset."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        limits = {rule: Limit(rule.when, rule.countries, rule.since, rule.until) for rule in rules}
        self._limits = tuple(dict.fromkeys(limits.values()))
        self._kinds = tuple(dict.fromkeys(kind for rule in rules for kind in _parts(rule)))
        self._limit_of = {rule: self._limits.index(limit) for rule, limit in limits.items()}
        self._kinds_of = {rule: tuple(map(self._kinds.index, _parts(rule))) for rule in rules}
        self._made = lru_cache(_KEPT)(self._make)

    def plan(self, sheets: list[Sheet], off: tuple[str, ...], severity: Mapping[str, Severity]) -> Plan:
        """What is to be asked of the invoices of a file under a policy."""
        return self._made(tuple(map(self._facts, sheets)), off, tuple(severity.items()))

    def _facts(self, sheet: Sheet) -> Facts:
        answers = tuple([_answer(limit, sheet) for limit in self._limits])
        there = sheet.subjects
        return answers, tuple([bool(there.get(kind)) for kind in self._kinds])

    def _make(self, facts: tuple[Facts, ...], off: tuple[str, ...], levels: Levels) -> Plan:
        severities = dict(levels)
        steps, skipped = [], []
        for rule in self._rules:
            if rule.code in off:
                continue
            answers = [self._of(rule, one) for one in (facts[:1] if rule.subject in OF_THE_FILE else facts)]
            sheets = tuple(index for index, answer in enumerate(answers) if answer == "")
            broken = tuple(answer for answer in answers if isinstance(answer, Broken))
            if sheets or broken:
                steps.append(Step(rule, severities.get(rule.code, rule.severity), sheets, broken))
            else:
                skipped.append(SkippedRule(rule.code, str(answers[0]) if answers else NOTHING))
        return Plan(tuple(steps), tuple(skipped))

    def _of(self, rule: Rule, facts: Facts) -> Answer:
        answers, there = facts
        if answer := answers[self._limit_of[rule]]:
            return answer
        return "" if all(there[kind] for kind in self._kinds_of[rule]) else NOTHING


@lru_cache(maxsize=32)
def planner(ruleset: Ruleset) -> Planner:
    """The planner of a ruleset, made once."""
    return Planner(ruleset.rules)


def _parts(rule: Rule) -> list[type]:
    """The parts of an invoice without which a rule has nothing to check."""
    return [rule.subject, *[kind for kind in rule.beside if not is_derived(kind)]]


def _answer(limit: Limit, sheet: Sheet) -> Answer:
    try:
        return _outside(limit, sheet)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a stranger's condition; the others go on
        return Broken(type(error).__name__)


def _outside(limit: Limit, sheet: Sheet) -> str:
    """Why a limit leaves an invoice out; empty when it does not."""
    if limit.when is not None and (why := sheet.why_not(limit.when)):
        return why
    if limit.countries and sheet.country not in limit.countries:
        concerned = ", ".join(sorted(limit.countries))
        return f"it concerns sellers of {concerned}; this one's country is {sheet.country or 'not known'}"
    return "" if limit.since is None and limit.until is None else _out_of_time(limit, sheet.date)


def _out_of_time(limit: Limit, day: dt.date | None) -> str:
    if day is None:
        return "invoice.date was not read"
    if limit.since is not None and day < limit.since:
        return f"it applies to invoices since {limit.since}"
    if limit.until is not None and day > limit.until:
        return f"it applied to invoices until {limit.until}"
    return ""
