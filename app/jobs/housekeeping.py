"""A thread that sweeps, for the life of a process."""

import threading
from typing import Final

import structlog

from app.jobs.sweep import Sweep

EVERY_SECONDS: Final = 2.0
_log = structlog.get_logger("sweep")


class Housekeeping:
    """Sweeps every few seconds until it is stopped; whatever goes wrong in one round, the next follows.

    Of all processes over a store one does it at a time: another takes over when that one ends.
    """

    def __init__(self, sweep: Sweep, every_seconds: float = EVERY_SECONDS) -> None:
        self._sweep = sweep
        self._every = every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._sweep.turn() as mine:
                while mine and not self._stop.is_set():
                    self._round()
            self._stop.wait(self._every)

    def _round(self) -> None:
        try:
            self._sweep.round()
        except Exception as problem:  # noqa: BLE001 - a full disk today is an empty one tomorrow
            _log.warning("a round of the sweep failed", problem=type(problem).__name__)
        self._stop.wait(self._every)
