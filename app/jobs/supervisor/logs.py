"""How every process of the service logs: one line an event on standard error, never a word of a document."""

import io
import logging
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from app.settings import Settings

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure(settings: Settings) -> None:
    """Set the process's logging up; libraries' warnings come out in the same form."""
    level = _LEVELS[settings.log_level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_error_text,
            _renderer(settings),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Lines(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[Forwarder()], force=True)


def without_error_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep of an exception what it is and where it arose: its text and its locals may quote a document."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["problem"] = type(error).__name__
        event["place"] = _place(error)
    return event


class Lines:
    """Writes events to a file; a disk without room for logs is no reason to do nothing else."""

    def __init__(self, file: TextIO) -> None:
        self._file = _unbuffered(file)
        self._turn = threading.Lock()

    def msg(self, line: str) -> None:
        """Write one event."""
        with self._turn, suppress(OSError):
            self._file.write(line + "\n")
            self._file.flush()

    log = debug = info = warning = error = critical = exception = msg


def _unbuffered(file: TextIO) -> TextIO:
    """The same file without a buffer: what could not be written is not tried again at the end."""
    try:
        descriptor = file.fileno()
    except (OSError, ValueError):
        return file  # one in memory
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)


class Forwarder(logging.Handler):
    """Hands what libraries log on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log it again; the pattern of its message without what was to be filled in, for the same reason."""
        log = structlog.get_logger(record.name)
        log.log(record.levelno, str(record.msg), logger=record.name, exc_info=record.exc_info)


def _renderer(settings: Settings) -> Processor:
    shape = settings.log_format
    if shape == "auto":
        shape = "console" if sys.stderr.isatty() else "json"
    if shape == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"
