"""The tables notice a small wrong change in any rule: `SPUNTA_MUTANTS=1 pytest tests/rules/test_mutants.py -s`.

A change that no table notices survives. Those that change nothing (a default that is never used, a check that another
repeats) are listed with the reason; any other survivor fails the run.
"""

import os
import signal
from functools import lru_cache

import pytest

from rules import RULES
from tests.rules import mutants
from tests.rules.test_tables import KINDS, as_the_table_says, merged, table

SECONDS = 5
"""A mutant that runs longer has been noticed: it never ends."""
EXPLAINED = {
    "> LONGEST_NUMBER: Gt → GtE": "no identifier is just forty characters long",
    "'': '' → another text": "the default stands for an unknown value and matches nothing either way",
    "rules.rates._current": "runs once at import; tests/rules/test_rates.py holds it",
    "rules.checkdigits.luhn: -2: -x → +x": "of eleven digits, every second is the same from either end",
    "rules.checkdigits.mod_97: False": "the form of an account lets no other characters through",
    "rules.breakdown.bases_sum_to_the_subtotal: found + shift: Add → Sub": "the stamp duty is tried with either sign",
    "rules.categories._sums_by_group: row.category is not None and row.amount is not None: And → Or": (
        "repeats, for the type checker, what was checked before"
    ),
    "issued.year > _LAST_YEAR: Gt → GtE": "the year 9000 itself is as far away as 9001",
    "found * 2 < len(CORE): Lt → LtE": "twice a count is even and the number of core fields is odd",
    "rules.identifiers._is_iban: 2: 2 → 3": "the registry finds a country by a longer prefix too",
    "rules.rows._sum_of: Decimal | None: BitOr → BitAnd": "an annotation inside a function is not evaluated",
    "rules.totals._sums: 1: 1 → 2": "there are no larger selections than all",
    "rules.totals.total_is_above_zero: total < 0: Lt → LtE": "zero is refused by the first half of the condition",
}


class TooLong(Exception):
    """A mutant does not end."""


@lru_cache(maxsize=1)
def every_case():
    return {
        rule.code: [
            (kind, merged(content.get("given", {}), case)) for kind in KINDS for case in content.get(kind, ())
        ]
        for rule in RULES
        for content in [table(rule.code)]
    }


def survives(rules):
    """Whether every case of some rules still comes out as its table says."""
    try:
        return all(
            as_the_table_says(rule, kind, case) for rule in rules for kind, case in every_case()[rule.code]
        )
    except Exception:
        return False


def interrupt(*_):
    raise TooLong


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(not os.environ.get("SPUNTA_MUTANTS"), reason="set SPUNTA_MUTANTS=1; takes minutes")
def test_no_mutant_survives_unexplained():
    signal.signal(signal.SIGALRM, interrupt)
    count, alive = 0, []
    for module in mutants.modules():
        near = [rule for rule in RULES if rule.check.__module__ == module.__name__]
        ordered = near + [rule for rule in RULES if rule not in near]
        for label, put, back in mutants.of_functions(module):
            count += 1
            put()
            mutants.forget(module)
            signal.alarm(SECONDS)
            try:
                if survives(ordered):
                    alive.append(label)
            except TooLong:
                pass
            finally:
                signal.alarm(0)
                back()
                mutants.forget(module)
    for rule in RULES:
        for label, mutant in mutants.of_limits(rule):
            count += 1
            if survives([mutant]):
                alive.append(label)
    unexplained = [label for label in alive if not any(part in label for part in EXPLAINED)]
    print(
        f"\n{count} mutants, {len(alive)} survive, {len(unexplained)} of them unexplained",
        *unexplained,
        sep="\n  ",
    )
    assert not unexplained
    stale = [part for part in EXPLAINED if not any(part in label for label in alive)]
    assert not stale, "these explain nothing any more"
