"""Everything a worker process works with, one reader for each of its threads."""

import datetime as dt
import os
import socket
import threading
from collections.abc import Callable
from uuid import UUID

from app.jobs.consultant import Consultant
from app.jobs.doorbell import Doorbell
from app.jobs.judging import Judge
from app.jobs.outbound import Poster
from app.jobs.run import Reader, Runner
from app.jobs.webhooks import Courier
from app.storage.protocols import Store


class Workshop:
    """Runs jobs and delivers webhooks by their ids, in any number of threads."""

    def __init__(  # noqa: PLR0913 - what a worker works with, all by keyword
        self,
        *,
        store: Store,
        doorbell: Doorbell,
        judge: Judge,
        reader: Callable[[], Reader],
        poster: Poster,
        clock: Callable[[], dt.datetime],
        packages: tuple[str, ...] = (),
        consultant: Consultant | None = None,
    ) -> None:
        self._store = store
        self._doorbell = doorbell
        self._judge = judge
        self._reader = reader
        self._clock = clock
        self._packages = packages
        self._consultant = consultant
        self._courier = Courier(store, doorbell, poster, clock)
        self._own = threading.local()
        self._readers: list[Reader] = []

    def run(self, job_id: UUID) -> None:
        """Make an attempt at a job."""
        self._runner().run(job_id)

    def deliver(self, message_id: str) -> None:
        """Make an attempt at a webhook."""
        self._courier.deliver(message_id)

    def close(self) -> None:
        """End the readers' processes; to be called when no job is running any more."""
        for reader in self._readers:
            reader.close()
        self._readers.clear()

    def _runner(self) -> Runner:
        runner: Runner | None = getattr(self._own, "runner", None)
        if runner is None:
            reader = self._reader()
            self._readers.append(reader)
            runner = self._own.runner = Runner(
                store=self._store,
                doorbell=self._doorbell,
                reader=reader,
                judge=self._judge,
                worker=f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}",
                clock=self._clock,
                packages=self._packages,
                consultant=self._consultant,
            )
        return runner
