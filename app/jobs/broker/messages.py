"""The table of messages: one row for each enqueue, free or held by a process; the dead ones beside."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from app.jobs.broker.connections import Connections

DEAD_LETTERS: Final = 1000
"""How many rejected messages are kept, the newest ones."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS messages (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    queue  TEXT NOT NULL,
    eta    INTEGER NOT NULL,  -- 0: at once; else the Unix time in milliseconds before which nobody takes it
    holder TEXT,              -- the process that is working on it; NULL: free
    body   BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_free ON messages (queue, eta, seq) WHERE holder IS NULL;
CREATE INDEX IF NOT EXISTS messages_held ON messages (holder) WHERE holder IS NOT NULL;
CREATE TABLE IF NOT EXISTS dead_letters (
    seq   INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    body  BLOB NOT NULL
) STRICT;
"""

# What was put off and has come due goes first, in the order of its time: it has waited longest.
_TAKE: Final = """
UPDATE messages SET holder = :holder WHERE seq IN (
    SELECT seq FROM (
        SELECT * FROM (SELECT seq FROM messages WHERE queue = :queue AND holder IS NULL
                       AND eta BETWEEN 1 AND :now ORDER BY eta LIMIT :count)
        UNION ALL
        SELECT * FROM (SELECT seq FROM messages WHERE queue = :queue AND holder IS NULL
                       AND eta = 0 ORDER BY seq LIMIT :count)
    ) LIMIT :count)
RETURNING eta, seq, body
"""
_ADD: Final = "INSERT INTO messages (queue, eta, body) VALUES (?, ?, ?)"
_ANY: Final = "SELECT EXISTS (SELECT 1 FROM messages WHERE queue = ? AND holder IS NULL AND eta <= ?)"
_NEXT: Final = "SELECT min(eta) FROM messages WHERE queue = ? AND holder IS NULL AND eta > ?"


class Row(NamedTuple):
    """A message in the hands of this process."""

    eta: int
    seq: int
    body: bytes


class Messages:
    """The statements of the broker, each atomic."""

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        self._turn = threading.Lock()

    def create(self) -> None:
        """Make the tables, once; safe to repeat and to race."""
        self._write(lambda db: [db.execute(part) for part in _SCHEMA.split(";\n") if part.strip()])

    def add(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """Put messages in, by queue, time and body, all or none; they are on disk when this returns."""
        # Threads of one process queue here: SQLite would let them sleep and look again, mostly in vain.
        with self._turn:
            if len(messages) == 1:
                self._db.execute(_ADD, messages[0])
            elif messages:
                self._write(lambda db: db.executemany(_ADD, messages))

    def take(self, queue: str, holder: str, now: int, count: int) -> list[Row]:
        """Up to `count` due messages, now held by `holder`, in the order in which they are to be run."""
        if not self._db.execute(_ANY, (queue, now)).fetchone()[0]:
            return []
        given = {"queue": queue, "holder": holder, "now": now, "count": count}
        rows = [Row(*row) for row in self._db.execute(_TAKE, given).fetchall()]
        return sorted(rows, key=lambda row: (row.eta == 0, row.eta, row.seq))

    def next_due(self, queue: str, now: int) -> int | None:
        """When the earliest message that is put off comes due, in Unix milliseconds."""
        due: int | None = self._db.execute(_NEXT, (queue, now)).fetchone()[0]
        return due

    def remove(self, seq: int) -> None:
        """Forget a message that was worked off."""
        self._db.execute("DELETE FROM messages WHERE seq = ?", (seq,))

    def bury(self, seq: int) -> None:
        """Move a rejected message to the dead letters, pushing out the oldest beyond their bound."""

        def move(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT OR REPLACE INTO dead_letters SELECT seq, queue, body FROM messages WHERE seq = ?",
                (seq,),
            )
            db.execute("DELETE FROM messages WHERE seq = ?", (seq,))
            db.execute(
                "DELETE FROM dead_letters WHERE seq <= "
                "(SELECT seq FROM dead_letters ORDER BY seq DESC LIMIT 1 OFFSET ?)",
                (DEAD_LETTERS,),
            )

        self._write(move)

    def free(self, seqs: Iterable[int]) -> None:
        """Give held messages back, to their old places in the queue."""
        self._write(
            lambda db: db.executemany("UPDATE messages SET holder = NULL WHERE seq = ?", [(s,) for s in seqs])
        )

    def free_held_by(self, holder: str) -> int:
        """Give back all that a process held; how many."""
        return self._db.execute("UPDATE messages SET holder = NULL WHERE holder = ?", (holder,)).rowcount

    def free_forgotten(self, queue: str, holder: str, remembered: set[int]) -> None:
        """Give back what a process holds of a queue and no longer knows of."""
        query = "SELECT seq FROM messages WHERE holder = ? AND queue = ?"
        held = {row[0] for row in self._db.execute(query, (holder, queue))}
        if forgotten := held - remembered:
            self.free(forgotten)

    def holders(self) -> set[str]:
        """Every process that holds a message."""
        query = "SELECT DISTINCT holder FROM messages WHERE holder IS NOT NULL"
        return {row[0] for row in self._db.execute(query)}

    def clear(self, queue: str) -> None:
        """Drop a queue's messages and dead letters."""

        def drop(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM messages WHERE queue = ?", (queue,))
            db.execute("DELETE FROM dead_letters WHERE queue = ?", (queue,))

        self._write(drop)

    def count(self, queue: str) -> int:
        """Messages of a queue not yet worked off: free, put off and held."""
        counted: int = self._db.execute("SELECT count(*) FROM messages WHERE queue = ?", (queue,)).fetchone()[
            0
        ]
        return counted

    def dead(self, queue: str) -> list[bytes]:
        """The dead letters of a queue, oldest first."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT body FROM dead_letters WHERE queue = ? ORDER BY seq", (queue,)
            )
        ]

    def version(self) -> int:
        """A number that changes when another connection, of whatever process, commits; read from memory."""
        number: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return number

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connections.mine()

    def _write(self, statements: Callable[[sqlite3.Connection], object]) -> None:
        db = self._db
        # Deferred transactions fail at once when they turn from reading to writing; this one waits its turn.
        db.execute("BEGIN IMMEDIATE")
        try:
            statements(db)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
