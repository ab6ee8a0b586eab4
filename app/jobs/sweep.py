"""What puts right whatever died half-way: rings again, rescues, deletes what nobody needs any more.

Every step is harmless when repeated or run by several processes at once.
"""

import datetime as dt
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.jobs import documents, lifecycle
from app.jobs.doorbell import Doorbell
from app.jobs.ending import erase, lease_of, rescue
from app.jobs.waits import Waits
from app.jobs.webhooks import put_off
from app.model.job import Job, JobStatus
from app.storage.protocols import Store

BATCH: Final = 500
PATIENCE_SECONDS: Final = 5.0
"""How long after it should have begun a job's bell is rung again."""
ABANDONED_UPLOAD_SECONDS: Final = 3600.0
ABANDONED_DRAFT_SECONDS: Final = 86_400.0
"""A long document is read for hours before anything is written of it."""
STALLED_SECONDS: Final = 900.0
"""Without a sign of life for so long, an attempt is taken away even though its process lives."""
TIDY_SECONDS: Final = 60.0
ORPHAN_SECONDS: Final = 3600.0
Sign = tuple[UUID, int, int]
_log = structlog.get_logger("sweep")


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """What one round put right."""

    rescued: int = 0
    rung: int = 0
    messages: int = 0
    uploads: int = 0
    drafts: int = 0
    secrets: int = 0
    expired: int = 0
    """Jobs deleted because they were kept long enough."""


class Sweep:
    """Rounds over one store. One instance per process, for it remembers what stood still."""

    def __init__(
        self, store: Store, doorbell: Doorbell, clock: Callable[[], dt.datetime], *, keep_days: int = 0
    ) -> None:
        self._store = store
        self._doorbell = doorbell
        self._clock = clock
        self._keep = dt.timedelta(days=keep_days)
        self._job_waits: Waits[Sign] = Waits(PATIENCE_SECONDS)
        self._message_waits: Waits[tuple[str, int]] = Waits(PATIENCE_SECONDS)
        self._signs: dict[Sign, float] = {}
        self._tidied = self._combed = float("-inf")

    def turn(self) -> AbstractContextManager[bool]:
        """To be held while rounds are made; it gives `False` while another process makes them."""
        return self._store.leases.hold("housekeeping")

    def round(self) -> Swept:
        """Look at everything once; cheap when nothing is wrong. To be called every few seconds."""
        swept = Swept(rescued=self._rescue(), rung=self._ring(), messages=self._remind())
        if time.monotonic() - self._tidied >= TIDY_SECONDS:
            self._tidied = time.monotonic()
            swept = self._tidy(swept)
        if swept != Swept():
            _log.info("swept", **msgspec.structs.asdict(swept))
        return swept

    def _rescue(self) -> int:
        """Put back jobs whose worker died, which their free lease tells at once, or stands still."""
        running = self._store.jobs.processing()
        rescued = sum(self._rescue_dead(job) or self._rescue_stalled(job) for job in running)
        self._signs = {_sign(job): self._signs.get(_sign(job), time.monotonic()) for job in running}
        return rescued

    def _rescue_dead(self, job: Job) -> bool:
        with self._store.leases.hold(lease_of(job)) as free:
            if not free:
                return False
            after = rescue(self._store, self._doorbell, job, self._clock())
        return self._again(after)

    def _rescue_stalled(self, job: Job) -> bool:
        """Time is measured here and between two looks: the clocks of workers do not matter."""
        since = self._signs.get(_sign(job))
        if since is None or time.monotonic() - since < STALLED_SECONDS:
            return False
        return self._again(rescue(self._store, self._doorbell, job, self._clock()))

    def _again(self, after: Job | None) -> bool:
        if after is not None and after.status is JobStatus.RETRYING:
            self._doorbell.job(after.job_id)
        return after is not None

    def _ring(self) -> int:
        """Ring for jobs whose bell was lost between the commit and the queue, and ever more seldom."""
        waiting = {_sign(job): job for job in self._store.jobs.waiting(BATCH)}
        late = self._job_waits.late({sign: _pause(job) for sign, job in waiting.items()})
        for sign in late:
            self._doorbell.job(waiting[sign].job_id)
        return len(late)

    def _remind(self) -> int:
        """Ring for webhooks whose time has come and that nobody rang for.

        It has come by this process's clock, or when as long has passed as there was to be between two
        attempts: the worker that put the next one off may have had another clock.
        """
        due = {message.message_id: message for message in self._store.messages.due(self._clock(), BATCH)}
        waiting = {(it.message_id, it.attempts): it for it in self._store.messages.waiting(BATCH)}
        late = self._message_waits.late({sign: put_off(message) for sign, message in waiting.items()})
        due.update({sign[0]: waiting[sign] for sign in late})
        for message_id in due:
            self._doorbell.message(message_id)
        if due:
            self._store.messages.rung(due.values(), self._clock())
        return len(due)

    def _tidy(self, swept: Swept) -> Swept:
        now = self._clock()
        self._store.requests.expire(now)
        self._store.forget_left()
        return msgspec.structs.replace(
            swept,
            secrets=self._store.secrets.erase_ended(),
            uploads=self._store.uploads.abandoned(ABANDONED_UPLOAD_SECONDS) + self._drop_orphans(),
            drafts=self._store.renditions.abandoned(ABANDONED_DRAFT_SECONDS),
            expired=self._expire(now),
        )

    def _drop_orphans(self) -> int:
        """Delete documents that no job refers to, as a submission that failed leaves them."""
        if time.monotonic() - self._combed < ORPHAN_SECONDS:
            return 0
        self._combed = time.monotonic()
        dropped = 0
        for tenant, document in self._store.uploads.kept():
            if not self._store.jobs.needs(tenant, document):
                dropped += documents.erase(self._store, tenant, document)
        return dropped + self._drop_orphaned_renditions()

    def _drop_orphaned_renditions(self) -> int:
        """Delete what an attempt wrote whose job was taken away from it, or erased meanwhile."""
        orphans = [
            (tenant, job_id)
            for tenant, job_id in self._store.renditions.kept()
            if _needs_no_rendition(self._store.jobs.get(tenant, job_id))
        ]
        for tenant, job_id in orphans:
            self._store.renditions.erase(tenant, job_id)
        return len(orphans)

    def _expire(self, now: dt.datetime) -> int:
        """Delete what was kept as long as it is to be kept."""
        if not self._keep:
            return 0
        oldest = now - self._keep
        jobs = self._store.jobs.ended_before(oldest, BATCH)
        for job in jobs:
            erase(self._store, job)
        self._store.cache.expire(oldest)
        self._store.replies.expire(oldest)
        self._store.batches.expire(oldest)
        if jobs:
            self._store.forget_erased()
        return len(jobs)


def _needs_no_rendition(job: Job | None) -> bool:
    return job is None or job.status in {JobStatus.FAILED, JobStatus.CANCELLED}


def _pause(job: Job) -> float:
    return lifecycle.BACK_OFF[-1].total_seconds() if job.status is JobStatus.RETRYING else 0.0


def _sign(job: Job) -> Sign:
    """What changes with every sign of life of a job."""
    return job.job_id, job.version, job.heartbeats
