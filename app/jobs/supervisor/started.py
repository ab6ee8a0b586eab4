"""The first moments of a started process: its settings, its lifeline, its signals, then its work.

The settings come through standard input, where no other process can read them; what follows there is silence,
and its end is the end of the parent.
"""

import importlib
import os
import resource
import signal
import socket
import sys
import threading
from typing import Final

from app.errors import SpuntaError
from app.jobs.supervisor.logs import configure
from app.jobs.supervisor.outset import Entry, Outset
from app.settings import Settings, restored

ORPHANED: Final = 3
"""The exit status after the parent's death."""
MISCONFIGURED: Final = 2
"""The exit status when starting again would not help."""

_LIFELINE: Final = 0


def main() -> None:
    """Started with the name of an entry, the ready pipe's number and, where there is one, the listener's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends its children in order
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what is in memory, keys above all, is written nowhere
    settings = restored(_first_line())
    configure(settings)
    threading.Thread(target=_end_with_parent, name="lifeline", daemon=True).start()
    try:
        _entry(sys.argv[1])(_outset(settings, *map(int, sys.argv[2:])))
    except SpuntaError as problem:
        sys.stderr.write(f"spunta: {problem}\n")
        sys.exit(MISCONFIGURED)


def _first_line() -> bytes:
    """Read without a buffer, whose lock would be held at the end of the process."""
    line = bytearray()
    while (byte := os.read(_LIFELINE, 1)) not in {b"\n", b""}:
        line += byte
    return bytes(line)


def _outset(settings: Settings, ready_to: int, listener: int | None = None) -> Outset:
    opened = None if listener is None else socket.socket(fileno=listener)
    return Outset(settings=settings, listener=opened, ready_to=ready_to)


def _entry(name: str) -> Entry:
    module, _, function = name.partition(":")
    entry: Entry = getattr(importlib.import_module(module), function)
    return entry


def _end_with_parent() -> None:
    """Whatever is being done survives this: rows are written in transactions, and locks end with us."""
    while os.read(_LIFELINE, 1):
        pass
    os._exit(ORPHANED)
