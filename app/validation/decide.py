"""What is to be done with an invoice: by stated policy, and saying why."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from app.model.extraction import Extraction
from app.model.paths import CORE, leaves
from app.validation.policy import Acceptance, Policy
from app.validation.report import Flag, Report
from app.validation.severity import Severity

_BOOKABLE: Final = "every core field was read with certainty, the sums are proved and no rule objects"


class Outcome(StrEnum):
    """What is to be done."""

    ACCEPT = "accept"
    """It may be booked unseen."""
    REVIEW = "review"
    """A person should look first."""
    REJECT = "reject"
    """It is not an invoice."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome and the sentences that led to it."""

    outcome: Outcome
    reasons: tuple[str, ...]
    flags: tuple[str, ...] = ()
    """The codes of the rules that decided, each once; empty where none did."""


def decide(report: Report, extraction: Extraction, policy: Policy) -> Decision:
    """Reject what is no invoice, accept only what may be booked unseen, send the rest to a person."""
    if reasons := tuple(_no_invoice(extraction)):
        return Decision(outcome=Outcome.REJECT, reasons=reasons)
    if reasons := tuple(_doubts(report, extraction, policy)):
        deciding = [flag.code for flag in report.validation_flags if _decides(flag)]
        return Decision(outcome=Outcome.REVIEW, reasons=reasons, flags=tuple(dict.fromkeys(deciding)))
    return Decision(outcome=Outcome.ACCEPT, reasons=(_BOOKABLE,))


def _no_invoice(extraction: Extraction) -> Iterator[str]:
    if extraction.observations.invoice_count == 0:
        yield "the document is not an invoice"
    elif not any(path in CORE for path, _ in leaves(extraction.invoice)):
        yield "none of an invoice's core fields could be read"


def _doubts(report: Report, extraction: Extraction, policy: Policy) -> Iterator[str]:
    for flag in report.validation_flags:
        if _decides(flag):
            yield f"{flag.code}: {flag.message}"
    accept = policy.accept
    for code in accept.proofs:
        if code not in report.validation.passed and code not in report.validation.failed:
            yield f"{code} could not be checked"
    if accept.witnesses and not set(accept.witnesses) & set(report.validation.passed):
        yield f"none of {', '.join(accept.witnesses)} bears the totals out"
    yield from _uncertain(extraction, accept)
    if extraction.observations.invoice_count > 1 or len(extraction.readings) > 1:
        yield "the file holds several invoices"
    total = extraction.invoice.financials.total
    if accept.maximum_total is not None and total is not None and abs(total) > accept.maximum_total:
        yield f"the total is above {accept.maximum_total}"
    if accept.never:
        yield "the policy sends every invoice to a person"


def _decides(flag: Flag) -> bool:
    return flag.severity is not Severity.INFO


def _uncertain(extraction: Extraction, accept: Acceptance) -> Iterator[str]:
    values = dict(leaves(extraction.invoice))
    for path in CORE:
        evidence = extraction.fields.get(path)
        if path not in values:
            yield f"{path} was not read"
        elif evidence is None:
            yield f"{path} has no evidence"
        elif evidence.confidence < accept.minimum_field_confidence:
            yield f"{path} was read with a confidence of {evidence.confidence:.2f}"
    if extraction.confidence < accept.minimum_confidence:
        yield f"the reading as a whole has a confidence of {extraction.confidence:.2f}"
