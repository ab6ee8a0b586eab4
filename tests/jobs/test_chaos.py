import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from app.errors import RequestRefused
from app.jobs.ending import cancel
from app.model.job import TERMINAL, Job, JobStatus
from app.storage.sqlite.store import SqliteStore, utc_now

HERE = Path(__file__).parent


class Nobody:
    def job(self, job_id, delay_ms=0): ...

    def jobs(self, job_ids): ...

    def message(self, message_id, delay_ms=0): ...


def _cancelled(store: SqliteStore, job: Job) -> bool:
    """Whether it could be cancelled: it may have ended since it was looked at."""
    try:
        cancel(store, Nobody(), job, utc_now())
    except RequestRefused:
        return False
    return True


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Every process a test started; none of them outlives it."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _start(started: list[subprocess.Popen[str]], script: str, *arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parent.parent}:{HERE}"}
    process = subprocess.Popen(
        [sys.executable, HERE / script, *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    started.append(process)
    return process


def _kill(process: subprocess.Popen[str]) -> str:
    os.kill(process.pid, signal.SIGKILL)
    return process.communicate()[0]


def _await(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)


def _all_over(store: SqliteStore) -> bool:
    return {count.status for count in store.jobs.count()} <= TERMINAL


def _everything(store: SqliteStore) -> list[Job]:
    rows = store._database.rows("SELECT job_id FROM jobs")
    return [store.jobs.find(UUID(row["job_id"])) for row in rows]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_whatever_is_killed_every_accepted_job_ends_once_with_one_result(tmp_path: Path, started: list):
    seed = random.Random(7)
    store = SqliteStore(tmp_path)
    key, _ = store.keys.create("acme")
    # The clock of one worker is an hour fast, that of another two minutes slow.
    aheads = [0.0, 3600.0, -120.0]
    workers = [_start(started, "chaos_worker.py", tmp_path, ahead) for ahead in aheads]
    submitters = [_start(started, "chaos_submitter.py", tmp_path, f"s{n}", 40) for n in range(4)]
    printed = []
    cancelled = 0
    _await(lambda: len(_everything(store)) >= 20, 60)
    for round_ in range(6):
        time.sleep(0.7)
        victim = seed.randrange(len(workers))
        _kill(workers[victim])
        workers[victim] = _start(started, "chaos_worker.py", tmp_path, aheads[victim])
        if round_ == 2:
            printed.append(_kill(submitters.pop()))
        for job in seed.sample(_everything(store), 2):
            cancelled += _cancelled(store, job)
    printed += [submitter.communicate(timeout=60)[0] for submitter in submitters]
    begun = time.monotonic()
    _await(lambda: _all_over(store), 60)
    for worker in workers:
        _kill(worker)

    accepted = {UUID(line) for text in printed for line in text.split()}
    jobs = {job.job_id: job for job in _everything(store)}
    states = Counter(job.status for job in jobs.values())
    assert len(accepted) >= 120
    assert accepted <= set(jobs), "an accepted job was lost"
    assert {job.status for job in jobs.values() if not job.over} == set(), states
    assert states[JobStatus.CANCELLED] == cancelled
    assert states[JobStatus.FAILED] <= len(jobs) // 20, states
    for job in jobs.values():
        result = store.results.get(job)
        assert (result is not None) == (job.status is JobStatus.COMPLETED)
        if result is not None:
            assert result[0].invoice.invoice.number == job.order.filename, "a result of another document"
    month = [store.usages.get(key.key_id, f"{utc_now():%Y-%m}")]
    assert sum(used.jobs for used in month) == len(jobs)
    assert sum(used.completed for used in store.usages.months([key.key_id])) == states[JobStatus.COMPLETED]
    readings = len((tmp_path / "readings").read_text().split())
    print(
        f"\n{len(jobs)} jobs, {readings} readings, {dict(states)}, {time.monotonic() - begun:.1f} s to the end"
    )
    store.close()
