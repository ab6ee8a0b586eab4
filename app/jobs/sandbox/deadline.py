"""How long one document may take: a base, and more for its size and for every page that gets done."""

import time
from pathlib import Path

from app.model.limits import Limits


class Deadline:
    """The time left for one document, by a clock that nobody sets."""

    def __init__(self, limits: Limits, path: Path) -> None:
        self._limits = limits
        self._started = time.monotonic()
        self._steps = 0
        self._size = path.stat().st_size if path.exists() else 0

    def earn_step(self) -> None:
        """A page was read or recognised: the next one gets its time too."""
        self._steps += 1

    def rest(self) -> float:
        """Seconds left, 0 when it is over."""
        allowed = self._limits.allowed_seconds(self._size, self._steps)
        return max(0.0, self._started + allowed - time.monotonic())

    def stand_still(self, seconds: float) -> None:
        """Time was spent on something that is not the reader's doing."""
        self._started += seconds

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        seconds = self._limits.allowed_seconds(self._size, self._steps)
        return f"Reading this file took longer than the {seconds:.0f} seconds that it may take."
