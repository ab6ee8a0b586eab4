"""A copy of a data folder that is in use, in one file, and a data folder made from such a file.

The database is copied first, as of one moment, then the documents that this copy refers to and what they were
parsed to: what is submitted later is not in it, what is erased meanwhile may be missing from it. The file
holds the folder's secret too, without which no API key would open and no webhook be signed: it is readable by
its maker alone, keep it so. The keys to models that waiting jobs came with are not in it: a restored job is
read without a model.
"""

import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from app.errors import Misconfigured
from app.storage.records import MODEL_KEY
from app.storage.renditions import RESULT
from app.storage.sqlite.store import DATABASE, UPLOADS, SqliteStore
from app.storage.vault import FILE_NAME

_NEEDED: Final = frozenset({DATABASE, FILE_NAME})


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    jobs: int
    documents: int
    bytes: int
    """Of the documents."""
    missing: int = 0
    """Documents that a job refers to and that are not there."""


def backup(store: SqliteStore, target: Path) -> Backup:
    """Write a backup of a store to a new file, whole or not at all. The service may go on.

    Raises:
        Misconfigured: the file is there already, or cannot be written.
    """
    if target.exists():
        raise Misconfigured("The backup's file exists already; nothing was written.")
    try:
        with tempfile.TemporaryDirectory(prefix=".spunta-backup-", dir=target.parent) as folder:
            made = _write(store, Path(folder))
            (Path(folder) / "backup.tar").replace(target)
    except OSError as problem:
        raise Misconfigured(f"The backup cannot be written: {problem.strerror}.") from None
    return made


def restore(source: Path, folder: Path) -> Backup:
    """Make a data folder of a backup. Jobs that were waiting or running then are run when the service starts.

    Raises:
        Misconfigured: the folder is not empty, or the file is no whole backup.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Misconfigured("The data folder is not empty; nothing was restored.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with tarfile.open(source) as archive:
            if not set(archive.getnames()) >= _NEEDED:
                raise Misconfigured("The file is no backup of a data folder.")
            archive.extractall(folder, filter="data")
        return _checked(folder)
    except (OSError, tarfile.TarError, sqlite3.Error):
        raise Misconfigured("The file is no whole backup of a data folder.") from None


def _write(store: SqliteStore, folder: Path) -> Backup:
    copy = folder / DATABASE
    copy.touch(mode=0o600)
    store.copy_to(copy)
    _drop_keys(copy)
    (folder / "backup.tar").touch(mode=0o600)
    documents = size = missing = 0
    with tarfile.open(folder / "backup.tar", "w") as archive:
        archive.add(copy, DATABASE)
        archive.add(store.folder / FILE_NAME, FILE_NAME)
        with closing(sqlite3.connect(copy)) as database:
            for tenant, document in _documents(database):
                path = store.uploads.path(tenant, document)
                try:
                    archive.add(path, path.relative_to(store.folder))
                except FileNotFoundError:
                    missing += 1
                else:
                    documents += 1
                    size += path.stat().st_size
            for rendition in _renditions(store):
                archive.add(rendition, rendition.relative_to(store.folder))
            return Backup(jobs=_jobs(database), documents=documents, bytes=size, missing=missing)


def _drop_keys(copy: Path) -> None:
    """Take out what may live only until a job ends: a copy of it would outlive the job."""
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA secure_delete = ON")
        with database:
            database.execute("DELETE FROM secrets WHERE name = ?", (MODEL_KEY,))


def _renditions(store: SqliteStore) -> Iterator[Path]:
    """The folders of what completed jobs gave; a job erased meanwhile has none any more."""
    for tenant, job_id in store.renditions.kept():
        path = store.renditions.path(tenant, job_id, RESULT)
        if path is not None:
            yield path.parent


def _checked(folder: Path) -> Backup:
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Misconfigured("The backup's database is damaged.")
        paths = [
            folder / UPLOADS / tenant / document[:2] / document for tenant, document in _documents(database)
        ]
        sizes = [path.stat().st_size for path in paths if path.exists()]
        return Backup(
            jobs=_jobs(database), documents=len(sizes), bytes=sum(sizes), missing=len(paths) - len(sizes)
        )


def _documents(database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    yield from database.execute("SELECT DISTINCT tenant, document FROM jobs")


def _jobs(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM jobs").fetchone()[0])
