"""One attempt at one job: claim it, read, judge, and write the end of it in one transaction.

Whoever holds the lease of an attempt makes it; whoever knows the latest version of the row may write. The
first tells whether an attempt's worker lives, the second makes sure that even two would leave one result.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import structlog
from msgspec.structs import replace

from app.errors import InternalError, JobFailure
from app.jobs import lifecycle
from app.jobs.cache import fingerprint, versions
from app.jobs.consultant import Consultant, Purse
from app.jobs.doorbell import Doorbell
from app.jobs.ending import Outcome, Outdated, Past, lease_of, rescue, write
from app.jobs.judging import Judge
from app.jobs.progress import Progress
from app.jobs.sandbox import Cancelled, Counsel
from app.jobs.submit import PASSWORD
from app.model.consultation import Spent
from app.model.extraction import Extraction
from app.model.job import Assistance, Job, JobStatus, JobType
from app.model.options import Options
from app.model.progress import Watch
from app.model.segment import Parsed, Parsing, Target
from app.storage.protocols import Store

EARLY: Final = dt.timedelta(seconds=1)
"""How much before its time a retry may begin: clocks of processes agree no better."""
LOST: Final = "Reading this file failed unexpectedly."
_log = structlog.get_logger("jobs")


class Reader(Protocol):
    """Turns a file into an extraction, somewhere it can be stopped."""

    def read(
        self,
        path: Path,
        options: Options,
        watch: Watch,
        cancelled: Callable[[], bool],
        counsel: Counsel | None = None,
    ) -> Extraction:
        """Read and extract, telling `watch` how far it is, and stop soon after `cancelled()` becomes true.

        With `counsel`, a model may be asked.

        Raises:
            JobFailure: what is wrong with the document.
            Cancelled: it was stopped.
        """

    def parse(  # noqa: PLR0913, PLR0917 - what is read, what of it is wanted where, and two ears
        self,
        path: Path,
        options: Options,
        parsing: Parsing,
        target: Target,
        watch: Watch,
        cancelled: Callable[[], bool],
    ) -> Parsed:
        """Write what stands on the pages to the target; otherwise as `read`."""

    def close(self) -> None:
        """Let go of the process; it may be used again."""


class Runner:
    """Runs jobs by their ids. One for each thread, as its reader is."""

    def __init__(  # noqa: PLR0913 - what an attempt touches, all by keyword
        self,
        *,
        store: Store,
        doorbell: Doorbell,
        reader: Reader,
        judge: Judge,
        worker: str,
        clock: Callable[[], dt.datetime],
        packages: tuple[str, ...] = (),
        consultant: Consultant | None = None,
    ) -> None:
        self._store = store
        self._doorbell = doorbell
        self._reader = reader
        self._judge = judge
        self._worker = worker
        self._clock = clock
        self._versions = versions(packages)
        self._consultant = consultant

    def run(self, job_id: UUID) -> None:
        """Make an attempt, if there is one to be made; a call too many does no harm."""
        job = self._ready(job_id)
        if job is None:
            return
        begun = lifecycle.start(job, self._clock(), self._worker)
        with self._store.leases.hold(lease_of(begun)) as mine:
            if mine and self._store.jobs.replace(job, begun):
                self._attempt_in_context(begun)

    def _ready(self, job_id: UUID) -> Job | None:
        """The job, if an attempt may begin now."""
        job = self._store.jobs.find(job_id)
        if job is not None and job.status is JobStatus.PROCESSING:
            job = self._left_behind(job)
        if job is None or not lifecycle.allowed(job.status, lifecycle.Event.START):
            return None
        return job if due(job.retry_at, job.started_at, self._clock()) else None

    def _left_behind(self, job: Job) -> Job | None:
        """The job put back, if the lease of its attempt is free and whoever made it is therefore dead."""
        with self._store.leases.hold(lease_of(job)) as free:
            return rescue(self._store, self._doorbell, job, self._clock()) if free else None

    def _attempt_in_context(self, job: Job) -> None:
        with structlog.contextvars.bound_contextvars(job_id=str(job.job_id), request_id=job.order.request_id):
            self._attempt(job)

    def _attempt(self, job: Job) -> None:
        begun = time.monotonic()
        progress = Progress(self._store.jobs, job)
        try:
            ask = self._pages if job.order.type is JobType.PARSE else self._outcome
            outcome = ask(job, progress, begun)
        except JobFailure as failure:
            outcome = self._settled(progress.reached(job), failure, begun)
        except Cancelled:
            if not self._store.jobs.current(job):
                return
            # The job is wanted, but this worker is to end: it goes back as it came.
            outcome = Outcome(before=job, after=lifecycle.hand_back(job, self._clock()))
        except Exception as problem:  # noqa: BLE001 - whatever a document provokes ends the attempt, not the worker
            # Never its text, which may quote the document.
            _log.error("an attempt failed", problem=type(problem).__name__)
            outcome = self._settled(progress.reached(job), InternalError(LOST), begun)
        self._finish(replace(outcome, stages=progress.finished()))

    def _finish(self, outcome: Outcome) -> None:
        try:
            written = write(self._store, self._doorbell, outcome)
        except Outdated as outdated:
            self._finish(self._judged_again(outcome, outdated.history))
            return
        if written:
            self._tell(outcome.after)

    def _judged_again(self, outcome: Outcome, history: Past) -> Outcome:
        """Another such invoice was brought meanwhile: of two equal ones, one must see the other."""
        if outcome.extraction is None:
            return outcome
        judged = self._judge(outcome.extraction, outcome.before, self._clock().date(), history)
        after = replace(outcome.after, flags=judged.verdict.marks, decision=judged.outcome)
        return replace(outcome, after=after, verdict=judged.verdict, history=history)

    def _settled(self, job: Job, failure: JobFailure, begun: float) -> Outcome:
        return Outcome(before=job, after=lifecycle.settle(job, self._clock(), failure, _ms(begun)))

    def _outcome(self, job: Job, progress: Progress, begun: float) -> Outcome:
        key = self._cache_key(job)
        extraction = None if key is None else self._store.cache.get(job.tenant, job.document, key)
        cached = extraction is not None
        extraction = self._read(job, progress) if extraction is None else without_cost(extraction)
        progress.validating()
        now = self._clock()
        history = tuple(self._store.history.before(job, extraction.invoice))
        judged = self._judge(extraction, job, now.date(), history)
        after = lifecycle.complete(
            job,
            now,
            extraction=extraction,
            verdict=judged.verdict,
            decision=judged.outcome,
            ms=_ms(begun),
            cached=cached,
        )
        return Outcome(
            before=job,
            after=after,
            extraction=extraction,
            verdict=judged.verdict,
            history=history,
            cache_under=None if cached or extraction.observations.model_trouble else key,
        )

    def _pages(self, job: Job, progress: Progress, begun: float) -> Outcome:
        options, path = self._given(job)
        parsing = job.order.parsing or Parsing()
        with self._store.renditions.draft() as draft:
            parsed = self._reader.parse(
                path, options, parsing, target_of(job, draft), progress.watch, progress.cancelled
            )
            self._store.renditions.adopt(job.tenant, job.job_id, draft)
        after = lifecycle.complete_pages(job, self._clock(), parsed, _ms(begun))
        return Outcome(before=job, after=after)

    def _cache_key(self, job: Job) -> str | None:
        if self._store.secrets.get(job.job_id, PASSWORD) is not None:
            return None
        return fingerprint(job, self._versions)

    def _read(self, job: Job, progress: Progress) -> Extraction:
        options, path = self._given(job)
        if job.order.assistance is None or self._consultant is None:
            return self._reader.read(path, options, progress.watch, progress.cancelled)
        counsel = self._consultant.counsel(job.order.assistance, Purse(store=self._store, job=job))
        extraction = self._reader.read(path, options, progress.watch, progress.cancelled, counsel)
        return with_provider(extraction, job.order.assistance)

    def _given(self, job: Job) -> tuple[Options, Path]:
        password = self._store.secrets.get(job.job_id, PASSWORD)
        options = replace(job.order.options, password=password)
        return options, self._store.uploads.path(job.tenant, job.document)

    def _tell(self, job: Job) -> None:
        _log.info("a job moved", status=job.status, attempt=job.attempt_count, code=job.error_code)
        if job.status is JobStatus.RETRYING and job.retry_at is not None:
            pause = job.retry_at - self._clock()
            self._doorbell.job(job.job_id, max(0, int(pause.total_seconds() * 1000)))


def target_of(job: Job, folder: Path) -> Target:
    """Where the pages of a parse job are written, with the addresses of what is fetched apart."""
    address = f"/v1/jobs/{job.job_id}"
    return Target(
        folder=str(folder),
        document_id=str(job.job_id),
        filename=job.order.filename,
        pictures=f"{address}/segments/",
    )


def due(at: dt.datetime | None, noted: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether something that was put off is to be done now.

    `noted` is a moment in the past by the clock of whoever put it off. Where that lies in the future, the two
    clocks disagree, and the ring, which is counted in seconds and not in moments, is believed.
    """
    return at is None or at - EARLY <= now or (noted is not None and noted - EARLY > now)


def with_provider(extraction: Extraction, assistance: Assistance | None) -> Extraction:
    """The extraction naming who was asked."""
    if extraction.consultation is None or assistance is None:
        return extraction
    named = replace(extraction.consultation, provider=assistance.provider)
    return replace(extraction, consultation=named)


def without_cost(extraction: Extraction) -> Extraction:
    """An extraction that is used again: nothing was spent on it this time."""
    if extraction.consultation is None:
        return extraction
    return replace(extraction, consultation=replace(extraction.consultation, spent=Spent()))


def _ms(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
