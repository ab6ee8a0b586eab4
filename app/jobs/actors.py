"""What travels through the queue: ids, nothing else. The actors are declared on the broker handed in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol
from uuid import UUID

import dramatiq
import structlog
from dramatiq import Actor, Broker

from app.jobs.broker.opened import enqueue_all

RUN_QUEUE: Final = "jobs"
DELIVER_QUEUE: Final = "webhooks"
_TOO_LONG_MS: Final = 24 * 3600 * 1000
"""Time limits are held elsewhere: an exception thrown into a thread cannot stop native code."""

_log = structlog.get_logger("jobs")


class Work(Protocol):
    """What a worker does with an id."""

    def run(self, job_id: UUID) -> None:
        """Make an attempt at a job."""

    def deliver(self, message_id: str) -> None:
        """Make an attempt at a webhook."""


class Actors:
    """The actors of one broker, and the doorbell made of them. A process that only rings employs nobody."""

    def __init__(self, broker: Broker) -> None:
        self._work: Work | None = None
        self._run = _declare(broker, "run_job", RUN_QUEUE, lambda it: self._worker().run(UUID(it)))
        self._deliver = _declare(
            broker, "deliver_webhook", DELIVER_QUEUE, lambda it: self._worker().deliver(it)
        )

    def employ(self, work: Work) -> None:
        """Say who does the work in this process, before its worker starts."""
        self._work = work

    def job(self, job_id: UUID, delay_ms: int = 0) -> None:
        """There is a job to run, now or after a pause."""
        _ring(self._run, str(job_id), delay_ms)

    def jobs(self, job_ids: Sequence[UUID]) -> None:
        """There are several jobs to run, now."""
        with _never_the_callers_trouble(self._run):
            enqueue_all(self._run.broker, [self._run.message(str(job_id)) for job_id in job_ids])

    def message(self, message_id: str, delay_ms: int = 0) -> None:
        """There is a webhook to send, now or after a pause."""
        _ring(self._deliver, message_id, delay_ms)

    def _worker(self) -> Work:
        if self._work is None:
            raise RuntimeError("this process rings, it does not work")
        return self._work


def _declare(broker: Broker, name: str, queue: str, do: Callable[[str], object]) -> Actor[[str], None]:
    def act(some_id: str) -> None:
        do(some_id)

    # What goes wrong with a document is settled in its row; an exception here is trouble of the store.
    options = {"max_retries": 10, "min_backoff": 500, "max_backoff": 20_000, "time_limit": _TOO_LONG_MS}
    known: dict[str, Any] = {it: value for it, value in options.items() if it in broker.actor_options}
    declared: Actor[[str], None] = dramatiq.actor(broker=broker, actor_name=name, queue_name=queue, **known)(
        act
    )
    return declared


def _ring(actor: Actor[[str], None], some_id: str, delay_ms: int) -> None:
    options: dict[str, Any] = {"delay": delay_ms} if delay_ms > 0 else {}
    with _never_the_callers_trouble(actor):
        actor.send_with_options(args=(some_id,), **options)


@contextmanager
def _never_the_callers_trouble(actor: Actor[[str], None]) -> Iterator[None]:
    """A queue that refuses is only noted: the sweep rings again for what stands in the rows."""
    try:
        yield
    except Exception as problem:  # noqa: BLE001 - any broker's any trouble
        _log.warning("a ring was lost", actor=actor.actor_name, problem=type(problem).__name__)
