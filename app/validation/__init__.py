"""The rule engine. It knows what a rule is and no rule.

`load()` gives a `Ruleset`, `validate()` runs it over an extraction into a `Report`, `decide()` says what is
to be done with the invoice. All but loading is pure: what day it is and what came before are handed in as
`Context`.
"""

from app.validation.catalogue import CatalogueEntry, catalogue, describe
from app.validation.context import Context, PastInvoice
from app.validation.decide import Decision, Outcome, decide
from app.validation.outside import OutsideRule
from app.validation.parameters import Parameters
from app.validation.policies import Policies
from app.validation.policy import (
    Acceptance,
    Policy,
    PolicyMistake,
    check_policy,
    read_policy,
)
from app.validation.report import Flag, Report, SkippedRule, Validation
from app.validation.rule import Derived, Problem, Rule, need, rule, skip
from app.validation.ruleset import Pack, Ruleset, load
from app.validation.run import validate
from app.validation.severity import Severity

__all__ = [
    "Acceptance",
    "CatalogueEntry",
    "Context",
    "Decision",
    "Derived",
    "Flag",
    "Outcome",
    "OutsideRule",
    "Pack",
    "Parameters",
    "PastInvoice",
    "Policies",
    "Policy",
    "PolicyMistake",
    "Problem",
    "Report",
    "Rule",
    "Ruleset",
    "Severity",
    "SkippedRule",
    "Validation",
    "catalogue",
    "check_policy",
    "decide",
    "describe",
    "load",
    "need",
    "read_policy",
    "rule",
    "skip",
    "validate",
]
