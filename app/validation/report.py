"""What the rules found, in the shape of the public contract."""

import msgspec

from app.validation.severity import Severity


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """One finding of one rule: an entry of `validation_flags`."""

    code: str
    severity: Severity
    message: str
    path: str = ""
    """The value at fault, as a path of `result`; empty for the document as a whole."""
    paths: tuple[str, ...] = ()
    """All values that took part, the one at fault first."""
    expected: object = None
    """Amounts are numbers, everything else is text."""
    actual: object = None
    source: str | None = None
    """The law or standard the rule stands on."""


class SkippedRule(msgspec.Struct, frozen=True, gc=False):
    """A rule that could not be checked."""

    code: str
    reason: str


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """Which rules held, which could not be checked, which found something."""

    passed: tuple[str, ...] = ()
    skipped: tuple[SkippedRule, ...] = ()
    failed: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of all rules over one file."""

    validation_flags: tuple[Flag, ...] = ()
    """The worst first, then in the order of the catalogue."""
    validation: Validation = Validation()
