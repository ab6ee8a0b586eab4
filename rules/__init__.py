"""The built-in rules: what must be true of an invoice before it may enter the books."""

from typing import Final

from app.validation import Rule
from rules import (
    breakdown,
    categories,
    category_parties,
    completeness,
    contents,
    dates,
    en16931,
    evidence,
    history,
    identifiers,
    parties,
    rows,
    totals,
    vat_rates,
)
from rules.countries import de, es, fr, it

RULES: Final[tuple[Rule, ...]] = (
    *totals.RULES,
    *rows.RULES,
    *breakdown.RULES,
    *vat_rates.RULES,
    *categories.RULES,
    *category_parties.RULES,
    *en16931.RULES,
    *dates.RULES,
    *identifiers.RULES,
    *completeness.RULES,
    *contents.RULES,
    *parties.RULES,
    *history.RULES,
    *evidence.RULES,
    *it.RULES,
    *de.RULES,
    *fr.RULES,
    *es.RULES,
)
"""Every built-in rule, in the order of its report."""

RETIRED: Final[frozenset[str]] = frozenset()
"""Codes that once meant something and must never mean anything else."""
