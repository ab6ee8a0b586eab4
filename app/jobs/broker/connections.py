"""SQLite connections, one for each thread of a process."""

import os
import sqlite3
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

BUSY_SECONDS: Final = 30.0
"""How long a write waits for another process's write before it is an error."""

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # A commit reaches the kernel, which a killed process cannot take back; only a power cut can cost the last
    # moments, and the job rows, which are written more carefully, then ring again.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 1000",
)


class Connections:
    """Hands every thread its own connection, in autocommit: each statement is a transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: weakref.WeakSet[_Own] = weakref.WeakSet()
        self._guard = threading.Lock()

    def mine(self) -> sqlite3.Connection:
        """The calling thread's connection, opened at its first use and again after a fork."""
        own: _Own | None = getattr(self._local, "own", None)
        if own is None or own.process != os.getpid():
            own = self._local.own = _Own(self._path)
            with self._guard:
                self._opened.add(own)
        return own.connection

    def close(self) -> None:
        """Close what every thread opened; whoever comes back opens anew."""
        with self._guard:
            for own in self._opened:
                own.close()
            self._opened.clear()
        self._local = threading.local()


class _Own:
    """A connection that is closed when its thread is gone."""

    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        self.connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for setting in _SETTINGS:
            self.connection.execute(setting)

    def close(self) -> None:
        """Close it; what the parent of a fork opened is the parent's, as SQLite demands."""
        if self.process == os.getpid():
            with suppress(sqlite3.Error, AttributeError):  # never opened, when opening failed
                self.connection.close()

    def __del__(self) -> None:
        self.close()
