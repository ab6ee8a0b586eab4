"""The parent's side: orders a document read, and takes the reader away when it must."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec
import structlog

from app.errors import InternalError, JobFailure, SpuntaError, TimedOut, Unreadable
from app.jobs.sandbox.deadline import Deadline
from app.jobs.sandbox.frames import Asked, BrokenFrame, Done, Failed, Frame, Order, Step, Told, Wire
from app.jobs.sandbox.nursery import Nursery, ended_by
from app.model.consultation import Inquiry, Reply
from app.model.extraction import Extraction
from app.model.job import HelpScope
from app.model.limits import Limits
from app.model.official import Examination
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.model.segment import Parsed, Parsing, Target

LOOK_SECONDS: Final = 0.2
"""How often it is asked whether the job is still wanted."""
DOCUMENTS: Final = 500
"""After so many a reader is replaced: leaks of native libraries stay small."""
MEMORY_SHARE: Final = 0.75
"""A reader that holds more of its memory limit than this after a document is replaced."""

CRASHED: Final = "Reading this file made the reader crash; the file is broken or of a very unusual kind."

_FAILURES: Final = {kind.code: kind for kind in JobFailure.__subclasses__()}

_log = structlog.get_logger(__name__)


Consult = Callable[[Inquiry, Callable[[], bool]], Reply]
"""Asks a model on a reader's behalf, and stops (`Cancelled`) soon after the second argument becomes true."""


class Counsel(msgspec.Struct, frozen=True):
    """What a model may be asked about a document, and who asks it."""

    scope: HelpScope
    consult: Consult


class Cancelled(SpuntaError):
    """The caller no longer wants the document read; its reader was killed."""


class ReaderProcess:
    """A process that reads one document at a time and can be killed in the middle of native code.

    It starts when it is first needed. It is not thread-safe: each worker has its own.
    """

    def __init__(self, limits: Limits, task: str = "app.pipeline:answer") -> None:
        self._limits = limits
        self._nursery = Nursery(task)
        self._wire: Wire | None = None
        self._documents = 0

    def read(
        self,
        path: Path,
        options: Options,
        watch: Watch = unwatched,
        cancelled: Callable[[], bool] = lambda: False,
        counsel: Counsel | None = None,
    ) -> Extraction:
        """What `app.pipeline.read_invoice` gives for the file, read in the other process.

        Raises:
            JobFailure: what the reader raised; TimedOut after the time that this document may take;
                Unreadable when it used up its memory or crashed.
            Cancelled: when `cancelled`, which is asked several times a second, says so.
        """
        scope = None if counsel is None else counsel.scope
        order = Order(str(path.absolute()), options, self._limits, help_scope=scope)
        consult = None if counsel is None else counsel.consult
        extraction = self._done(order, watch, cancelled, consult).extraction
        if extraction is None:
            raise Unreadable(CRASHED)
        return extraction

    def parse(  # noqa: PLR0913, PLR0917 - what is read, what of it is wanted where, and two ears
        self,
        path: Path,
        options: Options,
        parsing: Parsing,
        target: Target,
        watch: Watch = unwatched,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Parsed:
        """What `app.pipeline.read_pages` gives and writes to the target; raises as `read` does."""
        order = Order(str(path.absolute()), options, self._limits.for_parsing(), parsing, target)
        parsed = self._done(order, watch, cancelled).parsed
        if parsed is None:
            raise Unreadable(CRASHED)
        return parsed

    def examine(
        self, path: Path, options: Options, cancelled: Callable[[], bool] = lambda: False
    ) -> Examination:
        """What the official rules say of the file, where that is the task; raises as `read` does."""
        order = Order(str(path.absolute()), options, self._limits)
        examination = self._done(order, unwatched, cancelled).examination
        if examination is None:
            raise Unreadable(CRASHED)
        return examination

    def _done(
        self,
        order: Order,
        watch: Watch,
        cancelled: Callable[[], bool],
        consult: Consult | None = None,
    ) -> Done:
        self.start()  # on no document's time
        reading = _Reading(order, watch, cancelled, consult)
        done = False
        try:
            answer = self._answer_of(reading)
            done = True
        finally:
            if not done:  # late, unwanted, interrupted: it is in the middle of something
                self._kill()
        if isinstance(answer, Failed):
            raise _failure(answer)
        self._count(answer.memory)
        return answer

    def start(self) -> None:
        """Load the readers now rather than with the first document."""
        self._running()

    def close(self) -> None:
        """End the process."""
        self._kill()
        self._nursery.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer_of(self, reading: "_Reading") -> Done | Failed:
        """One death may be the machine's doing (short of memory, somebody's `kill`); two are the file's."""
        for _ in range(2):
            wire = self._running()
            try:
                return reading.follow(wire)
            except (EOFError, BrokenPipeError, ConnectionResetError):
                status = self._kill()
        if ended_by(status) is signal.SIGXCPU:
            raise TimedOut(reading.deadline.sentence)
        raise Unreadable(CRASHED)

    def _running(self) -> Wire:
        if self._wire is None:
            self._wire, self._documents = Wire(self._nursery.fork()), 0
        return self._wire

    def _kill(self) -> int:
        if self._wire is None:
            return 0
        self._wire.close()
        self._wire = None
        return self._nursery.kill()

    def _count(self, memory: int) -> None:
        self._documents += 1
        if self._documents >= DOCUMENTS or memory > self._limits.memory_bytes * MEMORY_SHARE:
            self._kill()


class _Reading:
    """One document on its way."""

    def __init__(
        self, order: Order, watch: Watch, cancelled: Callable[[], bool], consult: Consult | None
    ) -> None:
        self._order = order
        self._watch = watch
        self._cancelled = cancelled
        self._consult = consult
        self.deadline = Deadline(order.limits, Path(order.path))

    def follow(self, wire: Wire) -> Done | Failed:
        """Order it, pass its progress on, give its end. EOFError when the reader dies."""
        wire.send(self._order)
        while True:
            frame = self._next(wire)
            if isinstance(frame, Done | Failed):
                return frame
            if isinstance(frame, Step):
                self.deadline.earn_step()
                self._watch(frame.stage, frame.percent)
            elif isinstance(frame, Asked):
                wire.send(Told(self._reply(frame.inquiry)))
            elif self.deadline.rest() <= 0:
                raise TimedOut(self.deadline.sentence)

    def _reply(self, inquiry: Inquiry) -> Reply:
        """What a model says; the time that takes has its own limit and is not the document's."""
        if self._consult is None:
            raise Unreadable(CRASHED)
        begun = time.monotonic()
        reply = self._consult(inquiry, self._cancelled)
        self.deadline.stand_still(time.monotonic() - begun)
        return reply

    def _next(self, wire: Wire) -> Frame | None:
        if self._cancelled():
            raise Cancelled("The job was cancelled.")
        try:
            return wire.receive(min(LOOK_SECONDS, self.deadline.rest()))
        except BrokenFrame:
            raise Unreadable(CRASHED) from None


def _failure(failed: Failed) -> JobFailure:
    if failed.place:
        _log.error("reader_failed", place=failed.place)
    return _FAILURES.get(failed.code, InternalError)(failed.message)
