"""Whether the service lives, and whether it can take documents. No key is needed."""

import asyncio
import shutil
from typing import Final, Literal

import msgspec
from litestar import Controller, Response, get
from litestar.openapi import ResponseSpec

from app import __version__
from app.api.service import Service, TheService

_ROOM: Final = 200_000_000
"""Bytes that must be free in the data folder to take documents."""

Verdict = Literal["ok", "failing"]


class Live(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Verdict
    version: str


class Ready(msgspec.Struct, frozen=True):
    """Whether documents can be taken."""

    status: Verdict
    version: str
    live: bool
    ready: bool
    checks: dict[str, Verdict]
    """`database`: it can be read and written; `disk`: there is room for documents."""


_UNREADY: Final = {503: ResponseSpec(Ready, generate_examples=False, description="Not ready: see `checks`.")}


class Health(Controller):
    """For load balancers and people."""

    path = "/v1/health"
    tags = ("Operations",)

    @get(["/", "/ready"], summary="Ready", responses=_UNREADY)
    async def ready(self, service: TheService) -> Response[Ready]:
        """200 when documents can be taken, 503 when not."""
        checks = await asyncio.to_thread(_checks, service)
        ready = all(verdict == "ok" for verdict in checks.values())
        content = Ready(
            status="ok" if ready else "failing", version=__version__, live=True, ready=ready, checks=checks
        )
        return Response(content, status_code=200 if ready else 503)

    @get("/live", summary="Live", operation_id="getLive", sync_to_thread=False)
    def live(self) -> Live:
        """200 as long as the process answers at all."""
        return Live(status="ok", version=__version__)


def _checks(service: Service) -> dict[str, Verdict]:
    try:
        room = shutil.disk_usage(service.settings.data).free >= _ROOM
    except OSError:
        room = False
    return {
        "database": "ok" if service.store.healthy() else "failing",
        "disk": "ok" if room else "failing",
    }
