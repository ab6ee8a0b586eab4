"""Rules somebody else's program checks: with its makers' codes and words, under the same policy as ours."""

from collections.abc import Collection, Iterator

import msgspec

from app.model.official import Artefact, Examination, Finding
from app.validation.policy import Policy
from app.validation.report import Flag
from app.validation.severity import Severity


class OutsideRule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One rule of an official artefact."""

    code: str
    """Its makers', such as `BR-CO-15`."""
    severity: Severity
    title: str
    documentation: str
    source: str
    artefacts: frozenset[Artefact]
    """Which programs check it."""
    told: bool
    """Whether a report lists it where it held; what only forbids parts of a syntax is told when it fails."""


def flags_of(examination: Examination, policy: Policy) -> Iterator[Flag]:
    """What an examination found, as a policy has it."""
    for finding in examination.findings:
        if finding.code not in policy.off:
            yield Flag(
                code=finding.code,
                severity=policy.severity.get(finding.code, _severity(finding)),
                message=finding.message,
                actual=finding.place,
                source="EN 16931, official artefact",
            )


def held(
    rules: Collection[OutsideRule], examination: Examination, failed: Collection[str], policy: Policy
) -> Iterator[str]:
    """The codes that an examination found to hold."""
    if examination.artefact is None or examination.problem:
        return
    silent = {*failed, *policy.off}
    for rule in rules:
        if rule.told and examination.artefact in rule.artefacts and rule.code not in silent:
            yield rule.code


def _severity(finding: Finding) -> Severity:
    return Severity.WARNING if finding.warning else Severity.ERROR
