"""How long a poll takes: idle, while every worker reads, and with a hundred thousand jobs in the table."""

import datetime as dt
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from contextlib import closing
from uuid import uuid4

import msgspec
import pytest
import requests

from app.model.job import JobStatus
from app.storage.sqlite.store import open_store

POLLS = 400
ROWS = 100_000
DOCUMENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>"

pytestmark = [pytest.mark.bench, pytest.mark.timeout(400)]


class Service:
    """`spunta serve` with as many workers as cores."""

    def __init__(self, data):
        self.data = data
        command = [
            sys.executable,
            "-m",
            "app",
            "serve",
            "--port",
            "0",
            "--data",
            str(data),
            "--log-level",
            "error",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        said = ""
        while not re.search(r"http://\S+", said):
            said += self.process.stdout.readline()
        self.url, key = re.search(r"http://\S+", said).group(), re.search(r"inv_\S+", said).group()
        self.session = requests.Session()
        self.session.headers["X-API-Key"] = key

    def submit(self):
        files = {"file": ("a.pdf", DOCUMENT + uuid4().bytes)}
        return self.session.post(self.url + "/v1/extract/invoice", files=files, timeout=60).json()["job_id"]

    def polls(self, job_id):
        """Milliseconds of each of many polls."""
        taken = []
        for _ in range(POLLS):
            begun = time.perf_counter()
            assert self.session.get(f"{self.url}/v1/jobs/{job_id}", timeout=60).status_code == 200
            taken.append((time.perf_counter() - begun) * 1000)
        return sorted(taken)

    def uploads(self):
        """Accepted uploads per second, one after the other."""
        begun = time.perf_counter()
        for _ in range(50):
            self.submit()
        return 50 / (time.perf_counter() - begun)

    def wait(self, job_id):
        while not self.session.get(f"{self.url}/v1/jobs/{job_id}", timeout=60).json()["completed_at"]:
            time.sleep(0.02)

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()
        self.session.close()


@pytest.fixture
def service(tmp_path):
    with closing(Service(tmp_path / "data")) as running:
        yield running


def fill(data, job_id):
    """Copies of a finished job, as a table after months of work has them."""
    with closing(open_store(data)) as store:
        pattern = store.jobs.find(job_id)
        for start in range(0, ROWS, 10_000):
            with store.transaction():
                for at in range(start, start + 10_000):
                    queued = pattern.queued_at - dt.timedelta(seconds=ROWS - at)
                    ended = queued + dt.timedelta(seconds=1)
                    job = msgspec.structs.replace(
                        pattern, job_id=uuid4(), queued_at=queued, completed_at=ended
                    )
                    assert job.status in (JobStatus.COMPLETED, JobStatus.FAILED)
                    store.jobs.add(job)


def p99(taken):
    return taken[int(len(taken) * 0.99)]


def test_polls_stay_quick_while_workers_read_and_the_table_grows(service):
    job_id = service.submit()
    service.wait(job_id)
    idle = service.polls(job_id)
    stop = threading.Event()

    def keep_busy():
        with requests.Session() as session:
            session.headers.update(service.session.headers)
            while not stop.is_set():
                files = {"file": ("a.pdf", DOCUMENT + uuid4().bytes)}
                session.post(service.url + "/v1/extract/invoice", files=files, timeout=60)

    busy_thread = threading.Thread(target=keep_busy)
    busy_thread.start()
    busy = service.polls(job_id)
    stop.set()
    busy_thread.join()
    rate = service.uploads()
    fill(service.data, job_id)
    full, full_rate = service.polls(job_id), service.uploads()
    print(f"\nGET of a job, {os.cpu_count()} cores, p50 / p99 in ms:")
    for name, taken in (("idle", idle), ("workers busy", busy), (f"{ROWS:,} jobs", full)):
        print(f"  {name:14} {statistics.median(taken):7.2f} {p99(taken):7.2f}")
    print(f"uploads one after the other: {rate:.0f}/s, with {ROWS:,} jobs {full_rate:.0f}/s")
    assert statistics.median(full) < 5 * statistics.median(idle) + 5
