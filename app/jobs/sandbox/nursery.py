"""The parent's hold on the process that forks readers."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Final

from app.errors import InternalError
from app.jobs.sandbox.zygote import ANSWER, FORK, KILL

START_SECONDS: Final = 60.0
"""For loading the readers, on the slowest machine."""
ANSWER_SECONDS: Final = 10.0

_KEPT_VARIABLES: Final = (
    "PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "OMP_THREAD_LIMIT",
)  # fmt: skip
"""All that a reader sees of the environment: no key, no setting."""


class Nursery:
    """Starts readers, kills them, tells how they ended; started at first need, and again if it died."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork(self) -> socket.socket:
        """A new reader's socket; at most one reader lives at a time."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._order_fork(theirs)
        except BaseException:
            ours.close()
            raise
        return ours

    def kill(self) -> int:
        """End the reader; its wait status, of its own death if it was dead, 0 when unknown."""
        if self._control is None:
            return 0
        try:
            return self._ask(KILL)
        except (OSError, EOFError):
            self.close()
            return 0

    def close(self) -> None:
        """End the process, and with it the reader."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            self._process.kill()
            self._process.wait()
            self._process = None

    def _order_fork(self, theirs: socket.socket) -> None:
        for _ in range(2):
            if self._control is None:
                self._start()
            try:
                self._ask(FORK, theirs)
            except (OSError, EOFError):
                self.close()
            else:
                return
        raise InternalError("The process that reads documents could not be started.")

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        program = "from app.jobs.sandbox.zygote import main; main()"
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", program, str(theirs.fileno()), self._task],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Native libraries complain about documents in words from the documents.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
        self._control.settimeout(START_SECONDS)
        with suppress(OSError, EOFError):  # the order that follows finds it dead, and says so
            self._answer()
        self._control.settimeout(ANSWER_SECONDS)

    def _ask(self, command: bytes, *files: socket.socket) -> int:
        if self._control is None:
            raise EOFError
        socket.send_fds(self._control, [command], [file.fileno() for file in files])
        return self._answer()

    def _answer(self) -> int:
        if self._control is None:
            raise EOFError
        said = self._control.recv(ANSWER.size, socket.MSG_WAITALL)
        if len(said) < ANSWER.size:
            raise EOFError
        (value,) = ANSWER.unpack(said)
        return int(value)


def ended_by(status: int) -> signal.Signals | None:
    """The signal that ended a process, from its wait status."""
    return signal.Signals(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
