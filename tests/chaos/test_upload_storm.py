"""The storms in small, so that every run of the tests sees one."""

import threading
import time

import pytest
import requests

from tests.chaos.service import Service, documents, unique
from tests.chaos.upload_storm import OVER, Plan, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_every_accepted_job_ends_once_while_workers_and_the_api_are_killed(tmp_path):
    report = run(Plan(uploads=40, clients=4, worker_kills=3, api_kills=1), tmp_path / "data")
    assert report.problems == []
    assert len(report.kills) == 4
    assert report.accepted == 40


def test_jobs_taken_in_before_everything_was_killed_end_after_the_next_start(tmp_path):
    service = Service(tmp_path / "data", workers=1)
    service.start()
    session = service.session()
    document = documents()[0]
    jobs = []
    for number in range(8):
        files = {"file": (document.name, unique(document, str(number)))}
        jobs.append(
            session.post(f"{service.url}/v1/extract/invoice", files=files, timeout=30).json()["job_id"]
        )
    service.crash()
    with service:
        deadline = time.monotonic() + 60
        waiting = set(jobs)
        while waiting and time.monotonic() < deadline:
            for job_id in sorted(waiting):
                job = session.get(f"{service.url}/v1/jobs/{job_id}", timeout=30).json()
                if job["status"] in OVER:
                    assert job["status"] == "completed"
                    waiting.discard(job_id)
            time.sleep(0.1)
    assert not waiting


def test_a_service_that_is_told_to_end_under_load_answers_what_it_took_and_loses_nothing(tmp_path):
    service = Service(tmp_path / "data", workers=2)
    service.start()
    accepted, cut_off, stopping = [], [], threading.Event()

    def client(first: int) -> None:
        session = service.session()
        for number in range(first, 10**6, 4):
            document = documents()[number % len(documents())]
            files = {"file": (document.name, unique(document, str(number)))}
            try:
                answer = session.post(f"{service.url}/v1/extract/invoice", files=files, timeout=30)
            except requests.RequestException:
                if not stopping.is_set():
                    cut_off.append(number)
                return
            assert answer.status_code == 202
            accepted.append(answer.json()["job_id"])

    clients = [threading.Thread(target=client, args=(first,)) for first in range(4)]
    for thread in clients:
        thread.start()
    while len(accepted) < 20:
        time.sleep(0.01)
    stopping.set()
    seconds = service.stop()
    for thread in clients:
        thread.join(30)
    assert cut_off == []
    assert seconds < 30, "nobody had to be killed"
    assert "did not finish in time" not in service.log()
    with service:
        session = service.session()
        deadline = time.monotonic() + 90
        for job_id in accepted:
            while (job := session.get(f"{service.url}/v1/jobs/{job_id}", timeout=30).json())[
                "status"
            ] not in OVER:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert (job["status"], job["attempt_count"]) == ("completed", 1)
