"""SQLite connections, one for each thread of a process."""

import os
import sqlite3
import threading
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
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def mine(self) -> sqlite3.Connection:
        """The calling thread's connection, opened at its first use (and again after a fork)."""
        if getattr(self._local, "process", None) != os.getpid():
            self._local.connection = self._open()
            self._local.process = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for setting in _SETTINGS:
            connection.execute(setting)
        with self._guard:
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        """Close what every thread opened; whoever comes back opens anew."""
        with self._guard:
            opened, self._opened = self._opened, []
        for connection in opened:
            with suppress(sqlite3.Error):
                connection.close()
        self._local = threading.local()
