"""From an upload to a row: everything is written in one transaction, and only then the bell is rung."""

import datetime as dt
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import Final, Generic, TypeVar
from uuid import UUID, uuid4

import msgspec

from app.errors import RequestRefused
from app.jobs.documents import kept
from app.jobs.doorbell import Doorbell
from app.model.job import Job, Order
from app.storage.file_protocols import Incoming
from app.storage.protocols import Store
from app.storage.records import MODEL_KEY, Batch, Key, Pace, Refusal, Remembered, Usage

PASSWORD: Final = "password"  # noqa: S105 - the name of a secret, not one
IDEMPOTENT_FOR: Final = dt.timedelta(hours=24)
PACE_SECONDS: Final = 1.0
_LEAST_SECONDS: Final = 1


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One document and what is to be done with it."""

    order: Order
    incoming: Incoming
    password: str | None = None
    model_key: str | None = None
    """The caller's own key for a model's provider."""


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a submission; the body of the 202."""

    job_id: UUID
    status: str = "pending"
    estimated_seconds: int
    poll_url: str
    webhook_configured: bool
    quota_remaining: int | None
    """`None` where the key has no quota."""


class AcceptedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a submission of several documents."""

    batch_id: UUID
    poll_url: str
    jobs: tuple[Accepted, ...]
    refused: tuple[Refusal, ...] = ()


Answer = TypeVar("Answer", "Accepted", "AcceptedBatch")


class Outcome(msgspec.Struct, Generic[Answer], frozen=True):
    """An answer, and whether it was given before (`Idempotency-Key`)."""

    answer: Answer
    replayed: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """All that one request brought, with who brought it and when."""

    key: Key
    submissions: Sequence[Submission]
    refused: tuple[Refusal, ...] = ()
    """Files of a batch that could not be taken."""
    now: dt.datetime
    idempotency_key: str | None = None


class _Entry(msgspec.Struct, Generic[Answer], frozen=True, kw_only=True):
    """How a request is written down and answered."""

    request: Request
    kind: type[Answer]
    mark: str
    """What makes another request the same; empty where nobody will ask."""
    answer: Callable[[tuple[Accepted, ...]], Answer]
    batch_id: UUID | None = None


class Desk:
    """Takes submissions in."""

    def __init__(self, store: Store, doorbell: Doorbell, workers: int) -> None:
        self._store = store
        self._doorbell = doorbell
        self._workers = max(1, workers)
        self._pace, self._paced_at = Pace(waiting=0, mean_ms=0.0), -math.inf

    @contextmanager
    def only_once(self, key: Key, idempotency_key: str | None) -> Iterator[None]:
        """Around the receipt of a request with an `Idempotency-Key`.

        Raises:
            RequestRefused: `request_in_progress` while the first request with it is being received.
        """
        if idempotency_key is None:
            yield
            return
        name = blake2b(f"{key.key_id} {idempotency_key}".encode(), digest_size=16).hexdigest()
        with self._store.leases.hold(f"request-{name}") as first:
            if not first:
                raise RequestRefused(
                    "request_in_progress",
                    "The first request with this Idempotency-Key is still being received.",
                    {"Retry-After": "1"},
                )
            yield

    def submit(self, request: Request) -> Outcome[Accepted]:
        """Accept the one document of a request: from now on it will be read, whatever dies.

        Raises:
            RequestRefused: `quota_exceeded` or `idempotency_key_reused`; nothing is kept then.
        """
        return _given(*self.submit_all([request]))

    def submit_all(self, requests: Sequence[Request]) -> list[Outcome[Accepted] | Exception]:
        """Accept the one document of each of several requests as `submit` does, all with one commit.

        Gives what `submit` would return or raise for each, none hurt by another.

        Raises:
            OSError: the disk refuses; nothing is kept of any.
        """
        return self._take([_entry(request, Accepted, lambda jobs: jobs[0]) for request in requests])

    def submit_batch(self, request: Request) -> Outcome[AcceptedBatch]:
        """Accept several documents as one job each, all or none.

        Raises:
            RequestRefused: `quota_exceeded` or `idempotency_key_reused`; nothing is kept then.
        """
        batch_id = uuid4()

        def answer(jobs: tuple[Accepted, ...]) -> AcceptedBatch:
            url = f"/v1/batches/{batch_id}"
            return AcceptedBatch(batch_id=batch_id, poll_url=url, jobs=jobs, refused=request.refused)

        return _given(*self._take([_entry(request, AcceptedBatch, answer, batch_id)]))

    def _take(self, entries: Sequence[_Entry[Answer]]) -> list[Outcome[Answer] | Exception]:
        try:
            known = [self._known(entry) for entry in entries]
            new = [entry for entry, outcome in zip(entries, known, strict=True) if outcome is None]
            kept_now = iter(self._keep(new))
            return [next(kept_now) if outcome is None else outcome for outcome in known]
        finally:
            for _, incoming in _brought(entries):
                incoming.discard()

    def _keep(self, entries: Sequence[_Entry[Answer]]) -> list[Outcome[Answer] | Exception]:
        if not entries:
            return []
        entered: list[UUID] = []
        with kept(self._store, _brought(entries)) as (documents, needed):
            hashes = iter(documents)
            works = [
                partial(self._enter, entry, list(islice(hashes, len(entry.request.submissions))))
                for entry in entries
            ]
            found = self._store.together(works)
            for each in found:
                jobs = () if isinstance(each, Exception) else each.jobs
                entered += [job.job_id for job in jobs]
                needed.update((job.tenant, job.document) for job in jobs)
        self._doorbell.jobs(entered)
        return [each if isinstance(each, Exception) else each.outcome for each in found]

    def _enter(self, entry: _Entry[Answer], documents: Sequence[str]) -> "_Entered[Answer]":
        """Write everything, inside a transaction; the jobs are none when they were written before."""
        known = self._known(entry)
        if isinstance(known, Exception):
            raise known
        if known is not None:
            return _Entered(known, ())
        jobs, accepted = self._accept(entry.request, documents, entry.batch_id)
        given = entry.answer(accepted)
        self._remember(entry, given)
        return _Entered(Outcome(given), jobs)

    def _known(self, entry: _Entry[Answer]) -> Outcome[Answer] | RequestRefused | None:
        """What the first request of the same `Idempotency-Key` was answered."""
        request = entry.request
        if request.idempotency_key is None:
            return None
        known = self._store.requests.recall(request.key.key_id, request.idempotency_key, request.now)
        if known is None:
            return None
        if known.fingerprint != entry.mark:
            return RequestRefused(
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request in the last 24 hours.",
            )
        return Outcome(msgspec.json.decode(known.answer, type=entry.kind), replayed=True)

    def _remember(self, entry: _Entry[Answer], given: Answer) -> None:
        request = entry.request
        if request.idempotency_key is not None:
            answer = Remembered(fingerprint=entry.mark, answer=msgspec.json.encode(given))
            until = request.now + IDEMPOTENT_FOR
            self._store.requests.remember(request.key.key_id, request.idempotency_key, answer, until)

    def _accept(
        self, request: Request, documents: Sequence[str], batch_id: UUID | None
    ) -> tuple[tuple[Job, ...], tuple[Accepted, ...]]:
        key, now = request.key, request.now
        remaining = self._charge(key, request.submissions, now)
        if batch_id is not None:
            batch = Batch(batch_id=batch_id, tenant=key.tenant, created_at=now, refused=request.refused)
            self._store.batches.add(batch)
        seconds = self._estimate()
        jobs = tuple(
            self._write(key, submission, document, now, batch_id)
            for submission, document in zip(request.submissions, documents, strict=True)
        )
        return jobs, tuple(_accepted(job, seconds, remaining) for job in jobs)

    def _charge(self, key: Key, submissions: Sequence[Submission], now: dt.datetime) -> int | None:
        used = self._store.usages.add(
            Usage(
                key_id=key.key_id,
                month=now.astimezone(dt.UTC).strftime("%Y-%m"),
                jobs=len(submissions),
                bytes=sum(submission.incoming.size for submission in submissions),
            )
        )
        if key.monthly_quota is None:
            return None
        if used.jobs > key.monthly_quota:
            raise RequestRefused(
                "quota_exceeded", f"This key may submit {key.monthly_quota} documents a month, and has."
            )
        return key.monthly_quota - used.jobs

    def _write(
        self, key: Key, submission: Submission, document: str, now: dt.datetime, batch_id: UUID | None
    ) -> Job:
        order = msgspec.structs.replace(
            submission.order,
            batch_id=batch_id,
            callback_url=submission.order.callback_url or key.callback_url,
            options=msgspec.structs.replace(submission.order.options, password=None),
        )
        job = Job(
            job_id=uuid4(),
            tenant=key.tenant,
            key_id=key.key_id,
            order=order,
            document=document,
            size=submission.incoming.size,
            queued_at=now,
        )
        self._store.jobs.add(job)
        password = submission.password or submission.order.options.password
        for name, secret in ((PASSWORD, password), (MODEL_KEY, submission.model_key)):
            if secret is not None:
                self._store.secrets.put(job.job_id, name, secret)
        return job

    def _estimate(self) -> int:
        """How long it will take, as things stood a moment ago: counting those that wait takes time itself."""
        now = time.monotonic()
        if now - self._paced_at >= PACE_SECONDS:
            self._pace, self._paced_at = self._store.jobs.pace(), now
        pace = self._pace
        return max(_LEAST_SECONDS, round(pace.mean_ms * (pace.waiting + 1) / self._workers / 1000))


def fingerprint(kind: str, submissions: Sequence[Submission]) -> str:
    """What makes two requests the same: bytes and options, not who carried them or how they were encoded."""
    digest = blake2b(kind.encode(), digest_size=32)
    for submission in submissions:
        order = msgspec.structs.replace(
            submission.order,
            request_id=None,
            options=msgspec.structs.replace(submission.order.options, password=None),
        )
        digest.update(submission.incoming.finish().encode())
        digest.update(msgspec.json.encode(order, order="deterministic"))
    return digest.hexdigest()


class _Entered(msgspec.Struct, Generic[Answer], frozen=True):
    """What was written of an entry."""

    outcome: Outcome[Answer]
    jobs: tuple[Job, ...]


def _entry(
    request: Request,
    kind: type[Answer],
    answer: Callable[[tuple[Accepted, ...]], Answer],
    batch_id: UUID | None = None,
) -> _Entry[Answer]:
    mark = "" if request.idempotency_key is None else fingerprint(kind.__name__, request.submissions)
    return _Entry(request=request, kind=kind, mark=mark, answer=answer, batch_id=batch_id)


def _brought(entries: Sequence[_Entry[Answer]]) -> list[tuple[str, Incoming]]:
    return [
        (entry.request.key.tenant, submission.incoming)
        for entry in entries
        for submission in entry.request.submissions
    ]


def _given(outcome: Outcome[Answer] | Exception) -> Outcome[Answer]:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _accepted(job: Job, seconds: int, remaining: int | None) -> Accepted:
    return Accepted(
        job_id=job.job_id,
        estimated_seconds=seconds,
        poll_url=f"/v1/jobs/{job.job_id}",
        webhook_configured=job.order.callback_url is not None,
        quota_remaining=remaining,
    )
