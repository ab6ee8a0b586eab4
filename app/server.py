"""The API process: the application behind an HTTP server, on a socket that outlives it."""

import asyncio
import socket
from types import FrameType
from typing import Final

import uvicorn

from app.api.access import Access
from app.jobs.supervisor import Outset
from app.main import create_app

KEEP_ALIVE_SECONDS: Final = 75


def run(outset: Outset) -> None:
    """Answer requests until SIGTERM, then finish those under way."""
    if outset.listener is None:
        raise RuntimeError("the API needs a listening socket")
    settings = outset.settings
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, int(settings.drain_seconds)),
    )
    server = Server(config, outset, app)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[outset.listener]))


class Server(uvicorn.Server):
    """Says when it is ready, and ends what would never end by itself when it is told to end."""

    def __init__(self, config: uvicorn.Config, outset: Outset, app: Access) -> None:
        super().__init__(config)
        self._outset = outset
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End streams of events, then everything else in its time."""
        self._app.end_streams()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._outset.ready()
