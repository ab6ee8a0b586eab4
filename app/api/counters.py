"""Counters that all processes on one data folder share, for the rate limits."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any, Final

from limits.storage import Storage

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, amount INTEGER NOT NULL, ends REAL NOT NULL)
STRICT, WITHOUT ROWID
"""
_ADD: Final = """
INSERT INTO counters VALUES (:name, :amount, :now + :expiry) ON CONFLICT (name) DO UPDATE SET
    amount = CASE WHEN ends > :now THEN amount ELSE 0 END + :amount,
    ends = CASE WHEN ends > :now THEN ends ELSE :now + :expiry END
RETURNING amount
"""


class SqliteCounters(Storage):
    """A storage for `limits` in a file. Losing it costs nothing but a window's counts, so it never syncs."""

    STORAGE_SCHEME = ["spunta+sqlite"]  # noqa: RUF012  # the base class says list

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._file = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(_SCHEMA)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a broken file raises."""
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter that ends `expiry` seconds after its first use; returns what it then is."""
        values = {"name": key, "amount": amount, "now": time.time(), "expiry": expiry}
        return int(self._one(_ADD, values))

    def get(self, key: str) -> int:
        """A counter, 0 when it has ended."""
        query = "SELECT amount FROM counters WHERE name = ? AND ends > ?"
        return int(self._one(query, (key, time.time())) or 0)

    def get_expiry(self, key: str) -> float:
        """When a counter ends, in seconds since the epoch."""
        return float(self._one("SELECT ends FROM counters WHERE name = ?", (key,)) or time.time())

    def check(self) -> bool:
        """Whether the file can be read."""
        return bool(self._one("SELECT 1", ()))

    def reset(self) -> int:
        """Forget all counters."""
        with self._lock:
            return self._file.execute("DELETE FROM counters").rowcount

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._file.execute("DELETE FROM counters WHERE name = ?", (key,))

    def sweep(self) -> int:
        """Delete the counters that have ended."""
        with self._lock:
            return self._file.execute("DELETE FROM counters WHERE ends < ?", (time.time(),)).rowcount

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._file.close()

    def _one(self, query: str, values: Any) -> Any:  # noqa: ANN401  # whatever one column of one row is
        with self._lock:
            row = self._file.execute(query, values).fetchone()
        return None if row is None else row[0]
