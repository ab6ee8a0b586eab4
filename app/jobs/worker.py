"""A worker process: takes messages from the queue and does what they ask."""

import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dramatiq import Broker, Worker

from app.jobs.actors import DELIVER_QUEUE, RUN_QUEUE, Actors
from app.jobs.broker import open_broker
from app.jobs.examining import PACKAGES, ExaminingReader, reader_process
from app.jobs.housekeeping import Housekeeping
from app.jobs.judging import RulesJudge
from app.jobs.outbound import GuardedPoster
from app.jobs.sandbox import ReaderProcess
from app.jobs.supervisor.outset import Outset
from app.jobs.sweep import Sweep
from app.jobs.workshop import Workshop
from app.model.extraction import Extraction
from app.model.limits import limits_of
from app.model.options import Options
from app.model.progress import Watch
from app.model.segment import Parsed, Parsing, Target
from app.settings import Settings
from app.storage.protocols import Store
from app.storage.sqlite.store import open_store, utc_now
from app.validation.configured import announced, configured

LANES: Final[Mapping[str, int]] = MappingProxyType({RUN_QUEUE: 1, DELIVER_QUEUE: 8})
"""How many messages of each queue are in hand, each with a thread of its own: no process keeps one waiting
that another could take, a long document holds up no webhook, and a slow receiver not every other one."""
IDLE_MS: Final = 500
"""How soon an idle thread notices that it is to end."""
HAND_BACK_SHARE: Final = 0.8
"""After this part of the time to finish, a job that is still running is handed back."""


def run(outset: Outset) -> None:
    """Work until SIGTERM; then finish what is in hand, or hand it back when that takes too long."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _kind, _frame: ended.set())
    settings = outset.settings
    with closing(open_store(settings.data)) as store, closing(open_broker(settings, LANES)) as broker:
        reader = SharedReader(reader_process(limits_of(settings), configured(settings)))
        employment = employ(settings, store, broker, reader)
        reader.start()
        employment.start()
        outset.ready()
        ended.wait()
        employment.stop()


class SharedReader:
    """One reading process for all threads of this one, of which one reads at a time."""

    def __init__(self, reader: ReaderProcess | ExaminingReader) -> None:
        self._reader = reader
        self._turn = threading.Lock()
        self._handing_back = threading.Event()

    def start(self) -> None:
        """Load the readers before the first document comes."""
        with self._turn:
            self._reader.start()

    def read(self, path: Path, options: Options, watch: Watch, cancelled: Callable[[], bool]) -> Extraction:
        """As `ReaderProcess.read`; gives up when the document is to be handed back."""
        with self._turn:
            return self._reader.read(path, options, watch, lambda: self._handing_back.is_set() or cancelled())

    def parse(  # noqa: PLR0913, PLR0917 - as the protocol has it
        self,
        path: Path,
        options: Options,
        parsing: Parsing,
        target: Target,
        watch: Watch,
        cancelled: Callable[[], bool],
    ) -> Parsed:
        """As `ReaderProcess.parse`; gives up as `read` does."""
        with self._turn:
            return self._reader.parse(
                path, options, parsing, target, watch, lambda: self._handing_back.is_set() or cancelled()
            )

    def hand_back(self) -> None:
        """Kill what is being read; the job is tried again by whoever takes it next."""
        self._handing_back.set()

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._reader.close()


class Employment:
    """A working worker and all that has to be ended with it."""

    def __init__(
        self, worker: Worker, housekeeping: Housekeeping, reader: SharedReader, drain_seconds: float
    ) -> None:
        self._worker = worker
        self._housekeeping = housekeeping
        self._reader = reader
        self._drain_seconds = drain_seconds

    def start(self) -> None:
        """Take messages from now on."""
        self._worker.start()
        self._housekeeping.start()

    def stop(self) -> None:
        """Take no more, finish what is in hand or hand it back in time."""
        last_call = threading.Timer(self._drain_seconds * HAND_BACK_SHARE, self._reader.hand_back)
        last_call.start()
        self._housekeeping.stop()
        self._worker.stop(timeout=int(self._drain_seconds * 1000))
        last_call.cancel()
        self._reader.close()


def employ(settings: Settings, store: Store, broker: Broker, reader: SharedReader) -> Employment:
    """A worker over one data folder, not yet working."""
    actors, ruleset = Actors(broker), announced(settings)
    workshop = Workshop(
        store=store,
        doorbell=actors,
        judge=RulesJudge(ruleset),
        reader=lambda: reader,
        poster=GuardedPoster(private_allowed=settings.webhook_private),
        clock=utc_now,
        packages=PACKAGES if ruleset.outside else (),
    )
    actors.employ(workshop)
    worker = Worker(broker, worker_threads=sum(LANES.values()), worker_timeout=IDLE_MS)
    sweep = Sweep(store, actors, utc_now, keep_days=settings.keep_days)
    return Employment(worker, Housekeeping(sweep), reader, settings.drain_seconds)
