"""What travels through the queue: ids, nothing else. The actors are declared on the broker handed in."""

from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID

import dramatiq
import structlog
from dramatiq import Actor, Broker

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
    """A queue that refuses is not the caller's trouble: the sweep rings again for what stands in the rows."""
    options: dict[str, Any] = {"delay": delay_ms} if delay_ms > 0 else {}
    try:
        actor.send_with_options(args=(some_id,), **options)
    except Exception as problem:  # noqa: BLE001 - any broker's any trouble
        _log.warning("a ring was lost", actor=actor.actor_name, problem=type(problem).__name__)
