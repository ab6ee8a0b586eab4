"""Keeps a set of processes running until it is told to end, then ends them in order."""

import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

import structlog

from app.jobs.supervisor.child import Child

LOOK_SECONDS: Final = 0.05
"""How often the processes are looked after; a dead one is noticed after half of this."""
DRAIN_MARGIN: Final = 2.0
"""Beyond their time to finish, so that those who just made it are not killed."""
ECHO_SECONDS: Final = 1.0
"""A signal so soon after another is the same one, sent to the process and to its group."""

_log = structlog.get_logger("supervisor")


class Supervisor:
    """One run of several processes. Belongs in the main thread: it listens to the signals of the process."""

    def __init__(
        self,
        children: Sequence[Child],
        drain_seconds: float,
        ready: Callable[[], None],
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        """`ready` is told when all are for the first time, `ending` before they are asked to end."""
        self._children = children
        self._drain_seconds = drain_seconds
        self._ready = ready
        self._ending = ending
        self._asked = 0
        self._asked_at = 0.0

    def run(self) -> int:
        """Keep them running until SIGTERM or SIGINT; gives the exit status.

        A second signal ends them at once.
        """
        before = {kind: signal.signal(kind, self._hear) for kind in (signal.SIGTERM, signal.SIGINT)}
        try:
            status = self._keep()
            self._drain()
            return status
        finally:
            for child in self._children:
                child.kill()
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def _keep(self) -> int:
        told = False
        while not self._asked:
            for child in self._children:
                child.tend()
                if child.hopeless:
                    _log.error("a process cannot be started", name=child.name)
                    return 1
            if not told and all(child.ready for child in self._children):
                told = True
                self._ready()
            time.sleep(LOOK_SECONDS)
        return 0

    def _drain(self) -> None:
        """Let everybody finish; who has not when the time is over is killed by our caller."""
        self._ending()
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + self._drain_seconds + DRAIN_MARGIN
        while time.monotonic() < deadline and self._asked < 2:  # noqa: PLR2004 - who asks twice means it
            if all(child.has_ended() for child in self._children):
                return
            time.sleep(LOOK_SECONDS)
        _log.warning("some processes did not finish in time and are ended")

    def _hear(self, _kind: int, _frame: FrameType | None) -> None:
        if not self._asked_at or time.monotonic() - self._asked_at > ECHO_SECONDS:
            self._asked += 1
            self._asked_at = time.monotonic()
