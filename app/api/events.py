"""A job's life as server-sent events.

An event's id says where the job then stood. A reader who comes back with the id of the last one it saw gets
what has changed since, and the end of the job for certain.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import msgspec
from litestar.response.sse import ServerSentEventMessage

from app.api.service import Service
from app.model.job import Job, JobStatus
from app.model.progress import Stage

_LOOK_SECONDS: Final = 0.2
_QUIET_LOOKS: Final = 75
"""Looks without news after which a comment keeps proxies from closing the connection."""
_COME_BACK_MS: Final = 2000


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The data of every event."""

    status: JobStatus
    progress: int
    stage: Stage


async def follow(service: Service, job: Job, last_seen: str | None) -> AsyncIterator[ServerSentEventMessage]:
    """The events of a job from after `last_seen` to its end."""
    current: Job | None = job
    seen, quiet = last_seen, 0
    while current is not None:
        mark = f"{current.version}-{current.progress}-{current.stage}"
        if mark != seen or current.over:
            seen, quiet = mark, 0
            yield _message(current, mark)
        if current.over or service.streams.ending:
            return
        quiet += 1
        if quiet % _QUIET_LOOKS == 0:
            yield ServerSentEventMessage(comment="still there")
        await asyncio.sleep(_LOOK_SECONDS)
        current = await asyncio.to_thread(_again, service, current.tenant, current.job_id)


def _again(service: Service, tenant: str, job_id: UUID) -> Job | None:
    return service.store.jobs.get(tenant, job_id)


def _message(job: Job, mark: str) -> ServerSentEventMessage:
    data = Progress(status=job.status, progress=job.progress, stage=job.stage)
    return ServerSentEventMessage(
        data=msgspec.json.encode(data).decode(),
        event=str(job.status) if job.over else "progress",
        id=mark,
        retry=_COME_BACK_MS,
    )
