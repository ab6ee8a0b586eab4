"""Rules and policy over an extraction, as text that can be stored and shown."""

import datetime as dt
from typing import Final, Protocol

import msgspec

from app.model.extraction import Extraction
from app.model.job import Job
from app.model.verdict import Verdict
from app.pipeline import Judgement, judge
from app.validation import Context, PastInvoice, Ruleset

_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


class Judge(Protocol):
    """Says what is to be thought of an extraction."""

    def __call__(
        self, extraction: Extraction, job: Job, today: dt.date, history: tuple[PastInvoice, ...] | None = None
    ) -> "Judged":
        """Judge an extraction as of a day; without `history` nothing is compared with earlier invoices."""


class Judged(msgspec.Struct, frozen=True):
    """A verdict and the outcome that lists are filtered by."""

    verdict: Verdict
    outcome: str


class RulesJudge:
    """The rules that are installed, under the operator's policy."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset

    def __call__(
        self, extraction: Extraction, job: Job, today: dt.date, history: tuple[PastInvoice, ...] | None = None
    ) -> Judged:
        """Judge an extraction as of a day."""
        judgement = judge(extraction, circumstances(job, today, history), self._ruleset)
        return Judged(verdict_of(judgement), judgement.decision.outcome)


def circumstances(job: Job, today: dt.date, history: tuple[PastInvoice, ...] | None) -> Context:
    """What rules may know of a job besides its invoice."""
    options = job.order.options
    return Context(
        today=today,
        sha256=job.document,
        history=history,
        own_company=options.own_company,
        perspective=options.perspective,
    )


def verdict_of(judgement: Judgement) -> Verdict:
    """A judgement in the JSON that is stored and given out; amounts are numbers with their digits."""
    return Verdict(
        validation_flags=msgspec.Raw(_encode(judgement.report.validation_flags)),
        validation=msgspec.Raw(_encode(judgement.report.validation)),
        decision=msgspec.Raw(_encode(judgement.decision)),
    )
