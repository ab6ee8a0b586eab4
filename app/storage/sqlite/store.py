"""A data folder: the database, the documents and the secret, opened together.

spunta.db         everything but the documents (SQLite, WAL)
secret.key        the vault's secret, readable by the service's user alone
uploads/          the documents, by tenant and hash
renditions/       what documents were parsed to, by tenant and job
running/          locks of what is being worked on
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, TypeVar

from app.errors import Misconfigured
from app.storage.files import FileUploads
from app.storage.leases import open_leases
from app.storage.protocols import Store
from app.storage.renditions import FileRenditions
from app.storage.sqlite.consultations import SqliteModelUsages, SqliteReplies
from app.storage.sqlite.contents import SqliteCache, SqliteResults, SqliteSecrets
from app.storage.sqlite.database import Database
from app.storage.sqlite.figures import SqliteFigures
from app.storage.sqlite.history import SqliteHistory
from app.storage.sqlite.jobs import SqliteJobs
from app.storage.sqlite.keys import SqliteKeys
from app.storage.sqlite.ledger import SqliteBatches, SqliteRequests, SqliteUsages
from app.storage.sqlite.messages import SqliteMessages
from app.storage.sqlite.schema import migrate
from app.storage.vault import FILE_NAME, Vault

DATABASE: Final = "spunta.db"
UPLOADS: Final = "uploads"
RENDITIONS: Final = "renditions"
RUNNING: Final = "running"
_PROOF: Final = "vault"
_LEFT: Final = "left in the log"
T = TypeVar("T")


def utc_now() -> dt.datetime:
    """The present in UTC, with whole milliseconds as rows keep them."""
    now = dt.datetime.now(dt.UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class SqliteStore:
    """`Store` over one data folder, which is made when it is not there.

    Raises:
        Misconfigured: the folder cannot be used, or its secret is not the one its database was made with.
    """

    def __init__(self, folder: Path, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = Database(folder / DATABASE, migrate)
            vault = Vault.in_folder(folder)
        except (OSError, sqlite3.Error, ValueError) as problem:
            raise Misconfigured(f"The data folder cannot be used: {_why(problem)}.") from None
        self._check(vault)
        self.jobs = SqliteJobs(self._database)
        self.uploads = FileUploads(folder / UPLOADS)
        self.renditions = FileRenditions(folder / RENDITIONS)
        self.leases = open_leases(folder / RUNNING)
        self.results = SqliteResults(self._database)
        self.cache = SqliteCache(self._database)
        self.secrets = SqliteSecrets(self._database, vault)
        self.keys = SqliteKeys(self._database, vault, clock)
        self.requests = SqliteRequests(self._database)
        self.usages = SqliteUsages(self._database)
        self.replies = SqliteReplies(self._database)
        self.model_usages = SqliteModelUsages(self._database)
        self.messages = SqliteMessages(self._database)
        self.batches = SqliteBatches(self._database)
        self.history = SqliteHistory(self._database)
        self.figures = SqliteFigures(self._database)

    def transaction(self) -> AbstractContextManager[None]:
        """Make the writes inside one: all or none. May be nested; the outermost one commits."""
        return self._database.transaction()

    def together(self, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """Make the writes of several works one transaction; see the protocol."""
        return self._database.together(works)

    def healthy(self) -> bool:
        """Whether it can be read and written now."""
        try:
            self._database.write("INSERT OR REPLACE INTO facts (name, value) VALUES ('health', x'01')")
        except (sqlite3.Error, OSError):
            return False
        return True

    def forget_erased(self) -> None:
        """Leave nothing of erased content in the database's files; later, where a reader is in the way."""
        if not self._database.forget_erased():
            self._database.write(
                "INSERT OR IGNORE INTO facts (name, value) VALUES (:name, x'01')", {"name": _LEFT}
            )

    def forget_left(self) -> None:
        """Do what `forget_erased` could not; nothing where nothing is left."""
        left = self._database.row("SELECT 1 FROM facts WHERE name = :name", {"name": _LEFT})
        if left is not None and self._database.forget_erased():
            self._database.write("DELETE FROM facts WHERE name = :name", {"name": _LEFT})

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the database while it is in use."""
        self._database.copy_to(target)

    def close(self) -> None:
        """Let go of the file in all threads of this process."""
        self._database.close()

    def _check(self, vault: Vault) -> None:
        """A lost secret must not be replaced in silence: no API key would open, nobody knowing why."""
        with self._database.transaction():
            row = self._database.row("SELECT value FROM facts WHERE name = :name", {"name": _PROOF})
            if row is None:
                self._database.write(
                    "INSERT INTO facts (name, value) VALUES (:name, :value)",
                    {"name": _PROOF, "value": vault.digest(_PROOF)},
                )
            elif not vault.matches(_PROOF, row["value"]):
                raise Misconfigured(f"{FILE_NAME} is not the one this data folder's database was made with.")


def open_store(folder: Path, clock: Callable[[], dt.datetime] = utc_now) -> Store:
    """The store of a data folder, seen as what every adapter promises."""
    return SqliteStore(folder, clock)


def _why(problem: Exception) -> str:
    return problem.strerror or "an error of the disk" if isinstance(problem, OSError) else str(problem)
