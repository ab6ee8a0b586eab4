"""One SQLite file: a connection per thread and process, writes that wait their turn."""

import errno
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

BUSY_MS: Final = 30_000
"""How long a write waits for those of other processes."""

CHECKPOINT_MS: Final = 2_000
"""How long emptying the log waits for readers; writers wait with it."""

Values = Mapping[str, object]
T = TypeVar("T")


class StorageTrouble(OSError):
    """The disk is full or broken, or others held the database too long: what was asked did not happen."""


class Database:
    """A SQLite file in WAL mode, for any number of threads and processes."""

    def __init__(self, path: Path, migrate: Callable[[sqlite3.Connection], None]) -> None:
        """`migrate` brings the tables of the file up to date."""
        self.path = path
        self._turn = threading.Lock()
        self._local = threading.local()
        self._open: weakref.WeakSet[_Connection] = weakref.WeakSet()
        # The write-ahead log takes the permissions of the file it belongs to.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with self.transaction():
            migrate(self._connection().raw)

    def rows(self, sql: str, values: Values | None = None) -> list[sqlite3.Row]:
        """All rows of a query."""
        with _told_as_trouble():
            return self._connection().raw.execute(sql, values or {}).fetchall()

    def row(self, sql: str, values: Values | None = None) -> sqlite3.Row | None:
        """The first row of a query."""
        with _told_as_trouble():
            found: sqlite3.Row | None = self._connection().raw.execute(sql, values or {}).fetchone()
        return found

    def write(self, sql: str, values: Values | None = None, *, durable: bool = True) -> int:
        """Run one statement that writes; returns how many rows it changed."""
        with self.transaction(durable=durable), _told_as_trouble():
            return self._connection().raw.execute(sql, values or {}).rowcount

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """All writes inside or none; nested ones join the outermost.

        One that is not `durable` may be undone by a power cut, with all that follow it up to the next durable
        one, but not by the death of a process.

        It takes the write lock at once (BEGIN IMMEDIATE), waiting for the others: a deferred BEGIN would fail
        with "database is locked" at its first write, whatever the time-out.
        """
        connection = self._connection()
        if connection.raw.in_transaction:
            yield
            return
        # Threads of one process queue here: SQLite would let them sleep and look again, mostly in vain.
        with self._turn:
            with _told_as_trouble():
                connection.make_durable(durable)
                connection.raw.execute("BEGIN IMMEDIATE")
            try:
                yield
                with _told_as_trouble():
                    connection.raw.commit()
            except BaseException:
                connection.raw.rollback()
                raise

    def together(self, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """Do several works in one durable transaction, undoing alone those that fail.

        Gives what each returned or raised. Making a commit durable takes the disk a few milliseconds, whether
        one row is in it or fifty.
        """
        if self._connection().raw.in_transaction:
            return [self._alone(work) for work in works]
        try:
            with self.transaction():
                return [work() for work in works]
        except OSError:
            raise
        except Exception:  # noqa: BLE001 - told to whom it belongs, below
            # Nearly always all succeed: only after a failure is it worth to be able to undo each alone.
            with self.transaction():
                return [self._alone(work) for work in works]

    def _alone(self, work: Callable[[], T]) -> T | Exception:
        raw = self._connection().raw
        raw.execute("SAVEPOINT one")
        done: T | Exception
        try:
            done = work()
        except Exception as problem:
            # A full disk has ended the whole transaction, and then nothing is kept.
            if isinstance(problem, OSError) or not raw.in_transaction:
                raise
            raw.execute("ROLLBACK TO one")
            done = problem
        raw.execute("RELEASE one")
        return done

    def forget_erased(self) -> bool:
        """Empty the write-ahead log, so that deleted content is in no file; `False` if readers kept it."""
        raw = self._connection().raw
        raw.execute(f"PRAGMA busy_timeout = {CHECKPOINT_MS}")
        try:
            kept: bool = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        return not kept

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy, as of one moment, while others go on reading and writing."""
        copy = sqlite3.connect(target)
        try:
            self._connection().raw.backup(copy)
        finally:
            copy.close()

    def close(self) -> None:
        """Close the connections of all threads of this process."""
        for connection in list(self._open):
            connection.close()
        self._local = threading.local()

    def _connection(self) -> "_Connection":
        """This thread's connection; one that was inherited by fork is left alone, as SQLite demands."""
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.pid != os.getpid():
            connection = self._local.connection = _Connection(self.path)
            self._open.add(connection)
        return connection


@contextmanager
def _told_as_trouble() -> Iterator[None]:
    """Trouble of the machine is one kind of error, whichever library meets it; a defect of ours stays one."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        codes = {
            sqlite3.SQLITE_FULL: errno.ENOSPC,
            sqlite3.SQLITE_BUSY: errno.EBUSY,
            sqlite3.SQLITE_IOERR: errno.EIO,
        }
        code = codes.get(problem.sqlite_errorcode & 0xFF)
        if code is None:
            raise
        raise StorageTrouble(code, os.strerror(code)) from None


class _Connection:
    """A connection that closes when its thread ends."""

    def __init__(self, path: Path) -> None:
        self.pid = os.getpid()
        self.raw = sqlite3.connect(
            path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self.raw.row_factory = sqlite3.Row
        self._durable: bool | None = None
        self.raw.execute("PRAGMA journal_mode = WAL")
        self.raw.execute("PRAGMA foreign_keys = ON")
        # Pages of deleted rows are overwritten with zeros: erased means erased.
        self.raw.execute("PRAGMA secure_delete = ON")

    def make_durable(self, durable: bool) -> None:  # what it is about
        """Whether commits from now on wait for the disk; said only when it changes."""
        if durable != self._durable:
            self.raw.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def close(self) -> None:
        if self.pid == os.getpid():
            self.raw.close()

    def __del__(self) -> None:
        self.close()
