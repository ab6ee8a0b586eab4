"""Rules and policy over an extraction, as text that can be stored and shown."""

import datetime as dt
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from app.model.extraction import Extraction
from app.model.job import Job
from app.model.verdict import Verdict
from app.pipeline import Judgement, judge
from app.validation import Context, Ruleset

_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


class Judge(Protocol):
    """Says what is to be thought of an extraction."""

    def __call__(self, extraction: Extraction, job: Job, today: dt.date) -> "Judged":
        """Judge an extraction as of a day."""


class Judged(msgspec.Struct, frozen=True):
    """A verdict and the outcome that lists are filtered by."""

    verdict: Verdict
    outcome: str


class RulesJudge:
    """The rules that are installed, under the operator's policy."""

    def __init__(
        self, ruleset: Ruleset, circumstances: Callable[[Extraction, Job], Context] | None = None
    ) -> None:
        self._ruleset = ruleset
        self._circumstances = circumstances or _bare

    def __call__(self, extraction: Extraction, job: Job, today: dt.date) -> Judged:
        """Judge an extraction as of a day."""
        context = msgspec.structs.replace(self._circumstances(extraction, job), today=today)
        judgement = judge(extraction, context, self._ruleset)
        return Judged(verdict_of(judgement), judgement.decision.outcome)


def verdict_of(judgement: Judgement) -> Verdict:
    """A judgement in the JSON that is stored and given out; amounts are numbers with their digits."""
    return Verdict(
        validation_flags=msgspec.Raw(_encode(judgement.report.validation_flags)),
        validation=msgspec.Raw(_encode(judgement.report.validation)),
        decision=msgspec.Raw(_encode(judgement.decision)),
    )


def _bare(_extraction: Extraction, job: Job) -> Context:
    return Context(sha256=job.document, own_company=job.order.options.own_company)
