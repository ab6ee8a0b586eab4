"""The built-in rules: what must be true of an invoice before it may enter the books."""

from typing import Final

from app.validation import Rule
from rules import dates, totals
from rules.countries import it

RULES: Final[tuple[Rule, ...]] = (*totals.RULES, *dates.RULES, *it.RULES)
"""Every built-in rule, in the order of its report."""

RETIRED: Final[frozenset[str]] = frozenset()
"""Codes that once meant something and must never mean anything else."""
