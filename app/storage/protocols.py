"""What the rest of the program may ask of its storage; each adapter passes the same tests.

Every write of a method is one transaction of its own, unless it is made inside `Store.transaction()`, which
makes several one: all of them happen or none does. Methods block (they touch a disk): async callers use a
thread. A store may be shared by threads and used by many processes over one data folder at the same time.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar
from uuid import UUID

from app.model.consultation import Reply, Spent
from app.model.extraction import Extraction
from app.model.invoice import Invoice
from app.model.job import Job
from app.model.progress import Stage
from app.model.verdict import Verdict
from app.storage.file_protocols import Renditions, Uploads
from app.storage.leases import Leases
from app.storage.records import (
    Batch,
    Figure,
    JobCount,
    JobFilter,
    JobPage,
    Key,
    Message,
    ModelUsage,
    Pace,
    Remembered,
    Scope,
    Usage,
)
from app.validation.context import PastInvoice

T = TypeVar("T")


class Jobs(Protocol):
    """The rows of jobs; the row is the truth."""

    def add(self, job: Job) -> None:
        """Write a new job."""

    def get(self, tenant: str, job_id: UUID) -> Job | None:
        """A tenant's job; another tenant's is `None`, as one that never was."""

    def find(self, job_id: UUID) -> Job | None:
        """A job of whatever tenant, for workers and operators."""

    def replace(self, before: Job, after: Job) -> bool:
        """Write a transition, if the row still stands at `before.version`; else nothing, and `False`."""

    def beat(self, job: Job, stage: Stage, progress: int) -> bool:
        """A sign of life and how far it is; `False` when the job was taken away from this attempt."""

    def current(self, job: Job) -> bool:
        """Whether the row still stands at `job.version`."""

    def list(
        self, tenant: str, wanted: JobFilter, *, limit: int, offset: int = 0, after: UUID | None = None
    ) -> JobPage:
        """Newest first, completed ones with their verdict.

        `after` (the last job of the page before) gives pages that new jobs do not shift.
        """

    def count(self, tenant: str | None = None) -> Sequence[JobCount]:
        """Jobs by status, of one tenant or of all."""

    def flag_counts(self) -> Mapping[tuple[str, str], int]:
        """Jobs by `(code, severity)` of their flags."""

    def waiting(self, limit: int) -> Sequence[Job]:
        """Pending and retrying jobs, the oldest first."""

    def processing(self) -> Sequence[Job]:
        """Jobs that say of themselves that they are being worked on."""

    def ended_before(self, moment: dt.datetime, limit: int) -> Sequence[Job]:
        """Terminal jobs that ended before a moment, the oldest first."""

    def pace(self) -> Pace:
        """How busy it is, for estimates."""

    def needs(self, tenant: str, document: str) -> bool:
        """Whether any job refers to the document."""

    def delete(self, job: Job) -> None:
        """Remove a terminal job's row and everything that hangs on it."""


class Results(Protocol):
    """What was read, and what was judged of it; gone with the job."""

    def put(self, job: Job, extraction: Extraction, verdict: Verdict) -> None:
        """Keep the result of a job; write it in the transaction that completes the job."""

    def get(self, job: Job) -> tuple[Extraction, Verdict] | None:
        """The result of a completed job of type `extract`; `None` when there is none."""


class Cache(Protocol):
    """Extractions by tenant and by everything that determined them."""

    def put(
        self, tenant: str, document: str, fingerprint: str, extraction: Extraction, now: dt.datetime
    ) -> None:
        """Remember; the first one stays when two workers bring the same."""

    def get(self, tenant: str, document: str, fingerprint: str) -> Extraction | None:
        """The same tenant's extraction of the same bytes under the same options and versions."""

    def erase(self, tenant: str, document: str) -> None:
        """Forget all that was read from a document."""

    def expire(self, before: dt.datetime) -> int:
        """Forget what was remembered before a moment."""


class Secrets(Protocol):
    """What a job needs and nobody may keep: a PDF's password, the caller's model key.

    Encrypted, and gone with the end of the job.
    """

    def put(self, job_id: UUID, name: str, value: str) -> None:
        """Keep a secret until the job ends."""

    def get(self, job_id: UUID, name: str) -> str | None:
        """The secret, for the worker that runs the job."""

    def erase(self, job_id: UUID) -> None:
        """Forget all of a job's secrets; part of every transaction that ends one."""

    def erase_ended(self) -> int:
        """Forget those of jobs that are over or gone; returns how many there were."""


class Keys(Protocol):
    """The API keys."""

    def create(  # noqa: PLR0913 - a key has that many sides, all by keyword
        self,
        name: str,
        *,
        tenant: str | None = None,
        scopes: frozenset[Scope] | None = None,
        expires_at: dt.datetime | None = None,
        callback_url: str | None = None,
        rate_limit: str | None = None,
        monthly_quota: int | None = None,
        policy: str | None = None,
    ) -> tuple[Key, str]:
        """A new key and its secret (`inv_…`), which cannot be had again.

        Without `tenant`, the name is its own tenant.

        Raises:
            Misconfigured: a name or tenant that cannot be.
        """

    def identify(self, secret: str, now: dt.datetime) -> Key | None:
        """The usable key with that secret; `None` for an unknown, revoked or expired one. Writes nothing."""

    def note_use(self, key: Key, now: dt.datetime) -> None:
        """Write when a key was last used."""

    def get(self, key_id: str) -> Key | None:
        """A key by its id, usable or not."""

    def list(self) -> Sequence[Key]:
        """All keys, the oldest first."""

    def revoke(self, name_or_id: str, now: dt.datetime) -> Key | None:
        """Close a key at once; `None` when there is none of that name or id."""

    def rotate(self, name_or_id: str, now: dt.datetime, keep_old: dt.timedelta) -> tuple[Key, str] | None:
        """A new secret for a key; the old one opens for `keep_old` longer."""

    def set_policy(self, name_or_id: str, policy: str | None) -> Key | None:
        """Give a key a policy document of its own, or none; `None` when there is no key of that name or id.

        Raises:
            Misconfigured: several keys have that name.
        """

    def webhook_secrets(self, key_id: str, now: dt.datetime) -> Sequence[str]:
        """Signing secrets (`whsec_…`) of a key, the newest first; two in the day after a rotation."""

    def rotate_webhook_secret(self, key_id: str, now: dt.datetime, keep_old: dt.timedelta) -> str | None:
        """A new signing secret; webhooks carry both signatures for `keep_old`."""


class Requests(Protocol):
    """First answers to requests with an `Idempotency-Key`, for a day."""

    def recall(self, key_id: str, idempotency_key: str, now: dt.datetime) -> Remembered | None:
        """What was answered to the first request."""

    def remember(self, key_id: str, idempotency_key: str, answer: Remembered, until: dt.datetime) -> None:
        """Keep the first answer; part of the transaction that adds the job."""

    def expire(self, now: dt.datetime) -> int:
        """Forget what is older than its day."""


class Usages(Protocol):
    """Counts by key and month, which quotas are held against."""

    def add(self, counted: Usage) -> Usage:
        """Add to a key's month; returns the month as it then stands."""

    def get(self, key_id: str, month: str) -> Usage:
        """A key's month, zero when nothing was brought."""

    def months(self, key_ids: Iterable[str], last: int = 12) -> Sequence[Usage]:
        """The last months of these keys, the newest first."""


class Replies(Protocol):
    """Answers of models, by tenant, document and all that was asked; never by whose key paid."""

    def put(self, tenant: str, document: str, fingerprint: str, reply: Reply, now: dt.datetime) -> None:
        """Remember; the first one stays when two workers bring the same."""

    def get(self, tenant: str, document: str, fingerprint: str) -> Reply | None:
        """The same tenant's answer to the same question."""

    def erase(self, tenant: str, document: str) -> None:
        """Forget all that was answered about a document."""

    def expire(self, before: dt.datetime) -> int:
        """Forget what was remembered before a moment."""


class ModelUsages(Protocol):
    """What models took, by key and month."""

    def add(self, key_id: str, month: str, spent: Spent) -> None:
        """Add to a key's month."""

    def get(self, key_id: str, month: str) -> ModelUsage:
        """A key's month, nothing when no model was asked."""

    def months(self, key_ids: Iterable[str], last: int = 12) -> Sequence[ModelUsage]:
        """The last months of these keys, the newest first."""


class Messages(Protocol):
    """Webhooks on their way."""

    def add(self, message: Message) -> None:
        """Write a message; part of the transaction that ends the job."""

    def get(self, message_id: str) -> Message | None:
        """One message."""

    def of(self, job_id: UUID) -> Message | None:
        """The message of a job."""

    def replace(self, before: Message, after: Message) -> bool:
        """Write an attempt's outcome and the job's `delivery`, unless another attempt was noted meanwhile."""

    def due(self, now: dt.datetime, limit: int) -> Sequence[Message]:
        """Messages whose time has come and whose bell was not answered."""

    def waiting(self, limit: int) -> Sequence[Message]:
        """Messages of which an attempt is left to make, the oldest first."""

    def rung(self, messages: Iterable[Message], now: dt.datetime) -> None:
        """Note that these were rung for again."""


class Batches(Protocol):
    """Requests that brought several documents."""

    def add(self, batch: Batch) -> None:
        """Write a batch, before its jobs."""

    def get(self, tenant: str, batch_id: UUID) -> Batch | None:
        """A tenant's batch."""

    def expire(self, before: dt.datetime) -> int:
        """Forget batches made before a moment that have no jobs any more."""


class History(Protocol):
    """What is remembered of a tenant's invoices, for the rules that compare."""

    def add(self, job: Job, invoice: Invoice) -> None:
        """Remember a completed job's invoice; forgotten with the job."""

    def before(self, job: Job, invoice: Invoice) -> Sequence[PastInvoice]:
        """The tenant's earlier invoices of the same file, seller or number, but those of the job itself."""


class Figures(Protocol):
    """What metrics are made of besides the rows as they stand."""

    def add(self, figures: Sequence[Figure]) -> None:
        """Add to what was counted before."""

    def all(self) -> Sequence[Figure]:
        """Everything that was counted, by name and label."""


class Store(Protocol):
    """Everything that is kept."""

    @property
    def jobs(self) -> Jobs:
        """The rows of jobs."""

    @property
    def uploads(self) -> Uploads:
        """The documents."""

    @property
    def renditions(self) -> Renditions:
        """What documents were parsed to."""

    @property
    def results(self) -> Results:
        """What was read and judged."""

    @property
    def cache(self) -> Cache:
        """Extractions to use again."""

    @property
    def secrets(self) -> Secrets:
        """What jobs need and nobody keeps."""

    @property
    def keys(self) -> Keys:
        """The API keys."""

    @property
    def requests(self) -> Requests:
        """First answers to repeatable requests."""

    @property
    def usages(self) -> Usages:
        """Counts by key and month."""

    @property
    def replies(self) -> Replies:
        """Answers of models, to use again."""

    @property
    def model_usages(self) -> ModelUsages:
        """What models took."""

    @property
    def messages(self) -> Messages:
        """Webhooks on their way."""

    @property
    def batches(self) -> Batches:
        """Requests of several documents."""

    @property
    def history(self) -> History:
        """Invoices of the past."""

    @property
    def figures(self) -> Figures:
        """Counts of what happened."""

    @property
    def leases(self) -> Leases:
        """Who works on what."""

    def transaction(self) -> AbstractContextManager[None]:
        """Make the writes inside one: all or none. May be nested; the outermost one commits."""

    def together(self, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """Make the writes of several works one transaction, durable when it returns.

        Gives what each returned or raised; the writes of one that raised are undone alone. A work may be
        done again from its beginning, with nothing left of the time before.

        Raises:
            OSError: the disk refuses; nothing is kept of any.
        """

    def healthy(self) -> bool:
        """Whether it can be read and written now."""

    def forget_left(self) -> None:
        """Do what `forget_erased` had to put off; nothing where nothing is left."""

    def forget_erased(self) -> None:
        """Leave nothing of erased content in any file of the store."""

    def close(self) -> None:
        """Let go of files and connections of this process."""
