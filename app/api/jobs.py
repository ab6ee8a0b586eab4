"""Jobs as their owner sees them."""

import asyncio
import datetime as dt
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, get
from litestar.params import Parameter

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.service import Service, TheService
from app.errors import RequestRefused
from app.jobs.view import JobView, summary, view
from app.model.job import Job, JobStatus, JobType
from app.storage.records import JobFilter, Key, Scope

KeyedRequest = Request[Any, Key, Any]

MOST_LISTED: Final = 200


class JobList(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the caller's jobs, newest first, without their results."""

    jobs: tuple[JobView, ...]
    total: int
    has_more: bool


class Jobs(Controller):
    """Reading jobs is never charged."""

    path = "/v1/jobs"
    tags = ("Jobs",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @get("/{job_id:str}", summary="One job", responses=problems("bad_request", "job_not_found", *WITH_KEY))
    async def one(self, request: KeyedRequest, service: TheService, job_id: str) -> JobView:
        """How far a job is, and its result when it is completed."""
        return await asyncio.to_thread(_shown, service, request.auth.tenant, job_id)

    @get("/", summary="Jobs", responses=problems("bad_request", "invalid_option", *WITH_KEY))
    async def every(  # noqa: PLR0913, PLR0917  # each is a filter of the contract
        self,
        request: KeyedRequest,
        service: TheService,
        status: JobStatus | None = None,
        type: JobType | None = None,  # noqa: A002  # the contract's name
        flag: str | None = None,
        severity: Literal["error", "warning", "info"] | None = None,
        decision: Literal["accept", "review", "reject"] | None = None,
        external_id: str | None = None,
        created_after: dt.datetime | None = None,
        created_before: dt.datetime | None = None,
        limit: Annotated[int, Parameter(ge=1, le=MOST_LISTED)] = 50,
        offset: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
    ) -> JobList:
        """The caller's jobs, newest first; all given filters hold together."""
        wanted = JobFilter(
            status=status,
            type=type,
            flag=flag,
            severity=severity,
            decision=decision,
            external_id=external_id,
            created_after=_aware(created_after),
            created_before=_aware(created_before),
        )
        page = await asyncio.to_thread(
            service.store.jobs.list, request.auth.tenant, wanted, limit=limit, offset=offset
        )
        return JobList(
            jobs=tuple(summary(job) for job in page.jobs), total=page.total, has_more=page.has_more
        )


def find(service: Service, tenant: str, job_id: str) -> Job:
    """A tenant's job.

    Raises:
        RequestRefused: `job_not_found`, also for another tenant's.
    """
    try:
        job = service.store.jobs.get(tenant, UUID(job_id))
    except ValueError:
        job = None
    if job is None:
        raise RequestRefused("job_not_found", "There is no job of this id among those of the API key.")
    return job


def _shown(service: Service, tenant: str, job_id: str) -> JobView:
    job = find(service, tenant, job_id)
    return view(job, service.store.results.get(job) if job.status is JobStatus.COMPLETED else None)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    """A time without an offset is UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment is not None and moment.tzinfo is None else moment
