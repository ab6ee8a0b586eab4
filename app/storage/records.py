"""What the stores keep besides jobs: keys, uploads, batches, webhooks on their way, counts."""

import datetime as dt
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from app.model.consultation import Spent
from app.model.job import Job, JobStatus, JobType

MODEL_KEY: Final = "model_key"
"""The name of the secret that is a caller's key to a model: in no copy, in no file once its job is over."""


class Scope(StrEnum):
    """What a key may do; `ADMIN` includes the others."""

    SUBMIT = "submit"
    READ = "read"
    ADMIN = "admin"


DEFAULT_SCOPES = frozenset({Scope.SUBMIT, Scope.READ})
"""What a key may do unless told otherwise."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An API key without its secret, which is shown once and kept only as a keyed hash."""

    key_id: str
    tenant: str
    name: str
    hint: str
    """The first characters, for a person to tell keys apart."""
    scopes: frozenset[Scope] = DEFAULT_SCOPES
    callback_url: str | None = None
    """Where webhooks go when the request names no address."""
    rate_limit: str | None = None
    """`N/minute`; `None` for the service's own, empty for no limit."""
    monthly_quota: int | None = None
    """Documents per calendar month (UTC); `None` for no limit."""
    policy: str | None = None
    """Its own policy document, over the operator's; `None` for the operator's alone."""
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None
    """To the minute."""

    def usable(self, now: dt.datetime) -> bool:
        """Whether the key opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def may(self, scope: Scope) -> bool:
        """Whether the key's scopes include `scope`."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs of a tenant a list shows; all given conditions hold together."""

    status: JobStatus | None = None
    type: JobType | None = None
    flag: str | None = None
    """A code among its validation flags."""
    severity: str | None = None
    """Of at least one of its validation flags (of `flag`, when both are given)."""
    decision: str | None = None
    external_id: str | None = None
    batch_id: UUID | None = None
    created_after: dt.datetime | None = None
    """Queued at this moment or later."""
    created_before: dt.datetime | None = None
    """Queued before this moment."""


class JobPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list, newest first."""

    jobs: tuple[Job, ...]
    total: int
    """All jobs that match, on every page."""
    has_more: bool


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Several documents brought in one request."""

    batch_id: UUID
    tenant: str
    created_at: dt.datetime
    refused: tuple["Refusal", ...] = ()
    """Files that could not even become a job."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a batch that was not taken, and why."""

    filename: str
    code: str
    detail: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook on its way: one event of one job to one address."""

    message_id: str
    """The `webhook-id`: the same in every attempt."""
    job_id: UUID
    url: str
    event: str
    """`job.completed`, `job.failed` or `job.cancelled`."""
    created_at: dt.datetime
    """The event's own time, given as `timestamp` in the body."""
    attempts: int = 0
    next_at: dt.datetime | None = None
    """When it is to be sent; `None` when no attempt is left to make."""
    last_attempt_at: dt.datetime | None = None
    last_status_code: int | None = None
    delivered_at: dt.datetime | None = None


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What one key brought in one calendar month (UTC)."""

    key_id: str
    month: str
    """`YYYY-MM`."""
    jobs: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    cache_hits: int = 0
    pages: int = 0
    bytes: int = 0


class ModelUsage(msgspec.Struct, frozen=True, kw_only=True):
    """What the models asked for one key took in one calendar month (UTC)."""

    key_id: str
    month: str
    """`YYYY-MM`."""
    spent: Spent = Spent()
    """Its cost is that of the requests that have a price."""


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """The first answer to a request that carried an `Idempotency-Key`."""

    fingerprint: str
    """Of the first request's body."""
    answer: bytes


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """How often something happened, and a sum over it. Only ever grows, over all processes and restarts.

    `job_stage` (label: the stage; seconds), `job_ended` (`completed`, `cancelled` or the error code;
    seconds), `job_cache` (`hit` or `miss`), `webhook` (`delivered`, `refused`, `failed`; no sum).
    """

    name: str
    label: str
    count: int = 1
    total: float = 0.0


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How busy the service is."""

    waiting: int
    """Jobs that nobody has begun."""
    mean_ms: float
    """Processing time of the jobs that ended last."""


class JobCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many jobs stand where, and since when the oldest does."""

    status: JobStatus
    count: int
    oldest_queued_at: dt.datetime | None = None
