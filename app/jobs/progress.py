"""How far an attempt is, written to the row often enough to be true and seldom enough to cost nothing."""

import time
from typing import Final

from msgspec.structs import replace

from app.model.job import Job
from app.model.progress import Stage
from app.storage.protocols import Jobs

WRITE_SECONDS: Final = 0.5
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
        self._written = 0.0
        self._looked = time.monotonic()

    def watch(self, stage: Stage, percent: int) -> None:
        """Told by the reader."""
        self._percent = max(self._percent, min(percent, _LAST))
        if stage is not self._stage or time.monotonic() - self._written >= WRITE_SECONDS:
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
        if not self._lost and time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            self._lost = not self._jobs.current(self._job)
        return self._lost

    def _write(self) -> None:
        self._written = time.monotonic()
        self._lost = not self._jobs.beat(self._job, self._stage, self._percent)
