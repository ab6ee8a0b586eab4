"""A whole worker over a real data folder, its reader held up by documents that never end."""

import datetime as dt
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.jobs.actors import RUN_QUEUE, Actors
from app.jobs.broker import open_broker
from app.jobs.ending import cancel
from app.jobs.sandbox import ReaderProcess
from app.jobs.submit import Desk, Request, Submission
from app.jobs.worker import LANES, SharedReader, employ
from app.model.job import JobStatus, Order
from app.model.limits import Limits
from app.settings import Settings
from app.storage.sqlite.store import open_store, utc_now


class Workplace:
    """A data folder with somebody who submits."""

    def __init__(self, folder: Path, **settings) -> None:
        self.settings = Settings(data=folder, **settings)
        self.store = open_store(folder)
        self.broker = open_broker(self.settings)
        self.actors = Actors(self.broker)
        self.key, _ = self.store.keys.create("acme")

    def submit(self, content=b"%PDF-1.7"):
        incoming = self.store.uploads.incoming(1_000_000)
        incoming.write(content)
        submissions = [Submission(order=Order(), incoming=incoming)]
        desk = Desk(self.store, self.actors, workers=1)
        request = Request(key=self.key, submissions=submissions, now=dt.datetime.now(dt.UTC))
        return desk.submit(request).answer.job_id

    def job(self, job_id):
        return self.store.jobs.find(job_id)

    def reaches(self, job_id, status, seconds=15.0):
        deadline = time.monotonic() + seconds
        while (job := self.job(job_id)).status is not status:
            assert time.monotonic() < deadline, f"{job.status} {job.error_code}"
            time.sleep(0.02)
        return job


@pytest.fixture(autouse=True)
def hostile_readers_are_importable(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def workplace(tmp_path):
    place = Workplace(tmp_path / "data", drain_seconds=4.0)
    yield place
    place.broker.close()
    place.store.close()


@pytest.fixture
def employed(workplace):
    """Start a worker whose reader does as told; it is ended after the test."""
    employments = []

    def employed(task, limits=None):
        reader = SharedReader(ReaderProcess(limits or Limits(), f"hostile_readers:{task}"))
        broker = open_broker(workplace.settings, LANES)
        employment = employ(workplace.settings, workplace.store, broker, reader)
        employment.start()
        employments.append((employment, broker))
        return employment

    yield employed
    for employment, broker in employments:
        employment.stop()
        broker.close()


def test_what_is_submitted_is_read_and_completed(workplace, employed):
    employed("echo")
    job_id = workplace.submit()
    assert workplace.reaches(job_id, JobStatus.COMPLETED).attempt_count == 1
    workplace.broker.join(RUN_QUEUE, timeout=5000)


def test_a_job_is_cancelled_in_the_middle_of_native_code_and_the_worker_goes_on(workplace, employed):
    employed("spin_unless_quick")
    slow = workplace.submit(b"slow")
    job = workplace.reaches(slow, JobStatus.PROCESSING)
    time.sleep(0.3)
    cancel(workplace.store, workplace.actors, job, utc_now())
    started = time.monotonic()
    workplace.reaches(workplace.submit(b"quick"), JobStatus.COMPLETED)
    assert time.monotonic() - started < 5
    assert workplace.job(slow).status is JobStatus.CANCELLED


def test_a_job_that_takes_too_long_fails_with_its_code_and_the_next_one_completes(workplace, employed):
    employed("spin_unless_quick", Limits(seconds=1.0))
    slow = workplace.submit(b"slow")
    quick = workplace.submit(b"quick")
    failed = workplace.reaches(slow, JobStatus.FAILED)
    assert (failed.error_code, failed.attempt_count) == ("TIMEOUT", 1)
    workplace.reaches(quick, JobStatus.COMPLETED)


def test_a_worker_that_is_told_to_end_finishes_a_job_that_ends_in_time(workplace, employed):
    employment = employed("take_a_second")
    job_id = workplace.submit()
    workplace.reaches(job_id, JobStatus.PROCESSING)
    employment.stop()
    assert workplace.job(job_id).status is JobStatus.COMPLETED


def test_a_worker_that_is_told_to_end_hands_back_a_job_that_takes_too_long(workplace, employed):
    employment = employed("spin_in_native_code")
    job_id = workplace.submit()
    workplace.reaches(job_id, JobStatus.PROCESSING)
    started = time.monotonic()
    employment.stop()
    assert time.monotonic() - started < 4.0 + 2.0
    assert workplace.job(job_id).status is JobStatus.RETRYING
    employed("echo")
    assert workplace.reaches(job_id, JobStatus.COMPLETED).attempt_count == 2


@pytest.mark.slow
def test_spunta_work_reads_what_was_submitted_to_its_folder_and_ends_on_a_signal(workplace, root):
    document = (root / "fixtures/invoices/it-servizi/document.pdf").read_bytes()
    job_id = workplace.submit(document)
    folder = str(workplace.settings.data)
    command = [
        sys.executable,
        "-m",
        "app",
        "work",
        "--workers",
        "1",
        "--data",
        folder,
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "Spunta works with 1 process\n"
        job = workplace.reaches(job_id, JobStatus.COMPLETED, seconds=60)
        assert job.page_count == 1
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()
