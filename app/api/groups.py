"""Blocking work of many requests, done by one thread for all that wait.

A thread for each request would spend more time on changing places with the others than on the work, and each
would wait for the disk by itself.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LARGEST: Final = 64
"""How many are done at once; the others wait for the next time, as do those that come meanwhile."""


class Groups(Generic[T, R]):
    """Does what the tasks of one event loop bring."""

    def __init__(self, name: str, work: Callable[[Sequence[T]], Sequence[R | Exception]]) -> None:
        """`work` runs in a thread of that name; it gives an outcome for each, or raises for all."""
        self._work = work
        self._thread = ThreadPoolExecutor(1, name)
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._busy = False

    async def do(self, item: T) -> R:
        """What the work gives for `item`.

        Raises:
            Exception: what it gives or raises instead.
        """
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if not self._busy:
            self._begin()
        return await answer

    def close(self) -> None:
        """End the thread, after what it is doing."""
        self._thread.shutdown()

    def _begin(self) -> None:
        group, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
        self._busy = True
        items, answers = [item for item, _ in group], [answer for _, answer in group]
        done = asyncio.get_running_loop().run_in_executor(self._thread, self._work, items)
        done.add_done_callback(partial(self._end, answers))

    def _end(
        self, answers: Sequence[asyncio.Future[R]], done: asyncio.Future[Sequence[R | Exception]]
    ) -> None:
        self._busy = False
        if self._waiting:
            self._begin()
        problem = asyncio.CancelledError() if done.cancelled() else done.exception()
        outcomes = [problem] * len(answers) if problem is not None else done.result()
        for answer, outcome in zip(answers, outcomes, strict=True):
            _tell(answer, outcome)


def _tell(answer: asyncio.Future[R], outcome: R | BaseException) -> None:
    if answer.done():  # whoever asked has gone
        return
    if isinstance(outcome, BaseException):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
