"""How far an attempt is, written to the row often enough to be true and seldom enough to cost nothing."""

import time
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from app.model.job import Job
from app.model.progress import Stage
from app.storage.protocols import Jobs

WRITE_SECONDS: Final = 0.25
LOOK_SECONDS: Final = 0.2
_JUDGING: Final = 95
_LAST: Final = 99


class Progress:
    """Of one attempt at one job. Never goes back, and reaches 100 only with the job's end."""

    def __init__(self, jobs: Jobs, job: Job) -> None:
        self._jobs = jobs
        self._job = job
        self._stage = job.stage
        self._percent = 0
        self._lost = False
        self._unwritten = False
        self._written = self._looked = self._begun = time.monotonic()
        self._seconds: dict[Stage, float] = {}

    def watch(self, stage: Stage, percent: int) -> None:
        """Told by the reader. What is not worth a write yet is written when the reader asks on."""
        self._percent = max(self._percent, min(percent, _LAST))
        self._unwritten = True
        if stage is not self._stage:
            self._count()
            self._stage = stage
        self._write()

    def validating(self) -> None:
        """Reading is over."""
        self.watch(Stage.VALIDATING, _JUDGING)

    def reached(self, job: Job) -> Job:
        """The job with how far this attempt came."""
        return replace(job, stage=self._stage, progress=self._percent)

    def cancelled(self) -> bool:
        """Whether the attempt is no longer wanted: cancelled, or its job given to another."""
        self._write()
        if not self._lost and time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self._lost = not self._jobs.current(self._job)
        return self._lost

    def finished(self) -> Mapping[Stage, float]:
        """Seconds by stage, the last one ended now."""
        self._count()
        return self._seconds

    def _count(self) -> None:
        now = time.monotonic()
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._begun
        self._begun = now

    def _write(self) -> None:
        if not self._unwritten or time.monotonic() - self._written < WRITE_SECONDS:
            return
        self._unwritten = False
        self._written = time.monotonic()
        self._lost = not self._jobs.beat(self._job, self._stage, self._percent)
