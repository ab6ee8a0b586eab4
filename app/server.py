"""The API process: the application behind an HTTP server, on a socket that outlives it."""

import asyncio
import socket
from typing import Final

import uvicorn

from app.jobs.supervisor import Outset
from app.main import create_app

KEEP_ALIVE_SECONDS: Final = 75


def run(outset: Outset) -> None:
    """Answer requests until SIGTERM, then finish those under way."""
    if outset.listener is None:
        raise RuntimeError("the API needs a listening socket")
    settings = outset.settings
    config = uvicorn.Config(
        create_app(settings),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, int(settings.drain_seconds)),
    )
    server = Server(config, outset)
    asyncio.run(server.serve(sockets=[outset.listener]))


class Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, outset: Outset) -> None:
        super().__init__(config)
        self._outset = outset

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._outset.ready()
