"""Rules and the policy of a key over the extraction of a job."""

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from app.jobs.bench import Bench, Judged, OwnBench
from app.model.extraction import Extraction
from app.model.job import Job
from app.storage.protocols import Store
from app.validation import Context, PastInvoice, Policies, Ruleset


class Judge(Protocol):
    """Says what is to be thought of an extraction."""

    def __call__(
        self, extraction: Extraction, job: Job, today: dt.date, history: tuple[PastInvoice, ...] | None = None
    ) -> Judged:
        """Judge an extraction as of a day; without `history` nothing is compared with earlier invoices."""


class RulesJudge:
    """The rules that are installed, under the policy of each job's key."""

    def __init__(
        self,
        ruleset: Ruleset,
        policy_of: Callable[[Job], str | None] = lambda _job: None,
        bench: Bench | None = None,
    ) -> None:
        self._bench = bench or OwnBench(ruleset)
        self._policies = Policies(ruleset)
        self._policy_of = policy_of

    def __call__(
        self, extraction: Extraction, job: Job, today: dt.date, history: tuple[PastInvoice, ...] | None = None
    ) -> Judged:
        """Judge an extraction as of a day."""
        context = self._policies.apply(self._policy_of(job), circumstances(job, today, history))
        return self._bench.judge(extraction, context)


def policy_of_key(store: Store, job: Job) -> str | None:
    """The document of the key that brought a job, as it is now."""
    key = None if job.key_id is None else store.keys.get(job.key_id)
    return None if key is None else key.policy


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
