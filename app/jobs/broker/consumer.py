"""Takes one queue's messages out of the table for one worker."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from dramatiq import Consumer, DecodeError, Message, MessageProxy
from dramatiq.errors import BrokerConnectionError

from app.jobs.broker.bell import Bell
from app.jobs.broker.messages import Messages, Row
from app.jobs.broker.presence import Presence

BRISK_SECONDS: Final = 0.004
"""The pause between two looks just after there was work."""
CALM_SECONDS: Final = 0.02
"""The pause after a quiet while: a look costs some microseconds, the latency is half of this."""
CALMING: Final = 1.05
"""By what the pause grows with each look in vain."""
RECHECK_SECONDS: Final = 1.0
"""How long an empty queue is believed to be empty with nothing having changed; heals a clock that jumped."""
ROUNDS_SECONDS: Final = 0.5
"""How often one looks for messages of the dead."""


class Delivery(MessageProxy):
    """A message in the hands of a worker, and the row it is."""

    def __init__(self, message: Message[Any], seq: int) -> None:
        super().__init__(message)
        self.seq = seq


@contextmanager
def storage_trouble_is_passing() -> Iterator[None]:
    """A full disk or a lock held for long is what Dramatiq waits out and tries again."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BrokerConnectionError(f"The queue cannot be written: {error}.") from error


class SqliteConsumer(Consumer):
    """An iterator over one queue that gives `None` when it has waited in vain."""

    def __init__(  # noqa: PLR0913 - what it works with; only the broker makes one
        self,
        messages: Messages,
        presence: Presence,
        bell: Bell,
        clock: Callable[[], int],
        in_hand: set[int],
        *,
        queue: str,
        prefetch: int,
        timeout: int,
    ) -> None:
        self._messages = messages
        self._presence = presence
        self._bell = bell
        self._clock = clock
        self._in_hand = in_hand
        self._queue = queue
        self._slots = Slots(prefetch)
        self._timeout = timeout / 1000
        self._fetched: deque[Row] = deque()
        self._pause = BRISK_SECONDS
        self._next_round = 0.0
        self._seen = (-1, -1)
        self._believed_until = 0.0
        self._due: int | None = None
        self._heard = 0

    def __next__(self) -> MessageProxy | None:
        """The next message, or `None` after the idle time."""
        deadline = time.monotonic() + self._timeout
        with storage_trouble_is_passing():
            while (delivery := self._look()) is None:
                rest = deadline - time.monotonic()
                if rest <= 0:
                    return None
                self._rest(rest)
        self._pause = BRISK_SECONDS
        return delivery

    def ack(self, message: MessageProxy) -> None:
        """The message was worked off."""
        with storage_trouble_is_passing():
            self._messages.remove(_seq(message))
        self._let_go(message)

    def nack(self, message: MessageProxy) -> None:
        """The message is refused for good."""
        with storage_trouble_is_passing():
            self._messages.bury(_seq(message))
        self._let_go(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """The messages go back to where they were, for anybody."""
        self._give_back({_seq(message) for message in messages})
        self._bell.ring()

    def close(self) -> None:
        """Give back what was taken and not yet handed on."""
        fetched, self._fetched = self._fetched, deque()
        self._give_back({row.seq for row in fetched})

    def _give_back(self, seqs: set[int]) -> None:
        """Should the disk refuse, they are no longer in hand, and the next consumer gives them back."""
        self._in_hand.difference_update(seqs)
        with storage_trouble_is_passing():
            self._messages.free(seqs)

    def _look(self) -> Delivery | None:
        self._heard = self._bell.count()
        self._make_rounds()
        if not self._fetched and self._slots.free and self._is_worth_a_look():
            self._fetch()
        return self._hand_on()

    def _hand_on(self) -> Delivery | None:
        while self._fetched:
            row = self._fetched.popleft()
            try:
                return Delivery(Message.decode(row.body), row.seq)
            except DecodeError:
                self._in_hand.discard(row.seq)
                self._slots.give()
                self._messages.bury(row.seq)
        return None

    def _is_worth_a_look(self) -> bool:
        """False while nothing can have come since the queue was found empty."""
        if time.monotonic() >= self._believed_until or (self._due is not None and self._due <= self._clock()):
            return True
        return self._signs() != self._seen

    def _signs(self) -> tuple[int, int]:
        """What changes when a message may have come: from another connection, from this process."""
        return self._messages.version(), self._bell.count()

    def _fetch(self) -> None:
        signs, now, wanted = self._signs(), self._clock(), self._slots.free
        rows = self._messages.take(self._queue, self._presence.name, now, wanted)
        self._in_hand.update(row.seq for row in rows)
        self._slots.take(len(rows))
        self._fetched.extend(rows)
        if len(rows) < wanted:
            self._seen = signs
            self._believed_until = time.monotonic() + RECHECK_SECONDS
            self._due = self._messages.next_due(self._queue, now)
        else:
            self._believed_until = 0.0

    def _make_rounds(self) -> None:
        """Free what the dead held, now and then."""
        if time.monotonic() < self._next_round:
            return
        self._next_round = time.monotonic() + ROUNDS_SECONDS
        for name in self._messages.holders():
            with self._presence.burying(name) as dead:
                if dead:
                    self._messages.free_held_by(name)
                    self._believed_until = 0.0

    def _rest(self, longest: float) -> None:
        """Wait for a sign; of other processes it is looked for often at first, then ever more seldom."""
        pause = self._pause if self._slots.free else longest
        self._pause = min(self._pause * CALMING, CALM_SECONDS)
        self._bell.wait(self._heard, min(pause, longest))

    def _let_go(self, message: MessageProxy) -> None:
        self._in_hand.discard(_seq(message))
        self._slots.give()
        self._bell.ring()


class Slots:
    """How many more messages the worker may be handed; counted by several threads."""

    def __init__(self, free: int) -> None:
        self._guard = threading.Lock()
        self.free = free

    def take(self, count: int) -> None:
        """So many are in use now."""
        with self._guard:
            self.free -= count

    def give(self) -> None:
        """One is free again."""
        with self._guard:
            self.free += 1


def _seq(message: MessageProxy) -> int:
    if not isinstance(message, Delivery):
        raise TypeError("Only a message that this broker delivered can be given back to it.")
    return message.seq
