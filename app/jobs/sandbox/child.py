"""The reader itself: takes orders one after another until its parent hangs up or kills it."""

import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from app.errors import InternalError, JobFailure, Unreadable
from app.jobs.sandbox.confine import limit_for_job, limit_for_life, memory_held
from app.jobs.sandbox.frames import Asked, BrokenFrame, Done, Failed, Order, Step, Told, Wire
from app.model.consultation import Ask, Help, Inquiry, Reply
from app.model.extraction import Extraction
from app.model.official import Examination
from app.model.progress import Stage, Watch
from app.model.segment import Parsed

Read = Callable[..., Extraction | Parsed | Examination]
"""Given path, options, limits, watch; for a parse job what is wanted and where it is to be written,
for others the door to a model, where there is one."""

TOO_MUCH_MEMORY = "Reading this file takes more memory than one document may."
TOO_DEEP = "The file is nested too deeply to be read."


def serve(connection: socket.socket, read: Read) -> None:
    """Read what is ordered, until nobody orders any more."""
    wire = Wire(connection)
    confined = False
    while isinstance(order := _next(wire), Order):
        if not confined:
            limit_for_life(order.limits)
            confined = True
        limit_for_job(order.limits.most_seconds)
        wire.send(_answer(order, wire, read))


def _next(wire: Wire) -> object:
    try:
        return wire.receive()
    except EOFError:
        return None


def _answer(order: Order, wire: Wire, read: Read) -> Done | Failed:
    def watch(stage: Stage, percent: int) -> None:
        wire.send(Step(stage, percent))

    def ask(inquiry: Inquiry) -> Reply:
        wire.send(Asked(inquiry))
        told = wire.receive()
        if not isinstance(told, Told):
            raise BrokenFrame
        return told.reply

    try:
        return _done(read, order, watch, ask)
    except JobFailure as failure:
        return Failed(failure.code, str(failure))
    except MemoryError:
        return Failed(Unreadable.code, TOO_MUCH_MEMORY)
    except RecursionError:
        return Failed(Unreadable.code, TOO_DEEP)
    except Exception as error:  # noqa: BLE001 - whatever a strange file provokes is the job's end, not the reader's
        return Failed(InternalError.code, "Reading this file failed unexpectedly.", _place(error))


def _done(read: Read, order: Order, watch: Watch, ask: Ask) -> Done:
    ordered = (Path(order.path), order.options, order.limits, watch)
    if order.parsing is not None:
        given = read(*ordered, order.parsing, order.target)
    elif order.help_scope is not None:
        given = read(*ordered, help_=Help(order.help_scope, ask))
    else:
        given = read(*ordered)
    if isinstance(given, Parsed):
        return Done(memory_held(), parsed=given)
    if isinstance(given, Examination):
        return Done(memory_held(), examination=given)
    return Done(memory_held(), extraction=given)


def _place(error: Exception) -> str:
    """The kind of an error and where it arose; never its text, which may quote the document."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    inner = frames[-1] if frames else None
    where = f" at {Path(inner.filename).name}:{inner.lineno} in {inner.name}" if inner else ""
    return f"{type(error).__name__}{where}"
