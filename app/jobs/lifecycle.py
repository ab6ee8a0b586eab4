"""The life of a job, as a table and as pure functions from one state of it to the next.

    pending ──start──▶ processing ──complete──▶ completed
       ▲                 │  │  │
       │                 │  │  └──fail──▶ failed ◀──fail── pending, retrying
       │               retry └──cancel──▶ cancelled ◀──cancel── pending, retrying
       │                 ▼
       └ (new job)    retrying ──start──▶ processing

Nothing here knows a clock, a store or a queue: times are handed in, and whether a transition came first is
decided by whoever writes it (`Jobs.replace`). An attempt whose worker died is put back by `abandon`.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from app.errors import InternalError, JobFailure, SpuntaError
from app.model.extraction import Extraction
from app.model.job import Job, JobStatus
from app.model.progress import Stage
from app.model.segment import Parsed
from app.model.verdict import Verdict

MAX_ATTEMPTS: Final = 3
BACK_OFF: Final = (dt.timedelta(seconds=2), dt.timedelta(seconds=10))
"""The pause after the first and after the second attempt."""


class Event(StrEnum):
    """What can happen to a job."""

    START = "start"
    COMPLETE = "complete"
    RETRY = "retry"
    FAIL = "fail"
    CANCEL = "cancel"


TRANSITIONS: Final[Mapping[tuple[JobStatus, Event], JobStatus]] = MappingProxyType(
    {
        (JobStatus.PENDING, Event.START): JobStatus.PROCESSING,
        (JobStatus.PENDING, Event.FAIL): JobStatus.FAILED,
        (JobStatus.PENDING, Event.CANCEL): JobStatus.CANCELLED,
        (JobStatus.PROCESSING, Event.COMPLETE): JobStatus.COMPLETED,
        (JobStatus.PROCESSING, Event.RETRY): JobStatus.RETRYING,
        (JobStatus.PROCESSING, Event.FAIL): JobStatus.FAILED,
        (JobStatus.PROCESSING, Event.CANCEL): JobStatus.CANCELLED,
        (JobStatus.RETRYING, Event.START): JobStatus.PROCESSING,
        (JobStatus.RETRYING, Event.FAIL): JobStatus.FAILED,
        (JobStatus.RETRYING, Event.CANCEL): JobStatus.CANCELLED,
    }
)
"""Every legal move; what is not here is refused."""


class IllegalTransition(SpuntaError):
    """A move that the table does not have."""

    def __init__(self, status: JobStatus, event: Event) -> None:
        super().__init__(f"A job that is {status} cannot {event}.")
        self.status = status
        self.event = event


def allowed(status: JobStatus, event: Event) -> bool:
    """Whether the table has the move."""
    return (status, event) in TRANSITIONS


def start(job: Job, at: dt.datetime, worker: str) -> Job:
    """An attempt begins."""
    return replace(
        _moved(job, Event.START),
        stage=Stage.READING,
        progress=0,
        attempt_count=job.attempt_count + 1,
        worker=worker,
        heartbeats=0,
        retry_at=None,
        started_at=max(at, job.queued_at),
        completed_at=None,
        processing_ms=None,
        error=None,
        error_code=None,
    )


def complete(  # noqa: PLR0913 - what is known at the end of a job, all by keyword
    job: Job,
    at: dt.datetime,
    *,
    extraction: Extraction,
    verdict: Verdict,
    decision: str,
    ms: int,
    cached: bool,
) -> Job:
    """The attempt brought a result."""
    return replace(
        _ended(job, Event.COMPLETE, at, ms),
        stage=Stage.DONE,
        progress=100,
        file_type=extraction.file_type,
        page_count=extraction.page_count,
        language=extraction.language,
        confidence=extraction.confidence,
        model=extraction.model,
        cache_hit=cached,
        flags=verdict.marks,
        decision=decision,
    )


def complete_pages(job: Job, at: dt.datetime, document: Parsed, ms: int) -> Job:
    """The attempt brought the document itself, of which nothing is judged."""
    return replace(
        _ended(job, Event.COMPLETE, at, ms),
        stage=Stage.DONE,
        progress=100,
        file_type=document.file_type,
        page_count=document.page_count,
    )


def give_up(job: Job, at: dt.datetime, failure: JobFailure, ms: int) -> Job:
    """The job ends `failed`, with its sentence and its code."""
    return replace(_ended(job, Event.FAIL, at, ms), error=str(failure), error_code=failure.code)


def retry(job: Job, at: dt.datetime, failure: JobFailure) -> Job:
    """The attempt came to nothing and another is to follow after a pause."""
    return replace(
        _moved(job, Event.RETRY),
        stage=Stage.QUEUED,
        progress=0,
        worker=None,
        retry_at=at + BACK_OFF[min(max(job.attempt_count, 1), len(BACK_OFF)) - 1],
        error=str(failure),
        error_code=failure.code,
    )


def settle(job: Job, at: dt.datetime, failure: JobFailure, ms: int) -> Job:
    """What follows from a failed attempt: another one while that can help and may be, else the end."""
    if failure.retryable and job.attempt_count < MAX_ATTEMPTS and allowed(job.status, Event.RETRY):
        return retry(job, at, failure)
    return give_up(job, at, failure, ms)


def hand_back(job: Job, at: dt.datetime) -> Job:
    """The worker is to end before the attempt can; another may begin at once, however many there were."""
    return replace(
        _moved(job, Event.RETRY), stage=Stage.QUEUED, progress=0, worker=None, retry_at=max(at, job.queued_at)
    )


def abandon(job: Job, at: dt.datetime) -> Job:
    """What follows when the worker of a `processing` job died: another attempt at once, or the end."""
    failure = InternalError("The process that read the document ended before it was done.")
    after = settle(job, at, failure, 0)
    # No moment: it would be one of a clock that others may not share.
    return replace(after, retry_at=None) if after.status is JobStatus.RETRYING else after


def cancel(job: Job, at: dt.datetime) -> Job:
    """The caller wants it no more.

    Raises:
        IllegalTransition: when it is over already.
    """
    ms = None if job.started_at is None else max(0, int((at - job.started_at).total_seconds() * 1000))
    return _ended(job, Event.CANCEL, at, ms)


def _ended(job: Job, event: Event, at: dt.datetime, ms: int | None) -> Job:
    return replace(
        _moved(job, event),
        worker=None,
        retry_at=None,
        completed_at=max(at, job.started_at or job.queued_at),
        processing_ms=ms,
    )


def _moved(job: Job, event: Event) -> Job:
    try:
        status = TRANSITIONS[job.status, event]
    except KeyError:
        raise IllegalTransition(job.status, event) from None
    return replace(job, status=status, version=job.version + 1)
