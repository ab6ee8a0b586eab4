"""Counters that all processes on one data folder share, for the rate limits."""

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, amount INTEGER NOT NULL, ends REAL NOT NULL)
STRICT, WITHOUT ROWID
"""
_ADD: Final = """
INSERT INTO counters VALUES (:name, :amount, :now + :seconds) ON CONFLICT (name) DO UPDATE SET
    amount = CASE WHEN ends > :now THEN amount ELSE 0 END + :amount,
    ends = CASE WHEN ends > :now THEN ends ELSE :now + :seconds END
RETURNING amount, ends
"""
_GET: Final = "SELECT amount, ends FROM counters WHERE name = :name AND ends > :now"


class Count(NamedTuple):
    """How far a counter is."""

    amount: int
    ends: float
    """When it begins anew, in seconds since the epoch."""


class Counters:
    """Counts in a file. Losing it costs nothing but a window's counts, so it never syncs."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._writer, self._reader = _open(path), _open(path)
        """Two, so that looking never waits for a write."""

    def add(self, name: str, amount: int, seconds: float) -> Count:
        """Add to a counter that ends `seconds` after its first use; how it then stands."""
        values = {"name": name, "amount": amount, "now": time.time(), "seconds": seconds}
        with self._lock:
            return Count(*self._writer.execute(_ADD, values).fetchone())

    def get(self, name: str) -> Count | None:
        """A counter, if it runs."""
        row: Any = self._reader.execute(_GET, {"name": name, "now": time.time()}).fetchone()
        return None if row is None else Count(*row)

    def sweep(self) -> int:
        """Delete the counters that have ended, where the disk has room for that."""
        with self._lock, suppress(sqlite3.OperationalError):
            return self._writer.execute("DELETE FROM counters WHERE ends < ?", (time.time(),)).rowcount
        return 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._writer.close()
            self._reader.close()


def _open(path: Path) -> sqlite3.Connection:
    # Addresses of callers are nobody else's business; what SQLite adds takes the permissions of its file.
    path.touch(mode=0o600)
    file = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = OFF")
    file.execute(_SCHEMA)
    return file
