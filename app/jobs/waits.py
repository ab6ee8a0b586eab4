"""How long things have been seen waiting, by a clock that cannot jump."""

import time
from collections.abc import Hashable, Mapping
from typing import Generic, NamedTuple, TypeVar

Name = TypeVar("Name", bound=Hashable)


class _Wait(NamedTuple):
    since: float
    rings: int = 0


class Waits(Generic[Name]):
    """What one process saw waiting, and how often it has rung for it."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._waits: dict[Name, _Wait] = {}

    def late(self, pauses: Mapping[Name, float]) -> list[Name]:
        """Which of those waiting now are to be rung for; what is not among them any more is forgotten.

        Each is after its pause and some patience, then ever more seldom.
        """
        now = time.monotonic()
        self._waits = {name: self._waits.get(name) or _Wait(now) for name in pauses}
        late = [name for name, wait in self._waits.items() if now >= self._end(wait, pauses[name])]
        for name in late:
            self._waits[name] = _Wait(now, self._waits[name].rings + 1)
        return late

    def _end(self, wait: _Wait, pause: float) -> float:
        return wait.since + (pause + self._patience) * 2.0**wait.rings
