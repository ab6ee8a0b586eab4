"""Wakes the consumers of this process the moment something in it changes."""

import threading


class Bell:
    """A counter that can be waited on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0

    def ring(self) -> None:
        """Wake all that wait."""
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def count(self) -> int:
        """How often it has rung."""
        return self._rung

    def wait(self, seen: int, seconds: float) -> int:
        """Return when it has rung since it was `seen`, or after `seconds`; gives the count."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung != seen, seconds)
            return self._rung
