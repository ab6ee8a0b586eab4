"""A process that judges with strangers' rules, and its parent's hold on it."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Final

import msgspec

from app.jobs.sandbox.confine import die_with_parent, limit_for_life
from app.model.evidence import told
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.validation import Context, Ruleset, decide, load, validate

_START_SECONDS: Final = 60.0
_READY: Final = b"ready"
_KEPT_VARIABLES: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
"""All that a stranger's rule sees of the environment: no key, no setting."""


class Task(msgspec.Struct, frozen=True):
    """What is to be judged, by the rules of which packages."""

    packages: tuple[str, ...]
    extraction: Extraction
    context: Context


class Answer(msgspec.Struct, frozen=True):
    """What was found, as JSON."""

    validation_flags: bytes
    validation: bytes
    decision: bytes
    outcome: str


class ProcessLost(Exception):
    """The process did not answer; the text is a sentence for the operator."""


class JudgeProcess:
    """Started when it is first needed, and again after it was lost. Not thread-safe."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def ask(self, task: Task) -> Answer:
        """Have something judged.

        Raises:
            ProcessLost: it took too long, or ended the process.
        """
        try:
            connection = self._connection or self._start()
            connection.send_bytes(msgspec.msgpack.encode(task, enc_hook=told))
            if connection.poll(self._seconds):
                return msgspec.msgpack.decode(connection.recv_bytes(), type=Answer)
        except (OSError, EOFError, msgspec.MsgspecError):
            self.close()
            raise ProcessLost("they ended the process that asks them.") from None
        self.close()
        raise ProcessLost(f"they took longer than {self._seconds:g} seconds.")

    def close(self) -> None:
        """End the process, in the middle of whatever it does."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), str(self._memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
            )
        self._connection = Connection(ours.detach())
        if not self._connection.poll(_START_SECONDS) or self._connection.recv_bytes() != _READY:
            raise EOFError
        return self._connection


_PROGRAM: Final = "from app.jobs.judge_process import main; main()"


def main() -> None:
    """The process itself: judges what it is asked to until its parent hangs up."""
    connection = Connection(int(sys.argv[1]))
    die_with_parent()
    limit_for_life(Limits(memory_bytes=int(sys.argv[2])))
    connection.send_bytes(_READY)
    while True:
        try:
            task = msgspec.msgpack.decode(connection.recv_bytes(), type=Task)
        except EOFError:
            return
        connection.send_bytes(msgspec.msgpack.encode(_judged(task)))


@lru_cache(maxsize=8)
def _ruleset(packages: Sequence[str]) -> Ruleset:
    return load(packages)


def _judged(task: Task) -> Answer:
    ruleset = _ruleset(task.packages)
    report = validate(task.extraction, task.context, ruleset)
    decision = decide(report, task.extraction, task.context.policy or ruleset.policy)
    encode = msgspec.json.Encoder(decimal_format="number").encode
    return Answer(
        validation_flags=encode(report.validation_flags),
        validation=encode(report.validation),
        decision=encode(decision),
        outcome=decision.outcome,
    )
