"""The broker: declares queues, takes messages in, hands out consumers."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dramatiq import Broker, Consumer, Message, Middleware, QueueJoinTimeout, QueueNotFound
from dramatiq.common import current_millis, q_name

from app.jobs.broker.bell import Bell
from app.jobs.broker.consumer import SqliteConsumer, storage_trouble_is_passing
from app.jobs.broker.messages import Messages
from app.jobs.broker.presence import Presence

JOIN_SECONDS: Final = 0.01
"""The pause between two looks of `join`."""

_NOT_KEPT: Final = frozenset({"eta", "traceback"})
"""Message options that stay out of the file: the time has a column, and a traceback may quote a document."""


class SqliteBroker(Broker):
    """Messages in one SQLite file, shared by all processes of one machine.

    A message is on disk when `enqueue` returns. It is held by the process that takes it and removed when
    it was worked off; if that process dies, by any signal, its messages are free again within a second. So a
    message is delivered at least once, and to a second process only after the death of the first.

    It knows nothing of the caller's transactions: ring only after the job's row is committed.

    `in_hand` says by queue how many messages one process may have taken and not yet worked off, where that is
    not to be what its worker asks for every queue.
    """

    def __init__(
        self,
        path: Path,
        middleware: list[Middleware] | None = None,
        *,
        clock: Callable[[], int] = current_millis,
        in_hand: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(middleware)
        self.queues: dict[str, None] = {}
        self._messages = Messages(path)
        self._presence = Presence(path.with_name(path.name + ".holders"))
        self._bell = Bell()
        self._clock = clock
        self._in_hand = in_hand or {}
        self._taken: set[int] = set()
        self._messages.create()

    def declare_queue(self, queue_name: str) -> None:
        """Make a queue known; again has no effect. A delay is a column, so there are no delay queues."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        """Put a message in, to be taken at once or after `delay` milliseconds.

        Raises QueueNotFound for a queue that was not declared, ConnectionError when the disk refuses.
        """
        return self.enqueue_all([message], delay=delay)[0]

    def enqueue_all(
        self, messages: Sequence[Message[Any]], *, delay: int | None = None
    ) -> list[Message[Any]]:
        """Put several messages in, all or none, as `enqueue` puts one."""
        eta = 0 if delay is None else self._clock() + delay
        stored = [self._stored(message, delay, eta) for message in messages]
        for message in stored:
            self.emit_before("enqueue", message, delay)
        rows = [(it.queue_name, eta, _encoded(it, keep_eta=delay is None)) for it in stored]
        with storage_trouble_is_passing():
            self._messages.add(rows)
        self._bell.ring()
        for message in stored:
            self.emit_after("enqueue", message, delay)
        return stored

    def _stored(self, message: Message[Any], delay: int | None, eta: int) -> Message[Any]:
        queue = self._known(q_name(message.queue_name))
        return message.copy(queue_name=queue) if delay is None else _delayed(message, queue, eta)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """An iterator over a queue's messages; `timeout` is its idle time in milliseconds."""
        self._known(queue_name)
        with storage_trouble_is_passing():
            self._presence.announce()
            self._messages.free_forgotten(queue_name, self._presence.name, self._taken)
        return SqliteConsumer(
            self._messages,
            self._presence,
            self._bell,
            self._clock,
            self._taken,
            queue=queue_name,
            prefetch=self._in_hand.get(queue_name, prefetch),
            timeout=timeout,
        )

    def flush(self, queue_name: str) -> None:
        """Drop all messages of a queue, its dead letters too."""
        self._messages.clear(self._known(queue_name))

    def flush_all(self) -> None:
        """Drop all messages of all declared queues."""
        for queue in self.queues:
            self.flush(queue)

    def join(self, queue_name: str, *, timeout: int | None = None) -> None:
        """Wait until a queue has no message left, also none put off or in work; for tests.

        Raises QueueJoinTimeout after `timeout` milliseconds.
        """
        queue = self._known(queue_name)
        deadline = None if timeout is None else time.monotonic() + timeout / 1000
        while self._messages.count(queue):
            if deadline is not None and time.monotonic() >= deadline:
                raise QueueJoinTimeout(queue_name)
            time.sleep(JOIN_SECONDS)

    def count(self, queue_name: str) -> int:
        """Messages of a queue not yet worked off: waiting, put off and in work."""
        return self._messages.count(self._known(queue_name))

    def dead_letters(self, queue_name: str) -> list[Message[Any]]:
        """The newest messages of a queue that were refused for good, oldest first."""
        return [Message.decode(body) for body in self._messages.dead(self._known(queue_name))]

    def close(self) -> None:
        """Close the file; what this process still holds is free for the others."""
        self._messages.free_held_by(self._presence.name)
        self._presence.leave()
        self._messages.close()

    def _known(self, queue: str) -> str:
        if queue not in self.queues:
            raise QueueNotFound(queue)
        return queue


def _delayed(message: Message[Any], queue: str, eta: int) -> Message[Any]:
    copied: Message[Any] = message.copy(queue_name=queue, options={"eta": eta})
    return copied


def _encoded(message: Message[Any], *, keep_eta: bool) -> bytes:
    dropped = _NOT_KEPT - {"eta"} if keep_eta else _NOT_KEPT
    options = {name: value for name, value in message.options.items() if name not in dropped}
    fields = {**message.asdict(), "options": options}
    return Message(**fields).encode()
