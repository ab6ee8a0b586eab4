"""Several documents that came in one request."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get
from litestar.params import FromPath

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.service import Service, TheService
from app.errors import RequestRefused
from app.jobs.view import JobView, iso, summary
from app.model.job import JobStatus
from app.storage.records import JobFilter, Key, Refusal, Scope

KeyedRequest = Request[Any, Key, Any]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs of a batch by where they stand."""

    pending: int = 0
    processing: int = 0
    retrying: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


class BatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as it stands."""

    batch_id: str
    created_at: str
    total: int
    """Jobs; refused files are none."""
    finished: bool
    """Whether every job is over."""
    counts: Counts
    jobs: tuple[JobView, ...]
    """Without their results."""
    refused: tuple[Refusal, ...]
    """Files that could not become a job."""


class Batches(Controller):
    """Batches."""

    path = "/v1/batches"
    tags = ("Jobs",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @get(
        "/{batch_id:str}",
        summary="One batch",
        operation_id="getBatch",
        responses=problems("bad_request", "batch_not_found", *WITH_KEY),
    )
    async def one(self, request: KeyedRequest, service: TheService, batch_id: FromPath[str]) -> BatchView:
        """How far the jobs of a batch are."""
        return await asyncio.to_thread(_shown, service, request.auth.tenant, batch_id)


def _shown(service: Service, tenant: str, batch_id: str) -> BatchView:
    try:
        batch = service.store.batches.get(tenant, UUID(batch_id))
    except ValueError:
        batch = None
    if batch is None:
        raise RequestRefused("batch_not_found", "There is no batch of this id among those of the API key.")
    most = service.settings.max_batch_files
    jobs = service.store.jobs.list(tenant, JobFilter(batch_id=batch.batch_id), limit=most).jobs
    counts = Counter(str(job.status) for job in jobs)
    return BatchView(
        batch_id=str(batch.batch_id),
        created_at=iso(batch.created_at) or "",
        total=len(jobs),
        finished=all(job.over for job in jobs),
        counts=Counts(**{str(status): counts[str(status)] for status in JobStatus}),
        jobs=tuple(summary(job) for job in reversed(jobs)),
        refused=batch.refused,
    )
