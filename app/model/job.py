"""A job: one document to be read for one tenant, and all that is known about how that goes.

Times are aware UTC datetimes with whole milliseconds. A `Job` is a row as it was read at one moment; it
changes only by the transitions of `app.jobs.lifecycle`, each of which raises `version` by one.
"""

import datetime as dt
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from app.model.document import FileType
from app.model.options import Options
from app.model.progress import Stage
from app.model.segment import Parsing
from app.model.verdict import FlagMark, Verdict


class JobType(StrEnum):
    """What is asked of a document."""

    EXTRACT = "extract"
    PARSE = "parse"


class JobStatus(StrEnum):
    """Where a job stands; the legal moves between these are `app.jobs.lifecycle.TRANSITIONS`."""

    PENDING = "pending"
    PROCESSING = "processing"
    RETRYING = "retrying"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


TERMINAL: Final = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
"""The states that a job never leaves."""


class HelpScope(StrEnum):
    """What a model is asked for."""

    NEEDED = "needed"
    """What is missing, doubtful, or does not add up."""
    ALL = "all"
    """Everything: a second reading."""


class Assistance(msgspec.Struct, frozen=True, kw_only=True):
    """Which model may help, when the caller brought a key; the key itself is a secret of the job."""

    provider: str
    model: str | None = None
    scope: HelpScope = HelpScope.NEEDED


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller asked for, unchanged for the life of the job. Never holds a password or a key."""

    type: JobType = JobType.EXTRACT
    filename: str | None = None
    """As the caller named it; shown, never used as a path."""
    options: Options = Options()
    assistance: Assistance | None = None
    parsing: Parsing | None = None
    callback_url: str | None = None
    """Where the webhook of this job goes: the caller's, else the key's own."""
    external_id: str | None = None
    metadata: msgspec.Raw | None = None
    """The caller's own JSON, given back as it came."""
    batch_id: UUID | None = None
    request_id: str | None = None
    """Of the request that brought it, for the logs."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How the webhook of a job went so far."""

    attempts: int = 0
    last_attempt_at: dt.datetime | None = None
    last_status_code: int | None = None
    """`None` when no answer came at all."""
    delivered: bool = False
    next_attempt_at: dt.datetime | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job as it stood when its row was read."""

    job_id: UUID
    tenant: str
    key_id: str | None = None
    """The API key that brought it; `None` when it was brought without one."""
    order: Order
    document: str
    """SHA-256 of the bytes, in hex; names the stored upload within the tenant."""
    size: int
    """Of the document in bytes."""

    status: JobStatus = JobStatus.PENDING
    version: int = 0
    """Counts transitions. Writers name the version they act on: who lost the job cannot write any more."""
    stage: Stage = Stage.QUEUED
    progress: int = 0
    """0 to 100, never going back within an attempt."""
    attempt_count: int = 0
    worker: str | None = None
    """Who runs it, while it is `processing`."""
    heartbeats: int = 0
    """Signs of life in this attempt; a number, because clocks of workers differ."""
    retry_at: dt.datetime | None = None
    """When a `retrying` job may run again."""

    queued_at: dt.datetime
    started_at: dt.datetime | None = None
    """Of the last attempt."""
    completed_at: dt.datetime | None = None
    processing_ms: int | None = None
    """From `started_at` to `completed_at`, by a clock that cannot jump."""

    file_type: FileType | None = None
    page_count: int | None = None
    language: str | None = None
    confidence: float | None = None
    model: str | None = None
    cache_hit: bool = False
    decision: str | None = None
    """Outcome: `accept`, `review` or `reject`."""
    flags: tuple[FlagMark, ...] = ()
    verdict: Verdict | None = None
    """All that was judged; only on jobs that were read for a list."""
    error: str | None = None
    """A sentence for a person."""
    error_code: str | None = None
    delivery: Delivery | None = None

    @property
    def over(self) -> bool:
        """Whether nothing will change it any more."""
        return self.status in TERMINAL
