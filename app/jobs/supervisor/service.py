"""The two services a person starts, as sets of processes."""

import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Final

from app.errors import Misconfigured
from app.jobs.supervisor.child import Child, Program
from app.jobs.supervisor.logs import configure
from app.jobs.supervisor.supervisor import Supervisor
from app.settings import Settings

API: Final = "app.server:run"
WORKER: Final = "app.jobs.worker:run"
COUNTS: Final = "traffic"
"""The folder of the requests' counts of several API processes; begun anew with the service."""
BACKLOG: Final = 1024
"""Connections that wait while the API is replaced."""
BIND_SECONDS: Final = 3.0
"""How long an address is waited for that a process which is just ending still holds."""


def serve(settings: Settings) -> None:
    """Run the API and its workers until a signal ends them; says on standard output where it listens.

    Raises:
        Misconfigured: when the address cannot be listened at.
        SystemExit: with a status other than 0 when a process could not be started.
    """
    with closing(_listen(settings)) as listener:
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        programs = [*_apis(settings, listener), *_workers(settings)]
        # Whoever comes while it ends is turned away, not kept waiting for nobody.
        _run(programs, settings, f"Spunta listens on http://{shown}:{port}", listener.close)


def work(settings: Settings) -> None:
    """Run workers alone until a signal ends them."""
    workers = _workers(settings)
    _run(workers, settings, f"Spunta works with {len(workers)} process{'es' if len(workers) > 1 else ''}")


def _apis(settings: Settings, listener: socket.socket) -> list[Program]:
    """One or several; several count their requests in files, so that whoever is asked can tell them all."""
    if settings.api_processes == 1:
        return [Program(name="api", entry=API, listener=listener)]
    counts = settings.data / COUNTS
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(parents=True, mode=0o700)
    return [
        Program(
            name=f"api {number}",
            entry=API,
            listener=listener,
            environment={"PROMETHEUS_MULTIPROC_DIR": str(counts)},
        )
        for number in range(1, settings.api_processes + 1)
    ]


def _workers(settings: Settings) -> list[Program]:
    count = settings.workers or os.cpu_count() or 1
    return [Program(name=f"worker {number}", entry=WORKER) for number in range(1, count + 1)]


def _run(
    programs: list[Program], settings: Settings, sentence: str, ending: Callable[[], None] = lambda: None
) -> None:
    def ready() -> None:
        sys.stdout.write(sentence + "\n")
        sys.stdout.flush()

    configure(settings)
    children = [Child(program, settings) for program in programs]
    status = Supervisor(children, settings.drain_seconds, ready, ending).run()
    if status:
        sys.exit(status)


def _listen(settings: Settings) -> socket.socket:
    """A listening socket of this process and its API: a killed API loses no waiting connection."""
    deadline = time.monotonic() + BIND_SECONDS
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    while True:
        try:
            return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
        except OSError as problem:
            if time.monotonic() > deadline or not isinstance(problem.errno, int):
                reason = (problem.strerror or "unknown").lower()
                raise Misconfigured(
                    f"Port {settings.port} of {settings.host} cannot be listened at: {reason}."
                ) from None
        time.sleep(0.1)
