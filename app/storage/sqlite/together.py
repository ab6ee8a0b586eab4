"""One commit for what several threads write at the same time.

Making a commit durable takes the disk a few milliseconds, whether one row is in it or fifty. A thread that
has something to write while another one's commit is under way waits for its end; then one of those that wait
writes for all of them.
"""

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Writes(Protocol):
    """Transactions of the calling thread."""

    def all_or_none(self, errands: "list[Errand[object]]") -> None:
        """Do every errand in one durable transaction, undoing alone those that fail.

        Raises:
            Exception: when none of them is kept.
        """


class Errand(Generic[T]):
    """Something to write, brought by one thread and done by whichever leads."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._called = threading.Semaphore(0)
        self._given: T | None = None
        self._problem: BaseException | None = None
        self._over = False

    def do(self) -> None:
        """Do it, and keep what it gives.

        Raises:
            Exception: whatever the work does.
        """
        self._given = self._work()

    def fail(self, problem: BaseException) -> None:
        """Note that nothing of it is kept, unless a reason was noted before."""
        self._problem = self._problem or problem

    def end(self) -> None:
        """Let the thread that brought it go on."""
        self._over = True
        self._called.release()

    def call_to_lead(self) -> None:
        """Let the thread that brought it do it, with all that wait."""
        self._called.release()

    def over(self) -> bool:
        """Wait; whether it was done by another thread, else this one leads now."""
        self._called.acquire()
        return self._over

    def outcome(self) -> T:
        """What it gave.

        Raises:
            BaseException: what it failed of.
        """
        if self._problem is not None:
            raise self._problem
        return self._given  # type: ignore[return-value]  # what the work gave, which may be None


class Together:
    """Brings the writes of a process's threads together."""

    def __init__(self, writes: Writes) -> None:
        self._writes = writes
        self._guard = threading.Lock()
        self._waiting: list[Errand[object]] = []
        self._led = False

    def run(self, work: Callable[[], T]) -> T:
        """Do `work`, which may run in another thread, and return when it is durable.

        Raises:
            Exception: what the work raises, of which nothing is kept then, or what kept the commit.
        """
        mine = Errand(work)
        with self._guard:
            self._waiting.append(mine)  # type: ignore[arg-type]  # what it gives is its owner's business
            leads, self._led = not self._led, True
        if leads or not mine.over():
            self._lead()
        return mine.outcome()

    def _lead(self) -> None:
        with self._guard:
            errands, self._waiting = self._waiting, []
        try:
            self._writes.all_or_none(errands)
        except BaseException as problem:  # noqa: BLE001 - each thread raises it where it waits
            for errand in errands:
                errand.fail(problem)
        finally:
            self._hand_on()
            for errand in errands:
                errand.end()

    def _hand_on(self) -> None:
        with self._guard:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0].call_to_lead()
