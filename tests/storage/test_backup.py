import datetime as dt
import stat
import tarfile
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from app.errors import Misconfigured
from app.model.job import Job, Order
from app.storage.backup import backup, restore
from app.storage.sqlite.store import SqliteStore

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def _submit(store: SqliteStore, data: bytes) -> Job:
    incoming = store.uploads.incoming(1000)
    incoming.write(data)
    incoming.finish()
    with store.transaction():
        document = store.uploads.adopt([("acme", incoming)])[0]
        job = Job(
            job_id=uuid4(), tenant="acme", order=Order(), document=document, size=len(data), queued_at=NOW
        )
        store.jobs.add(job)
    return job


def test_what_is_restored_is_what_was_there(store: SqliteStore, tmp_path: Path):
    _, secret = store.keys.create("acme")
    jobs = [_submit(store, b"document %d" % n) for n in range(3)]
    store.secrets.put(jobs[0].job_id, "password", "geheim")
    made = backup(store, tmp_path / "backup.tar")
    assert (made.jobs, made.documents, made.bytes, made.missing) == (3, 3, 30, 0)
    assert restore(tmp_path / "backup.tar", tmp_path / "new") == made
    restored = SqliteStore(tmp_path / "new")
    assert [restored.jobs.find(job.job_id) for job in jobs] == jobs
    assert restored.uploads.path("acme", jobs[1].document).read_bytes() == b"document 1"
    assert restored.keys.identify(secret, NOW) is not None
    assert restored.secrets.get(jobs[0].job_id, "password") == "geheim"
    restored.close()


def test_a_backup_in_the_middle_of_work_is_whole(store: SqliteStore, tmp_path: Path):
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            _submit(store, b"document %d" % number)
            number += 1

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    made = [backup(store, tmp_path / f"backup{n}.tar") for n in range(3)]
    stop.set()
    for worker in workers:
        worker.join()
    for number, each in enumerate(made):
        assert each.missing == 0
        assert restore(tmp_path / f"backup{number}.tar", tmp_path / f"new{number}") == each


def test_nobody_else_may_read_a_backup(store: SqliteStore, tmp_path: Path):
    backup(store, tmp_path / "backup.tar")
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "data"]


def test_a_document_that_is_gone_is_counted(store: SqliteStore, tmp_path: Path):
    job = _submit(store, b"x")
    store.uploads.erase("acme", job.document)
    assert backup(store, tmp_path / "backup.tar").missing == 1


def test_nothing_is_overwritten(store: SqliteStore, tmp_path: Path):
    (tmp_path / "there.tar").write_bytes(b"mine")
    with pytest.raises(Misconfigured):
        backup(store, tmp_path / "there.tar")
    assert (tmp_path / "there.tar").read_bytes() == b"mine"
    backup(store, tmp_path / "backup.tar")
    with pytest.raises(Misconfigured, match="not empty"):
        restore(tmp_path / "backup.tar", store.folder)


def test_a_backup_into_a_folder_that_is_not_there_says_so(store: SqliteStore, tmp_path: Path):
    with pytest.raises(Misconfigured, match="cannot be written"):
        backup(store, tmp_path / "nowhere" / "backup.tar")


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_half_a_backup_is_refused(store: SqliteStore, tmp_path: Path, share: float):
    _submit(store, b"x")
    backup(store, tmp_path / "backup.tar")
    whole = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Misconfigured):
        restore(tmp_path / "half.tar", tmp_path / "new")


def test_an_archive_cannot_write_elsewhere(tmp_path: Path):
    for name in ("spunta.db", "secret.key", "evil"):
        (tmp_path / name).write_bytes(b"x")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "spunta.db", "spunta.db")
        archive.add(tmp_path / "secret.key", "secret.key")
        archive.add(tmp_path / "evil", "../outside")
    with pytest.raises(Misconfigured):
        restore(tmp_path / "evil.tar", tmp_path / "deep" / "new")
    assert not (tmp_path / "deep" / "outside").exists()
