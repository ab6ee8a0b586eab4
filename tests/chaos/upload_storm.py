"""Uploads from many clients while workers and the API are killed: every accepted job must end, once.

    python -m tests.chaos.upload_storm [--uploads 300] [--clients 8] [--worker-kills 5] [--api-kills 1]

Prints a report as JSON; exit status 1 when a job was lost, stuck, doubled or ended differently from its twin.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import requests

from tests.chaos.service import API, WORKER, Service, documents, unique

OVER = {"completed", "failed", "cancelled"}
STUCK_SECONDS = 60.0
PATIENCE_SECONDS = 180.0


@dataclass
class Plan:
    uploads: int = 300
    clients: int = 8
    worker_kills: int = 5
    api_kills: int = 1
    workers: int = 2
    seed: int = 1


@dataclass
class Report:
    plan: dict
    accepted: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    retries_of_clients: int = 0
    kills: list[str] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    longest_job_seconds: float = 0.0
    stop_seconds: float = 0.0
    errors: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Storm:
    """One run of a plan against a service."""

    def __init__(self, service: Service, plan: Plan) -> None:
        self._service = service
        self._plan = plan
        self._random = random.Random(plan.seed)
        self._guard = threading.Lock()
        self._next = iter(range(plan.uploads))
        self._accepted: dict[str, tuple[Path, float]] = {}
        self._ended: dict[str, dict] = {}
        self._seconds: list[float] = []
        self._documents = documents()
        self.report = Report(plan=asdict(plan))

    def run(self) -> Report:
        started = time.monotonic()
        clients = [threading.Thread(target=self._client, daemon=True) for _ in range(self._plan.clients)]
        for client in clients:
            client.start()
        self._kill_along()
        for client in clients:
            client.join(PATIENCE_SECONDS)
        self.report.seconds = round(time.monotonic() - started, 1)
        self._judge()
        return self.report

    def _client(self) -> None:
        """Uploads one after another, each followed to its end before the client is done."""
        session = self._service.session()
        mine = []
        while (number := self._take()) is not None:
            mine.append(self._upload(session, number))
        for job_id in mine:
            self._follow(session, job_id)

    def _take(self) -> int | None:
        with self._guard:
            return next(self._next, None)

    def _upload(self, session: requests.Session, number: int) -> str:
        document = self._documents[number % len(self._documents)]
        content = unique(document, f"storm {number}")
        headers = {"Idempotency-Key": f"storm-{number}"}

        def post() -> requests.Response:
            files = {"file": (document.name, content)}
            url = f"{self._service.url}/v1/extract/invoice"
            return session.post(url, files=files, headers=headers, timeout=30)

        answer = self._insist(post, 202)
        job_id = answer.json()["job_id"]
        with self._guard:
            self._accepted[job_id] = (document, time.monotonic())
        return job_id

    def _follow(self, session: requests.Session, job_id: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            job = self._insist(
                lambda: session.get(f"{self._service.url}/v1/jobs/{job_id}", timeout=30), 200
            ).json()
            if job["status"] in OVER:
                with self._guard:
                    self._ended[job_id] = job
                return
            time.sleep(0.1)

    def _insist(self, request, wanted: int) -> requests.Response:
        """As a good client does: what got no answer, or was told to come back, is asked again."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = request()
            except requests.RequestException as problem:
                self._count_retry(type(problem).__name__)
            else:
                if answer.status_code == wanted:
                    return answer
                self._count_retry(f"{answer.status_code} {answer.json().get('code')}")
            if time.monotonic() > deadline:
                raise TimeoutError("the service did not answer")
            time.sleep(0.2)

    def _count_retry(self, why: str) -> None:
        with self._guard:
            self.report.retries_of_clients += 1
            self.report.errors[why] = self.report.errors.get(why, 0) + 1

    def _kill_along(self) -> None:
        """Spread the kills over the storm, by what was accepted so far."""
        victims = [WORKER] * self._plan.worker_kills + [API] * self._plan.api_kills
        self._random.shuffle(victims)
        for turn, entry in enumerate(victims, 1):
            due = self._plan.uploads * turn // (len(victims) + 1)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(self._accepted) < due and time.monotonic() < deadline:
                time.sleep(0.01)
            self._service.kill(entry, self._random.choice)
            self.report.kills.append(f"{entry} after {len(self._accepted)} uploads")

    def _judge(self) -> None:
        report = self.report
        report.accepted = len(self._accepted)
        report.ended = dict(Counter(job["status"] for job in self._ended.values()))
        report.attempts = dict(Counter(str(job["attempt_count"]) for job in self._ended.values()))
        report.longest_job_seconds = round(max(map(_seconds_of, self._ended.values()), default=0.0), 1)
        if report.accepted != self._plan.uploads:
            report.problems.append(f"{report.accepted} of {self._plan.uploads} uploads were accepted")
        if lost := set(self._accepted) - set(self._ended):
            report.problems.append(f"{len(lost)} accepted jobs did not end: {sorted(lost)[:3]}")
        if report.longest_job_seconds > STUCK_SECONDS:
            report.problems.append(f"a job took {report.longest_job_seconds} s")
        if any(job["status"] == "failed" for job in self._ended.values()):
            codes = Counter(
                (job["error_code"], job["error"]) for job in self._ended.values() if job["error_code"]
            )
            report.problems.append(f"jobs failed: {dict(codes)}")
        self._compare_twins()
        self._count_rows()

    def _compare_twins(self) -> None:
        """The same document read twice says the same, whoever was killed meanwhile."""
        results = defaultdict(set)
        for job_id, job in self._ended.items():
            results[self._accepted[job_id][0]].add(json.dumps(job.get("result"), sort_keys=True))
        for document, found in results.items():
            if len(found) > 1:
                self.report.problems.append(f"{document.parent.name} has {len(found)} different results")

    def _count_rows(self) -> None:
        """What the service itself counted, in the transactions that ended the jobs."""
        session = self._service.session()
        listed = session.get(f"{self._service.url}/v1/jobs?limit=1", timeout=30).json()
        if listed.get("total") != len(self._accepted):
            self.report.problems.append(
                f"{listed.get('total')} jobs are listed, {len(self._accepted)} were accepted"
            )
        month = session.get(f"{self._service.url}/v1/usage", timeout=30).json()["month"]
        counted = {status: month[status] for status in ("completed", "failed", "cancelled") if month[status]}
        if counted != self.report.ended or month["jobs"] != len(self._accepted):
            self.report.problems.append(f"usage counts {month}, the jobs ended {self.report.ended}")


def _seconds_of(job: dict) -> float:
    queued, completed = (datetime.fromisoformat(job[key]) for key in ("queued_at", "completed_at"))
    return (completed - queued).total_seconds()


def run(plan: Plan, folder: Path) -> Report:
    """A storm over a fresh service in `folder`."""
    with Service(folder, workers=plan.workers) as service:
        storm = Storm(service, plan)
        report = storm.run()
        report.stop_seconds = round(service.stop(), 1)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value)
    with tempfile.TemporaryDirectory() as folder:
        report = run(Plan(**vars(parser.parse_args())), Path(folder) / "data")
    print(json.dumps(asdict(report), indent=2))
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
