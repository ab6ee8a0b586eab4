"""Writing what became of an attempt: the row, the result and all that hangs on them, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from uuid import uuid4

import msgspec

from app.errors import RequestRefused, SpuntaError
from app.jobs import documents, lifecycle
from app.jobs.doorbell import Doorbell
from app.model.extraction import Extraction
from app.model.job import Job, JobStatus
from app.model.progress import Stage
from app.model.verdict import Verdict
from app.storage.protocols import Store
from app.storage.records import Figure, Message, Usage
from app.validation.context import PastInvoice

Past = tuple[PastInvoice, ...]


class Outdated(SpuntaError):
    """The verdict was made without an invoice that another job brought meanwhile."""

    def __init__(self, history: Past) -> None:
        super().__init__("The history has changed.")
        self.history = history


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A transition to be written, with the result it brings."""

    before: Job
    after: Job
    extraction: Extraction | None = None
    verdict: Verdict | None = None
    history: Past | None = None
    """What the verdict knows of earlier invoices; `None` when it does not depend on them."""
    stages: Mapping[Stage, float] = {}
    """Seconds the attempt spent in each stage."""
    cache_under: str | None = None
    """Fingerprint to keep the extraction for the next job with; `None` for not at all."""


def write(store: Store, doorbell: Doorbell, outcome: Outcome) -> bool:
    """Write it, unless the job was taken away meanwhile (`False`); then ring for what follows.

    Raises:
        Outdated: the verdict must be made again, for it does not know all of the history.
    """
    message = _message(outcome.after)
    with store.transaction():
        _check_history(store, outcome)
        if not store.jobs.replace(outcome.before, outcome.after):
            return False
        _keep(store, outcome)
        store.figures.add(_figures(outcome))
        if outcome.after.over:
            _close(store, outcome.after, message)
    if message is not None:
        doorbell.message(message.message_id)
    if outcome.after.over and outcome.after.order.assistance is not None:
        store.forget_erased()  # the key was sealed, but it is to be in no file at all
    return True


def cancel(store: Store, doorbell: Doorbell, job: Job, now: dt.datetime) -> Job:
    """Cancel a job; one that is being read is stopped within a second.

    Raises:
        RequestRefused: `job_not_cancellable` when it is over.
    """
    while not job.over:
        after = lifecycle.cancel(job, now)
        if write(store, doorbell, Outcome(before=job, after=after)):
            return after
        job = store.jobs.find(job.job_id) or after
    raise RequestRefused("job_not_cancellable", f"The job is {job.status} already.")


def lease_of(job: Job) -> str:
    """The lease that is held as long as the job's present attempt is being made.

    Each attempt has its own, so that one that stands still does not keep the next from beginning.
    """
    return f"job-{job.job_id}-{job.attempt_count}"


def rescue(store: Store, doorbell: Doorbell, job: Job, now: dt.datetime) -> Job | None:
    """Put back a job whose worker died. Only for whoever holds its lease; `None` when another was quicker."""
    after = lifecycle.abandon(job, now)
    return after if write(store, doorbell, Outcome(before=job, after=after)) else None


def purge(store: Store, job: Job) -> None:
    """Erase a job that is over, so that nothing of it stays in any file.

    Gone are its row, result, webhook, the cache of its document, what its pages were written to, and the
    document itself unless another job of the tenant needs it.

    Raises:
        RequestRefused: `job_not_finished`.
    """
    if not job.over:
        raise RequestRefused("job_not_finished", "Only a job that is over can be purged; cancel it first.")
    erase(store, job)
    store.forget_erased()


def erase(store: Store, job: Job) -> None:
    """As `purge`, but what was erased may linger, unreachable, in the log of the database for a while."""
    documents.erase(store, job.tenant, job.document, lambda: _forget(store, job))
    store.renditions.erase(job.tenant, job.job_id)


def _forget(store: Store, job: Job) -> None:
    store.jobs.delete(job)
    store.cache.erase(job.tenant, job.document)
    store.replies.erase(job.tenant, job.document)


def _check_history(store: Store, outcome: Outcome) -> None:
    if outcome.extraction is None or outcome.history is None:
        return
    history = tuple(store.history.before(outcome.before, outcome.extraction.invoice))
    if history != outcome.history:
        raise Outdated(history)


def _keep(store: Store, outcome: Outcome) -> None:
    job, extraction = outcome.after, outcome.extraction
    if extraction is None or outcome.verdict is None:
        return
    store.results.put(job, extraction, outcome.verdict)
    store.history.add(job, extraction.invoice)
    if outcome.cache_under is not None and job.completed_at is not None:
        store.cache.put(job.tenant, job.document, outcome.cache_under, extraction, job.completed_at)


def _close(store: Store, job: Job, message: Message | None) -> None:
    store.secrets.erase(job.job_id)
    if message is not None:
        store.messages.add(message)
    if job.key_id is not None and job.completed_at is not None:
        store.usages.add(
            Usage(
                key_id=job.key_id,
                month=job.completed_at.strftime("%Y-%m"),
                completed=int(job.status is JobStatus.COMPLETED),
                failed=int(job.status is JobStatus.FAILED),
                cancelled=int(job.status is JobStatus.CANCELLED),
                cache_hits=int(job.cache_hit),
                pages=job.page_count or 0,
            )
        )


def _figures(outcome: Outcome) -> list[Figure]:
    job = outcome.after
    figures = [Figure(name="job_stage", label=stage, total=each) for stage, each in outcome.stages.items()]
    if job.over:
        seconds = (job.processing_ms or 0) / 1000
        label = job.error_code if job.status is JobStatus.FAILED else job.status
        figures.append(Figure(name="job_ended", label=label or job.status, total=seconds))
    if job.status is JobStatus.COMPLETED:
        figures.append(Figure(name="job_cache", label="hit" if job.cache_hit else "miss"))
    return figures


def _message(job: Job) -> Message | None:
    if not job.over or job.order.callback_url is None or job.completed_at is None:
        return None
    return Message(
        message_id=f"msg_{uuid4().hex}",
        job_id=job.job_id,
        url=job.order.callback_url,
        event=f"job.{job.status}",
        created_at=job.completed_at,
        next_at=job.completed_at,
    )
