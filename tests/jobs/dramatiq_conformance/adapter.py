"""The SQLite broker with the doors that Dramatiq's own tests open on their StubBroker.

Nothing of the broker is replaced: what is added looks into its table, and remembers in memory the exceptions that
StubBroker's `join` raises again in the test's thread.
"""

import time
from pathlib import Path
from queue import Empty

from dramatiq import Message, MessageProxy, Middleware
from dramatiq.brokers.stub import _StubMessageProxy
from dramatiq.common import dq_name

from app.jobs.broker import SqliteBroker


class QueueView:
    """What the tests ask of `broker.queues[name]`, answered from the table."""

    def __init__(self, broker: "SqliteStubBroker", name: str) -> None:
        self._broker = broker
        self._name = name

    def qsize(self) -> int:
        query = "SELECT count(*) FROM messages WHERE queue = ? AND holder IS NULL"
        return self._broker._messages._db.execute(query, (self._name,)).fetchone()[0]

    @property
    def unfinished_tasks(self) -> int:
        return self._broker.count(self._name)

    def put(self, body: bytes) -> None:
        self._broker._messages.add([(self._name, 0, body)])

    def get(self, timeout: float) -> bytes:
        deadline = time.monotonic() + timeout
        while not (rows := self._broker._messages.take(self._name, "a test", 0, 1)):
            if time.monotonic() > deadline:
                raise Empty
            time.sleep(0.01)
        return rows[0].body


class _Failures(Middleware):
    """Keeps the exception of every message that was rejected."""

    def __init__(self) -> None:
        self.by_queue: dict[str, list[BaseException]] = {}

    def before_nack(self, broker, message) -> None:
        if _StubMessageProxy.clear_exception is MessageProxy.clear_exception:
            return  # a test of exceptions that leak has asked StubBroker to keep none either
        error = message._exception or Exception("Message failed with unknown error")
        self.by_queue.setdefault(message.queue_name, []).append(error)


class SqliteStubBroker(SqliteBroker):
    """StubBroker's surface over the real thing."""

    fail_fast_default = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._failures = _Failures()
        self.middleware.append(self._failures)  # not add_middleware: tests look at positions from the front

    def declare_queue(self, queue_name: str) -> None:
        super().declare_queue(queue_name)
        self.queues[queue_name] = QueueView(self, queue_name)
        self.queues.setdefault(dq_name(queue_name), QueueView(self, dq_name(queue_name)))

    def get_declared_queues(self) -> set[str]:
        return {name for name in self.queues if not name.endswith(".DQ")}

    @property
    def dead_letters(self) -> list[Message]:
        bodies = (body for queue in self.get_declared_queues() for body in self._messages.dead(queue))
        return [Message.decode(body) for body in bodies]

    def join(self, queue_name, *, timeout=None, fail_fast=None) -> None:
        super().join(queue_name, timeout=timeout)
        failed = self._failures.by_queue.get(queue_name, [])
        if failed and (self.fail_fast_default if fail_fast is None else fail_fast):
            raise failed[0] from None

    def flush_all(self) -> None:
        super().flush_all()
        self._failures.by_queue.clear()
