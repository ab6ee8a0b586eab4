"""What a full store costs: the same calls over an empty one and over 100,000 jobs, in one run."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace

from app.jobs.submit import Desk, Request, Submission
from app.jobs.view import render
from app.model.job import Job, JobStatus, Order
from app.model.verdict import FlagMark
from app.storage.records import JobFilter, Key
from app.storage.sqlite.store import SqliteStore, utc_now

JOBS = 100_000
ROUNDS = 300


class Nobody:
    def job(self, job_id, delay_ms=0): ...

    def jobs(self, job_ids): ...

    def message(self, message_id, delay_ms=0): ...


def _fill(store: SqliteStore) -> None:
    began = utc_now() - dt.timedelta(days=30)
    with store.transaction():
        for number in range(JOBS):
            at = began + dt.timedelta(seconds=number)
            job = Job(
                job_id=uuid4(),
                tenant=f"tenant{number % 3}" if number % 4 else "acme",
                order=Order(external_id=f"PO-{number}", filename="invoice.pdf"),
                document=f"{number:064x}",
                size=1,
                queued_at=at,
                status=JobStatus.COMPLETED,
                completed_at=at,
                processing_ms=20,
                decision="review" if number % 3 else "accept",
            )
            store.jobs.add(job)
            if number % 10 == 0:
                store.jobs.replace(job, _flagged(job))


def _flagged(job: Job) -> Job:
    return replace(job, version=1, flags=(FlagMark("ARITHMETIC_MISMATCH", "error"),))


def _submit(desk: Desk, store: SqliteStore, key: Key) -> None:
    incoming = store.uploads.incoming(1000)
    incoming.write(uuid4().bytes)
    request = Request(key=key, submissions=[Submission(order=Order(), incoming=incoming)], now=utc_now())
    desk.submit(request)


def _calls(store: SqliteStore) -> dict[str, Callable[[], object]]:
    key, _ = store.keys.create("acme")
    desk = Desk(store, Nobody(), workers=2)
    for _ in range(60):
        _submit(desk, store, key)
    mine = store.jobs.list("acme", JobFilter(), limit=50).jobs[-1]

    def listed(offset: int = 0, **wanted: object) -> Callable[[], object]:
        return lambda: store.jobs.list("acme", JobFilter(**wanted), limit=50, offset=offset)

    return {
        "submit": lambda: _submit(desk, store, key),
        "get and render": lambda: render(store.jobs.get("acme", mine.job_id)),
        "identify key": lambda: store.keys.identify("inv_" + "x" * 43, utc_now()),
        "waiting (sweep)": lambda: store.jobs.waiting(10),
        "list 50": listed(),
        "list by status": listed(status=JobStatus.COMPLETED),
        "list by flag": listed(flag="ARITHMETIC_MISMATCH"),
        "list by decision": listed(decision="accept"),
        "list by reference": listed(external_id="PO-4"),
        "list page 400": listed(offset=20_000),
        "counts (metrics)": store.jobs.count,
    }


def _medians(calls: tuple[Callable[[], object], ...], rounds: int) -> list[float]:
    """Microseconds of each call, in turns, so that whatever else the machine does falls on all of them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            begun = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begun)
    return [sorted(taken)[rounds // 2] * 1e6 for taken in times]


@pytest.mark.bench
def test_a_hundred_thousand_jobs_do_not_slow_the_store(tmp_path: Path):
    empty, full = SqliteStore(tmp_path / "empty"), SqliteStore(tmp_path / "full")
    begun = time.perf_counter()
    _fill(full)
    print(f"\n{JOBS} jobs written in {time.perf_counter() - begun:.1f} s")
    few, many = _calls(empty), _calls(full)
    ratios = {}
    for name in few:
        rounds = 20 if "list" in name or "counts" in name else ROUNDS
        fast, slow = _medians((few[name], many[name]), rounds)
        ratios[name] = slow / fast
        print(f"{name:20} {fast:9.0f} µs  with {JOBS} jobs {slow:9.0f} µs  x{slow / fast:.2f}")
    empty.close()
    full.close()
    assert ratios["get and render"] < 2
    assert ratios["submit"] < 2
