import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import pytest
from msgspec.structs import replace
from world import MINUTE, ScriptedReader, World, extraction

from app.errors import InternalError
from app.jobs import lifecycle
from app.jobs.ending import cancel, lease_of, purge
from app.jobs.housekeeping import Housekeeping
from app.jobs.outbound import Answered
from app.jobs.sweep import STALLED_SECONDS, Sweep, Swept
from app.jobs.webhooks import SCHEDULE, Courier
from app.model.job import Job, JobStatus, JobType
from app.model.options import Options
from app.storage.sqlite import database

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def _sweep(world: World, keep_days: int = 0) -> Sweep:
    return Sweep(world.store, world.bells, world.clock, keep_days=keep_days)


def _begun(world: World, data: bytes = b"x") -> Job:
    job = world.submit(data)
    assert world.store.jobs.replace(job, lifecycle.start(job, world.clock(), "w"))
    return world.job(job.job_id)


def test_a_round_over_a_healthy_store_does_nothing(world: World):
    world.completed()
    world.submit(b"just now")
    assert _sweep(world).round() == Swept()


def test_a_job_whose_worker_died_is_put_back_and_rung_for(world: World):
    job = _begun(world)
    world.bells.rung.clear()
    assert _sweep(world).round() == Swept(rescued=1)
    assert world.job(job.job_id).status is JobStatus.RETRYING
    assert world.bells.rung == [(job.job_id, 0)]
    world.runner().run(job.job_id)
    assert world.job(job.job_id).status is JobStatus.COMPLETED


def test_a_job_that_is_being_worked_on_is_left_alone(world: World):
    job = _begun(world)
    with world.store.leases.hold(lease_of(job)):
        world.clock.forward(10 * DAY)
        assert _sweep(world).round() == Swept()
    assert world.job(job.job_id) == job


class Monotonic:
    """The clock that cannot jump, in the hand of a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("app.jobs.sweep.time.monotonic", lambda: self.now)

    def until(self, happened: Callable[[], bool]) -> float:
        begun = self.now
        while not happened():
            self.now += 1
            assert self.now - begun < 10_000
        return self.now - begun


def test_a_job_nobody_was_rung_for_is_rung_for_and_ever_more_seldom(world: World, monkeypatch):
    job, sweep, clock = world.submit(), _sweep(world), Monotonic(monkeypatch)
    world.bells.rung.clear()
    assert sweep.round().rung == 0
    assert [clock.until(lambda: sweep.round().rung == 1) for _ in range(3)] == [5, 10, 20]
    assert world.bells.rung == [(job.job_id, 0)] * 3


def test_a_job_that_waits_for_its_retry_is_given_the_time(world: World, monkeypatch):
    job, sweep, clock = world.submit(), _sweep(world), Monotonic(monkeypatch)
    world.runner(ScriptedReader(InternalError("x"))).run(job.job_id)
    sweep.round()
    assert clock.until(lambda: sweep.round().rung == 1) == 5 + lifecycle.BACK_OFF[-1].total_seconds()


def test_a_clock_that_jumps_neither_rings_nor_takes_a_job_away(world: World):
    job, sweep = _begun(world), _sweep(world)
    world.submit(b"waiting")
    with world.store.leases.hold(lease_of(job)):
        for days in (400, -800):
            world.clock.forward(days * DAY)
            assert sweep.round() == Swept()


def test_an_attempt_that_stands_still_is_taken_away_from_a_living_worker(world: World, monkeypatch):
    clock, job, sweep = Monotonic(monkeypatch), _begun(world), _sweep(world)
    with world.store.leases.hold(lease_of(job)):
        sweep.round()
        clock.now += STALLED_SECONDS - 1
        assert world.store.jobs.beat(job, job.stage, 5)
        assert sweep.round().rescued == 0, "it moved"
        clock.now += STALLED_SECONDS - 1
        assert sweep.round().rescued == 0, "not yet"
        clock.now += 2
        assert sweep.round().rescued == 1
        assert not world.store.jobs.beat(job, job.stage, 6)
        assert world.job(job.job_id).status is JobStatus.RETRYING
        world.runner().run(job.job_id)
        done = world.job(job.job_id)
        assert (done.status, done.attempt_count) == (JobStatus.COMPLETED, 2)


def test_a_message_nobody_was_rung_for_is_rung_for(world: World):
    world.completed(callback_url="https://x.example/")
    ((message_id, _),) = world.bells.messages
    world.bells.messages.clear()
    assert _sweep(world).round().messages == 0
    world.clock.forward(MINUTE)
    assert _sweep(world).round().messages == 1
    assert world.bells.messages == [(message_id, 0)]


def test_a_message_put_off_by_a_clock_that_was_hours_ahead_is_sent_in_its_time(world: World, monkeypatch):
    clock, sweep = Monotonic(monkeypatch), _sweep(world)
    answers, sent = [503, 200], []
    poster = lambda *given: sent.append(given) or Answered(answers.pop(0))  # noqa: E731
    courier = Courier(world.store, world.bells, poster, world.clock)
    world.clock.forward(2 * HOUR)
    world.completed(callback_url="https://x.example/")
    ((message_id, _),) = world.bells.messages
    world.clock.forward(-2 * HOUR)
    courier.deliver(message_id)
    assert len(sent) == 1, "the ring is believed when the clocks disagree"
    world.clock.forward(2 * HOUR)
    world.store.messages.replace(
        world.store.messages.get(message_id),
        replace(
            world.store.messages.get(message_id),
            last_attempt_at=world.clock(),
            next_at=world.clock() + SCHEDULE[0],
        ),
    )
    world.clock.forward(-2 * HOUR)
    world.bells.messages.clear()
    sweep.round()
    assert clock.until(lambda: sweep.round().messages == 1) == SCHEDULE[0].total_seconds() + 5
    courier.deliver(message_id)
    assert len(sent) == 2
    assert world.store.messages.get(message_id).delivered_at is not None


def test_secrets_that_outlived_their_job_are_erased(world: World):
    job = world.completed()
    waiting = world.submit(b"waiting", options=Options(password="b"))
    world.store.secrets.put(job.job_id, "password", "a")
    assert _sweep(world).round().secrets == 1
    assert world.store.secrets.get(waiting.job_id, "password") == "b"


def test_a_document_without_a_job_is_deleted_and_one_with_a_job_is_not(world: World):
    job = world.submit(b"wanted")
    orphan = world.submission(b"orphan")
    world.store.uploads.adopt([("acme", orphan.incoming)])
    assert _sweep(world).round().uploads == 1
    assert list(world.store.uploads.kept()) == [("acme", job.document)]


def test_what_was_kept_long_enough_is_deleted_with_everything(world: World):
    old = world.completed(b"old")
    waiting = world.submit(b"waiting since then")
    world.clock.forward(7 * DAY)
    young = world.completed(b"young")
    assert _sweep(world, keep_days=7).round().expired == 0
    world.clock.forward(dt.timedelta(milliseconds=1))
    assert _sweep(world, keep_days=7).round().expired == 1
    assert world.store.jobs.find(old.job_id) is None
    assert {document for _, document in world.store.uploads.kept()} == {waiting.document, young.document}
    assert b"old" not in {path.read_bytes() for path in world.store.folder.rglob("*") if path.is_file()}
    assert not world.completed(b"old").cache_hit


def test_what_a_long_reader_kept_of_a_purged_job_is_gone_after_it(world: World, monkeypatch):
    monkeypatch.setattr(database, "CHECKPOINT_MS", 50)
    job = world.completed(filename="name-of-the-file.pdf")
    path = world.store.folder / "spunta.db"
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchone()
        purge(world.store, job)
        _sweep(world).round()
        log = path.with_name("spunta.db-wal")
        assert b"name-of-the-file" in log.read_bytes()
    _sweep(world).round()
    assert b"name-of-the-file" not in log.read_bytes() + path.read_bytes()


def test_nothing_is_deleted_unless_the_operator_says_so(world: World):
    job = world.completed()
    world.clock.forward(5000 * DAY)
    assert _sweep(world).round().expired == 0
    assert world.job(job.job_id) == job


def test_two_sweeps_at_once_do_the_work_once(world: World):
    jobs = [_begun(world, b"%d" % n) for n in range(8)]
    sweeps = [_sweep(world) for _ in range(4)]
    threads = [threading.Thread(target=sweep.round) for sweep in sweeps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {world.job(job.job_id).attempt_count for job in jobs} == {1}
    assert {world.job(job.job_id).status for job in jobs} == {JobStatus.RETRYING}


def test_housekeeping_survives_a_round_that_fails(world: World):
    failed, done = threading.Event(), threading.Event()

    class Failing(Sweep):
        def round(self) -> Swept:
            if not failed.is_set():
                failed.set()
                raise OSError("disk full")
            done.set()
            return Swept()

    housekeeping = Housekeeping(Failing(world.store, world.bells, world.clock), every_seconds=0.01)
    housekeeping.start()
    assert done.wait(10)
    housekeeping.stop()


def test_of_several_processes_one_keeps_house_until_it_ends(world: World):
    made = []

    class Counting(Sweep):
        def round(self) -> Swept:
            made.append(self)
            return Swept()

    keepers = [
        Housekeeping(Counting(world.store, world.bells, world.clock), every_seconds=0.01) for _ in range(3)
    ]
    for keeper in keepers:
        keeper.start()
    while len(made) < 20:
        time.sleep(0.01)
    assert len(set(map(id, made))) == 1
    first = next(keeper for keeper in keepers if keeper._sweep is made[0])
    first.stop()
    made.clear()
    while len(made) < 5:
        time.sleep(0.01)
    assert made[0] is not first._sweep
    for keeper in keepers:
        keeper.stop()


def test_a_cancelled_job_is_not_rescued(world: World):
    job = _begun(world)
    cancel(world.store, world.bells, job, world.clock())
    assert _sweep(world).round() == Swept()
    world.runner(ScriptedReader(extraction())).run(job.job_id)
    assert world.job(job.job_id).status is JobStatus.CANCELLED


def test_what_a_lost_attempt_wrote_is_deleted_and_a_result_is_not(world: World):
    done = world.submit(b"1", type=JobType.PARSE)
    world.runner().run(done.job_id)
    lost = world.submit(b"2", type=JobType.PARSE)
    for job_id in (lost.job_id, uuid4()):
        with world.store.renditions.draft() as draft:
            (draft / "result.json").write_text("{}")
            world.store.renditions.adopt("acme", job_id, draft)
    cancel(world.store, world.bells, world.job(lost.job_id), world.clock())
    _sweep(world).round()
    assert list(world.store.renditions.kept()) == [("acme", done.job_id)]


def test_what_was_kept_long_enough_is_deleted_with_its_pictures(world: World):
    job = world.submit(b"1", type=JobType.PARSE)
    world.runner().run(job.job_id)
    world.clock.forward(dt.timedelta(days=31))
    assert _sweep(world, keep_days=30).round().expired == 1
    assert list(world.store.renditions.kept()) == []
