"""Jobs as their owner sees them."""

import asyncio
import datetime as dt
import re
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, post
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, QueryParameter
from litestar.response import ServerSentEvent
from msgspec import UNSET

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.encoding import JsonResponse
from app.api.events import follow
from app.api.handing import streamed_view
from app.api.service import Service, TheService
from app.errors import InvalidOption, RequestRefused
from app.jobs.ending import cancel, purge
from app.jobs.view import JobView, ParseJobView, parsed_result, show, summary
from app.jobs.webhooks import redeliver
from app.model.job import Job, JobStatus, JobType
from app.storage.records import JobFilter, Key, Scope

KeyedRequest = Request[Any, Key, Any]

MOST_LISTED: Final = 200
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
Moment = Annotated[str | None, QueryParameter(schema_extra={"format": "date-time"})]


class JobList(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the caller's jobs, newest first, without their results."""

    jobs: tuple[JobView, ...]
    total: int
    has_more: bool
    next_after: str | None
    """For `after`, to have the page that follows; null at the end."""


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """The job is not read any more."""

    success: bool = True
    job_id: str
    status: JobStatus = JobStatus.CANCELLED


class DeliveryQueued(msgspec.Struct, frozen=True, kw_only=True):
    """The webhook is on its way again."""

    job_id: str
    status: Literal["queued"] = "queued"


class Jobs(Controller):
    """Reading jobs is never charged."""

    path = "/v1/jobs"
    tags = ("Jobs",)
    security = SECURITY

    @get(
        "/{job_id:str}",
        guards=[may(Scope.READ)],
        summary="One job",
        operation_id="getJob",
        responses=problems("bad_request", "job_not_found", *WITH_KEY),
    )
    async def one(
        self, request: KeyedRequest, service: TheService, job_id: FromPath[str]
    ) -> Response[JobView | ParseJobView]:
        """How far a job is, and its result when it is completed.

        A parsed document of more than 1 MB is streamed.
        """
        job = find(service, request.auth.tenant, job_id)
        # A row is read where it stands, which takes less than telling a thread to; a result may be large.
        if job.status is not JobStatus.COMPLETED:
            return JsonResponse(show(service.store, job))
        return await asyncio.to_thread(_shown, service, job)

    @get(
        "/",
        guards=[may(Scope.READ)],
        summary="Jobs",
        operation_id="listJobs",
        responses=problems("bad_request", "invalid_option", *WITH_KEY),
    )
    async def every(  # noqa: PLR0913, PLR0917  # each is a filter of the contract
        self,
        request: KeyedRequest,
        service: TheService,
        status: FromQuery[JobStatus | None] = None,
        type: FromQuery[JobType | None] = None,  # noqa: A002  # the contract's name
        flag: FromQuery[str | None] = None,
        severity: FromQuery[Literal["error", "warning", "info"] | None] = None,
        decision: FromQuery[Literal["accept", "review", "reject"] | None] = None,
        external_id: FromQuery[str | None] = None,
        created_after: Moment = None,
        created_before: Moment = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST_LISTED)] = 50,
        offset: Annotated[int, QueryParameter(ge=0, le=2**31)] = 0,
        after: Annotated[str | None, QueryParameter(schema_extra={"format": "uuid"})] = None,
    ) -> JobList:
        """The caller's jobs, newest first; all given filters hold together.

        Pages asked for by `after` hold every job once, also when new ones come in between.
        """
        wanted = JobFilter(
            status=status,
            type=type,
            flag=flag,
            severity=severity,
            decision=decision,
            external_id=external_id,
            created_after=_moment("created_after", created_after),
            created_before=_moment("created_before", created_before),
        )
        page = await asyncio.to_thread(
            service.store.jobs.list,
            request.auth.tenant,
            wanted,
            limit=limit,
            offset=offset,
            after=_id("after", after),
        )
        return JobList(
            jobs=tuple(summary(job) for job in page.jobs),
            total=page.total,
            has_more=page.has_more,
            next_after=str(page.jobs[-1].job_id) if page.has_more else None,
        )

    @delete(
        "/{job_id:str}",
        guards=[may(Scope.SUBMIT)],
        status_code=200,
        summary="Cancel or purge a job",
        operation_id="cancelJob",
        responses={
            204: ResponseSpec(None, description="Purged: document, result and cache entries are erased."),
            **problems("bad_request", "invalid_option", "job_not_found", "job_not_cancellable", *WITH_KEY),
        },
    )
    async def cancel(
        self,
        request: KeyedRequest,
        service: TheService,
        job_id: FromPath[str],
        purge: FromQuery[bool] = False,  # the contract's query parameter
    ) -> Response[Cancelled]:
        """Cancels a job that is not over; with `purge` erases one that is."""
        tenant = request.auth.tenant
        if purge:
            await asyncio.to_thread(_purge, service, tenant, job_id)
            return Response(None, status_code=204)  # type: ignore[arg-type]  # no content at all
        job = await asyncio.to_thread(_cancel, service, tenant, job_id)
        return Response(Cancelled(job_id=str(job.job_id)), status_code=200)

    @get(
        "/{job_id:str}/events",
        guards=[may(Scope.READ)],
        summary="Follow a job",
        operation_id="followJob",
        media_type="text/event-stream",
        responses=problems("bad_request", "job_not_found", *WITH_KEY),
    )
    async def events(
        self,
        request: KeyedRequest,
        service: TheService,
        job_id: FromPath[str],
        last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=100)] = None,
    ) -> ServerSentEvent:
        """Server-sent events: `progress` until one of `completed`, `failed`, `cancelled`."""
        tenant = request.auth.tenant
        job = await asyncio.to_thread(find, service, tenant, job_id)
        return ServerSentEvent(follow(service, job, last_event_id))

    @post(
        "/{job_id:str}/deliver",
        guards=[may(Scope.SUBMIT)],
        status_code=202,
        summary="Send the webhook again",
        operation_id="deliverJob",
        responses=problems("bad_request", "job_not_found", "job_not_finished", "no_webhook", *WITH_KEY),
    )
    async def deliver(
        self, request: KeyedRequest, service: TheService, job_id: FromPath[str]
    ) -> DeliveryQueued:
        """Sends the webhook of a job that is over again, now, under its first id."""
        await asyncio.to_thread(_deliver, service, request.auth.tenant, job_id)
        return DeliveryQueued(job_id=job_id)


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


def _shown(service: Service, job: Job) -> Response[JobView | ParseJobView]:
    shown, result = show(service.store, job), parsed_result(service.store, job)
    if result is None or not isinstance(shown, ParseJobView) or shown.result is not UNSET:
        return JsonResponse(shown)
    return streamed_view(shown, result)


def _cancel(service: Service, tenant: str, job_id: str) -> Job:
    return cancel(service.store, service.doorbell, find(service, tenant, job_id), service.now())


def _purge(service: Service, tenant: str, job_id: str) -> None:
    purge(service.store, find(service, tenant, job_id))


def _deliver(service: Service, tenant: str, job_id: str) -> None:
    redeliver(service.store, service.doorbell, find(service, tenant, job_id), service.now())


def _id(name: str, text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise InvalidOption(name, f"`{name}` must be the id of a job.") from None


def _moment(name: str, text: str | None) -> dt.datetime | None:
    """A time of RFC 3339; one without an offset is UTC, a date alone its first moment."""
    if text is None:
        return None
    try:
        moment = msgspec.convert(f"{text}T00:00:00" if _DATE.fullmatch(text) else text, dt.datetime)
    except msgspec.ValidationError:
        raise InvalidOption(name, f"`{name}` must be a time such as `2026-01-31T12:00:00Z`.") from None
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
