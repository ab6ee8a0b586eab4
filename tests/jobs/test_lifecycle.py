import datetime as dt
import tempfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from msgspec.structs import replace
from world import START, VERDICT, World, extraction

from app.errors import InternalError, Unreadable
from app.jobs import lifecycle
from app.jobs.ending import Outcome, write
from app.jobs.lifecycle import MAX_ATTEMPTS, TRANSITIONS, Event, IllegalTransition, allowed
from app.model.job import TERMINAL, Job, JobStatus
from app.storage.records import Usage

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_MOVES = {
    Event.START: lambda job: lifecycle.start(job, START, "w"),
    Event.COMPLETE: lambda job: lifecycle.complete(
        job, START, extraction=extraction(), verdict=VERDICT, decision="review", ms=5, cached=False
    ),
    Event.RETRY: lambda job: lifecycle.retry(job, START, InternalError("x")),
    Event.FAIL: lambda job: lifecycle.give_up(job, START, Unreadable("x"), 5),
    Event.CANCEL: lambda job: lifecycle.cancel(job, START),
}


@pytest.fixture
def job(world: World) -> Job:
    return world.submit()


@pytest.mark.parametrize(("status", "event"), list(product(JobStatus, Event)))
def test_a_move_happens_exactly_when_the_table_has_it(job: Job, status: JobStatus, event: Event):
    standing = replace(job, status=status, attempt_count=1)
    if allowed(status, event):
        moved = _MOVES[event](standing)
        assert moved.status is TRANSITIONS[status, event]
        assert moved.version == standing.version + 1
    else:
        with pytest.raises(IllegalTransition):
            _MOVES[event](standing)


def test_nothing_leads_out_of_a_terminal_state():
    assert not [status for status, _ in TRANSITIONS if status in TERMINAL]


def test_every_state_can_be_reached():
    reached = {JobStatus.PENDING}
    while more := {after for (before, _), after in TRANSITIONS.items() if before in reached} - reached:
        reached |= more
    assert reached == set(JobStatus)


def test_a_job_never_ends_before_it_began_whatever_the_clock_says(job: Job):
    earlier = job.queued_at - dt.timedelta(days=3)
    ended = lifecycle.give_up(lifecycle.start(job, earlier, "w"), earlier, Unreadable("x"), 5)
    assert job.queued_at <= ended.started_at <= ended.completed_at


def test_the_third_death_of_a_worker_is_the_jobs_end(job: Job):
    for _ in range(MAX_ATTEMPTS):
        job = lifecycle.abandon(lifecycle.start(job, START, "w"), START)
    assert (job.status, job.error_code) == (JobStatus.FAILED, "INTERNAL_ERROR")


def test_after_a_death_the_next_attempt_need_not_wait(job: Job):
    assert lifecycle.abandon(lifecycle.start(job, START, "w"), START).retry_at is None


class Lives(RuleBasedStateMachine):
    """Any number of writers with any old knowledge of a row: it only ever moves legally, and ends once."""

    seen = Bundle("what writers know of jobs")

    def __init__(self) -> None:
        super().__init__()
        # In memory where there is such a folder: what is tried here needs no disk that keeps its word.
        self._folder = tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)
        self.world = World(Path(self._folder.name) / "data")
        self.last: dict[object, Job] = {}
        self.ended: dict[object, int] = {}

    def teardown(self) -> None:
        self.world.store.close()
        self._folder.cleanup()

    @rule(target=seen)
    def submit(self) -> Job:
        job = self.world.submit(callback_url="https://example.com/hook")
        self.last[job.job_id] = job
        return job

    @rule(target=seen, known=seen)
    def look(self, known: Job) -> Job:
        return self.world.job(known.job_id)

    @rule(known=seen, event=st.sampled_from(Event))
    def move(self, known: Job, event: Event) -> None:
        before = self.world.job(known.job_id)
        if not allowed(known.status, event):
            return
        after = _MOVES[event](known)
        result = extraction() if event is Event.COMPLETE else None
        outcome = Outcome(before=known, after=after, extraction=result, verdict=VERDICT if result else None)
        written = write(self.world.store, self.world.bells, outcome)
        assert written == (known.version == before.version), "only the latest knowledge may write"
        now = self.world.job(known.job_id)
        assert now.status is (after.status if written else before.status)
        if written and now.over:
            self.ended[now.job_id] = self.ended.get(now.job_id, 0) + 1

    @rule(known=seen, percent=st.integers(0, 99))
    def beat(self, known: Job, percent: int) -> None:
        before = self.world.job(known.job_id)
        written = self.world.store.jobs.beat(known, known.stage, percent)
        assert written == (known.version == before.version)

    @rule(known=consumes(seen))
    def forget(self, known: Job) -> None:
        """A writer dies."""

    @invariant()
    def what_is_over_ended_once_and_has_what_belongs_to_it(self) -> None:
        for job_id in self.last:
            job = self.world.job(job_id)
            assert job.over == (self.ended.get(job_id, 0) == 1)
            assert (self.world.store.results.get(job) is not None) == (job.status is JobStatus.COMPLETED)
            assert (self.world.store.messages.of(job_id) is not None) == job.over

    @invariant()
    def usage_counts_the_rows(self) -> None:
        used = self.world.store.usages.get(self.world.key.key_id, f"{START:%Y-%m}")
        stand = [self.world.job(job_id).status for job_id in self.last]
        assert used == Usage(
            key_id=self.world.key.key_id,
            month=f"{START:%Y-%m}",
            jobs=len(stand),
            completed=stand.count(JobStatus.COMPLETED),
            failed=stand.count(JobStatus.FAILED),
            cancelled=stand.count(JobStatus.CANCELLED),
            pages=2 * stand.count(JobStatus.COMPLETED),
            bytes=used.bytes,
        )


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
