"""One process that is kept running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import msgspec
import structlog

from app.jobs.supervisor.started import MISCONFIGURED
from app.settings import Settings, stored

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
SETTLED_SECONDS: Final = 10.0
"""Who lived so long has recovered: its next death is a first one."""
FALSE_STARTS: Final = 5
"""Who has never been ready and ended by itself so often is given up. Who has been is not: what broke it may
pass, and others wait for it."""

_log = structlog.get_logger("supervisor")


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What a process is to run."""

    name: str
    entry: str
    """`module:function` of an `Entry`."""
    listener: socket.socket | None = None
    environment: Mapping[str, str] = {}
    """Variables of its own."""


class Child:
    """A process of a program, replaced when it dies, each time after a longer pause."""

    def __init__(
        self, program: Program, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = program.name
        self._program = program
        self._settings = settings
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._ready_from: int | None = None
        self._pause = FIRST_PAUSE
        self._started = 0.0
        self._due = 0.0
        self._false_starts = 0
        self._was_ready = False
        self.ready = False
        """Whether the process that runs now has said so."""

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return None if self._process is None else self._process.pid

    @property
    def hopeless(self) -> bool:
        """Whether starting it again is pointless."""
        return not self._was_ready and self._false_starts >= FALSE_STARTS

    def tend(self) -> None:
        """Start it when it is due, notice that it is ready or dead; to be called often."""
        if self._process is None:
            if self._clock() >= self._due and not self.hopeless:
                self._start()
            return
        self._listen()
        status = self._process.poll()
        if status is not None:
            self._mourn(status)

    def ask_to_end(self) -> None:
        """Let it finish what it does; it is not replaced unless tended again."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it now."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._forget()

    def has_ended(self) -> bool:
        """Whether no process runs any more."""
        return self._process is None or self._process.poll() is not None

    def _start(self) -> None:
        ready_from, ready_to = os.pipe()
        handed = [ready_to]
        if self._program.listener is not None:
            handed.append(self._program.listener.fileno())
        program = "from app.jobs.supervisor.started import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", program, self._program.entry, *map(str, handed)],
            stdin=subprocess.PIPE,
            pass_fds=handed,
            env={
                **os.environ,
                **self._program.environment,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            start_new_session=True,  # Ctrl-C is for the parent to hear
        )
        os.close(ready_to)
        os.set_blocking(ready_from, False)
        self._ready_from, self._started = ready_from, self._clock()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.write(stored(self._settings) + b"\n")
                self._process.stdin.flush()

    def _listen(self) -> None:
        if self._ready_from is None or self.ready:
            return
        with suppress(BlockingIOError):
            self.ready = bool(os.read(self._ready_from, 16))
        self._was_ready = self._was_ready or self.ready

    def _mourn(self, status: int) -> None:
        _log.warning("a process ended", name=self.name, how=_how(status))
        if status == MISCONFIGURED:
            self._false_starts = FALSE_STARTS
        elif status > 0:  # not killed by anybody
            self._false_starts += 1
        lived = self._clock() - self._started
        self._pause = FIRST_PAUSE if lived >= SETTLED_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
        self._due = self._clock() + self._pause
        self._forget()

    def _forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        if self._ready_from is not None:
            os.close(self._ready_from)
        self._process, self._ready_from, self.ready = None, None, False


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit {status}"
