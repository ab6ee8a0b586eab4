"""Ten minutes of everything at once: python -m tests.chaos.long_run [--seconds 600] [--clients 4].

Clients submit real documents without pause, cancel some, and want webhooks at a receiver that fails now and then.
Meanwhile workers and the API are killed at random, the disk is full once, and the clock of a worker jumps, ahead
and back. At the end every accepted job must be over, once, its webhook delivered under one id, and the metrics
must equal the rows. Prints a report as JSON; exit status 1 when something does not hold.

The full disk needs the right to mount a tmpfs, the clocks a C compiler; without them that part is left out, and
the report says so.
"""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import requests
from pypdf import PdfReader, PdfWriter

from app.jobs.webhooks import SCHEDULE
from tests.chaos.receiver import Receiver
from tests.chaos.service import API, WORKER, Service, documents, unique

OVER = {"completed", "failed", "cancelled"}
DISK_MEGABYTES = 4000
"""Room for all that is brought in ten minutes; it is full once, not for good."""
FULL_SECONDS = 12.0
JUMPS = (7200, -7200, 0)
"""Seconds by which a worker's clock is off, one after the other."""
SETTLE_SECONDS = 400.0
"""A webhook that failed three times waits five minutes."""
SLOW_PAGES = 60


@dataclass
class Plan:
    seconds: int = 600
    clients: int = 4
    workers: int = 2
    seed: int = 1
    every: float = 7.0
    """Mean pause between two kills."""


@dataclass
class Report:
    plan: dict
    left_out: list[str] = field(default_factory=list)
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    crashes: dict[str, int] = field(default_factory=dict)
    """What the API answered with 500, by kind and place."""
    webhooks: dict[str, int] = field(default_factory=dict)
    settle_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


class Run:
    """One run of a plan."""

    def __init__(
        self, service: Service, receiver: Receiver, plan: Plan, disk: Path | None, slow: Path
    ) -> None:
        self._service = service
        self._receiver = receiver
        self._plan = plan
        self._disk = disk
        self._random = random.Random(plan.seed)
        self._guard = threading.Lock()
        self._until = time.monotonic() + plan.seconds
        self._accepted: set[str] = set()
        self._ended: dict[str, dict] = {}
        self._numbers = iter(range(10**9))
        self._documents = [*documents(), slow]
        self.report = Report(plan=asdict(plan))

    def run(self) -> Report:
        clients = [threading.Thread(target=self._client, daemon=True) for _ in range(self._plan.clients)]
        for client in clients:
            client.start()
        self._hurt()
        for client in clients:
            client.join(60)
        self._settle()
        self._judge()
        return self.report

    def _client(self) -> None:
        session = self._service.session()
        mine: list[str] = []
        while time.monotonic() < self._until:
            number = self._number()
            job_id = self._upload(session, number)
            if job_id is None:
                time.sleep(0.3)
                continue
            mine.append(job_id)
            if number % 10 in {3, 7}:
                time.sleep(0.0 if number % 10 == 3 else 0.2)  # before it begins, or in the middle
                self._cancel(session, job_id)
            while len(mine) > 4 and time.monotonic() < self._until:
                mine = [job_id for job_id in mine if not self._is_over(session, job_id)]
                time.sleep(0.05)

    def _cancel(self, session: requests.Session, job_id: str) -> None:
        self._ask(lambda: session.delete(f"{self._service.url}/v1/jobs/{job_id}", timeout=30))

    def _number(self) -> int:
        with self._guard:
            return next(self._numbers)

    def _upload(self, session: requests.Session, number: int) -> str | None:
        document = self._documents[number % len(self._documents)]
        content = unique(document, f"long run {number}")
        form = {"callback_url": self._receiver.url} if number % 2 else {}

        def post() -> requests.Response:
            return session.post(
                f"{self._service.url}/v1/extract/invoice",
                files={"file": (document.name, content)},
                data=form,
                headers={"Idempotency-Key": f"long-run-{number}"},
                timeout=30,
            )

        for _ in range(20):
            answer = self._ask(post)
            if answer is not None and answer.status_code == 202:
                with self._guard:
                    self._accepted.add(answer.json()["job_id"])
                return answer.json()["job_id"]
            time.sleep(0.5)
        return None

    def _is_over(self, session: requests.Session, job_id: str) -> bool:
        answer = self._ask(lambda: session.get(f"{self._service.url}/v1/jobs/{job_id}", timeout=30))
        if answer is None or answer.status_code != 200 or answer.json()["status"] not in OVER:
            return False
        with self._guard:
            self._ended[job_id] = answer.json()
        return True

    def _ask(self, request) -> requests.Response | None:
        try:
            answer = request()
        except requests.RequestException as problem:
            self._refused(type(problem).__name__)
            return None
        if answer.status_code >= 400:
            self._refused(f"{answer.status_code} {_code_of(answer)}")
        return answer

    def _refused(self, why: str) -> None:
        with self._guard:
            self.report.refused[why] = self.report.refused.get(why, 0) + 1

    def _hurt(self) -> None:
        """Kill at random; fill the disk in the middle; let a clock jump in each third."""
        started, jumps, filled = time.monotonic(), list(JUMPS), False
        while (now := time.monotonic()) < self._until:
            passed = (now - started) / self._plan.seconds
            if not filled and passed > 0.5:
                filled = True
                self._fill()
            elif jumps and passed > 0.2 + 0.2 * (len(JUMPS) - len(jumps)):
                self._jump(jumps.pop(0))
            entry = API if self._random.random() < 0.2 else WORKER
            try:
                self._service.kill(entry, self._random.choice)
            except TimeoutError as problem:
                self.report.problems.append(str(problem))
                return
            self.report.kills[entry] = self.report.kills.get(entry, 0) + 1
            time.sleep(self._random.uniform(0.2, 1.8) * self._plan.every)

    def _fill(self) -> None:
        if self._disk is None:
            return
        ballast = self._disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(65536))
            except OSError as problem:
                self._event(f"the disk is full: {problem.strerror}")
        time.sleep(FULL_SECONDS)
        ballast.unlink()
        self._event("the disk has room again")

    def _jump(self, seconds: int) -> None:
        clocks = self._service.clocks
        if clocks is None:
            return
        pids = self._service.pids(WORKER)
        if pids:
            (clocks / str(pids[0])).write_text(str(seconds))
            self._event(f"the clock of a worker is {seconds} s off")

    def _event(self, what: str) -> None:
        self.report.events.append(f"{self._plan.seconds - (self._until - time.monotonic()):.0f} s: {what}")

    def _settle(self) -> None:
        """Nobody is hurt any more: everything must come to its end, webhooks too."""
        started = time.monotonic()
        session = self._service.session()
        waiting = set(self._accepted)
        while waiting and time.monotonic() - started < SETTLE_SECONDS:
            waiting = {job_id for job_id in waiting if not self._is_finished(session, job_id)}
            time.sleep(0.2)
        self.report.settle_seconds = round(time.monotonic() - started, 1)

    def _is_finished(self, session: requests.Session, job_id: str) -> bool:
        if not self._is_over(session, job_id):
            return False
        job = self._ended[job_id]
        return job["callback_url"] is None or bool(job["delivery"] and job["delivery"]["delivered"])

    def _judge(self) -> None:
        report, jobs = self.report, self._ended.values()
        report.accepted = len(self._accepted)
        report.ended = dict(Counter(job["status"] for job in jobs))
        report.attempts = dict(Counter(str(job["attempt_count"]) for job in jobs))
        report.failures = dict(
            Counter(f"{job['error_code']}: {job['error']}" for job in jobs if job["status"] == "failed")
        )
        if lost := self._accepted - set(self._ended):
            report.problems.append(f"{len(lost)} accepted jobs are not over: {sorted(lost)[:3]}")
        self._judge_webhooks()
        self._judge_counts()

    def _judge_webhooks(self) -> None:
        wanted = {job["job_id"] for job in self._ended.values() if job["callback_url"]}
        ids = {job_id: set(taken) for job_id, taken in self._receiver.taken.items()}
        flat = Counter(message for taken in ids.values() for message in taken)
        self.report.webhooks = {
            "wanted": len(wanted),
            "taken": len(wanted & set(ids)),
            "refused by the receiver": self._receiver.refused,
            "taken again": sum(len(taken) for taken in self._receiver.taken.values()) - len(ids),
        }
        missing = {job_id for job_id in wanted - set(ids) if not self._is_put_off(job_id)}
        self.report.webhooks["refused so often that they are tried later"] = len(wanted - set(ids) - missing)
        if missing:
            self.report.problems.append(f"{len(missing)} webhooks did not arrive: {sorted(missing)[:3]}")
        if any(len(taken) > 1 for taken in ids.values()) or any(count > 1 for count in flat.values()):
            self.report.problems.append("a webhook came under two ids, or two under one")

    def _is_put_off(self, job_id: str) -> bool:
        """Whether the receiver refused a webhook so often that its next try comes after this run's patience."""
        answer = self._service.session().get(f"{self._service.url}/v1/jobs/{job_id}", timeout=30)
        tries = answer.json()["delivery"]["attempts"]
        return sum(pause.total_seconds() for pause in SCHEDULE[:tries]) > SETTLE_SECONDS

    def _judge_counts(self) -> None:
        session = self._service.session()
        listed = session.get(f"{self._service.url}/v1/jobs?limit=1", timeout=30).json()["total"]
        if listed != len(self._accepted):
            # An upload whose answer was lost may have been taken in; its key would have given it back.
            self.report.problems.append(f"{listed} jobs are listed, {len(self._accepted)} were accepted")
        metrics = session.get(f"{self._service.url}/metrics", timeout=30).text
        counted = {
            status: int(float(value))
            for status, value in re.findall(r'spunta_jobs\{status="(\w+)"\} (\S+)', metrics)
        }
        counted = {status: count for status, count in counted.items() if count}
        if counted != self.report.ended:
            self.report.problems.append(f"the metrics count {counted}, the jobs ended {self.report.ended}")
        self._judge_figures(metrics)
        month = session.get(f"{self._service.url}/v1/usage", timeout=30).json()["month"]
        if sum(month[status] for status in OVER) != len(self._ended):
            self.report.problems.append(f"usage counts {month}, {len(self._ended)} jobs ended")

    def _judge_figures(self, metrics: str) -> None:
        """What was counted at each end, by processes that were killed, against the rows."""
        found = re.findall(r'spunta_job_processing_seconds_count\{outcome="(\w+)"\} (\S+)', metrics)
        counted = {outcome: int(float(value)) for outcome, value in found}
        rows = dict(Counter(job.get("error_code") or job["status"] for job in self._ended.values()))
        if counted != rows:
            self.report.problems.append(f"at their ends {counted} were counted, the jobs ended {rows}")
        attempts = dict(re.findall(r'spunta_webhook_attempts_total\{result="(\w+)"\} (\S+)', metrics))
        noted = Counter()
        for job in self._ended.values():
            if job["delivery"] is not None:
                noted["attempts"] += job["delivery"]["attempts"]
                noted["delivered"] += job["delivery"]["delivered"]
        seen = {
            "attempts": sum(map(float, attempts.values())),
            "delivered": float(attempts.get("delivered", 0)),
        }
        if seen != dict(noted):
            self.report.problems.append(f"webhooks were counted as {seen}, the jobs note {dict(noted)}")


def crashes(log: str) -> dict[str, int]:
    """Requests that failed by a defect, as the service logged them."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return dict(
        Counter(f"{line['error']} {line['where']}" for line in lines if line["event"] == "request_failed")
    )


def _code_of(answer: requests.Response) -> str:
    try:
        return answer.json()["code"]
    except (requests.JSONDecodeError, KeyError):
        return f"without a code: {answer.text[:80]}"


def slow_document(folder: Path) -> Path:
    """An invoice of many pages, which takes seconds."""
    writer = PdfWriter()
    for _ in range(SLOW_PAGES):
        for page in PdfReader(next(path for path in documents() if path.suffix == ".pdf")).pages:
            writer.add_page(page)
    slow = folder / "document.pdf"
    writer.write(slow)
    return slow


@contextmanager
def small_disk(folder: Path):
    """A file system of its own, or `None` where that may not be had."""
    folder.mkdir()
    mount = [
        shutil.which("mount") or "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size={DISK_MEGABYTES}m",
        "tmpfs",
        str(folder),
    ]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(folder)], check=False)


def shim(folder: Path) -> Path | None:
    """The library that moves clocks, built here, or `None` where there is no compiler."""
    library = folder / "jumping_clock.so"
    source = Path(__file__).with_name("jumping_clock.c")
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    return library if subprocess.run(command, check=False, capture_output=True).returncode == 0 else None


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    plan = Plan(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name) / "disk") as disk:
        variables = {"SPUNTA_WEBHOOK_PRIVATE": "true"}
        clocks, library = Path(name) / "clocks", shim(Path(name))
        clocks.mkdir()
        if library is not None:
            variables |= {"LD_PRELOAD": str(library), "CHAOS_CLOCKS": str(clocks)}
        receiver = Receiver(plan.seed)
        with Service(
            (disk or Path(name)) / "data", workers=plan.workers, log=Path(name) / "log", **variables
        ) as service:
            service.clocks = clocks if library is not None else None
            run = Run(service, receiver, plan, disk, slow_document(Path(name)))
            run.report.left_out += [] if disk else ["the full disk: a tmpfs may not be mounted"]
            run.report.left_out += [] if library else ["the clocks: there is no C compiler"]
            report = run.run()
            report.crashes = crashes(service.log())
        receiver.close()
        if report.problems:
            Path("chaos.log").write_text(service.log())
    print(json.dumps(asdict(report), indent=2))
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
