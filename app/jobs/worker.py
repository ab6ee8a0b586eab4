"""A worker process: takes messages from the queue and does what they ask."""

import signal
import threading
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from types import MappingProxyType
from typing import Final

from dramatiq import Broker, Worker

from app.jobs.actors import DELIVER_QUEUE, RUN_QUEUE, Actors
from app.jobs.bench import Bench, open_bench
from app.jobs.broker import open_broker
from app.jobs.consultant import Consultant
from app.jobs.examining import PACKAGES, reader_process
from app.jobs.housekeeping import Housekeeping
from app.jobs.judging import RulesJudge, policy_of_key
from app.jobs.outbound import GuardedPoster
from app.jobs.shared_reader import SharedReader
from app.jobs.supervisor.outset import Outset
from app.jobs.sweep import Sweep
from app.jobs.workshop import Workshop
from app.model.limits import limits_of
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


class Employment:
    """A working worker and all that has to be ended with it."""

    def __init__(
        self,
        worker: Worker,
        housekeeping: Housekeeping,
        reader: SharedReader,
        bench: Bench,
        drain_seconds: float,
    ) -> None:
        self._worker = worker
        self._housekeeping = housekeeping
        self._reader = reader
        self._bench = bench
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
        self._bench.close()


def employ(settings: Settings, store: Store, broker: Broker, reader: SharedReader) -> Employment:
    """A worker over one data folder, not yet working."""
    actors, ruleset = Actors(broker), announced(settings)
    bench = open_bench(settings, ruleset)
    workshop = Workshop(
        store=store,
        doorbell=actors,
        judge=RulesJudge(ruleset, partial(policy_of_key, store), bench),
        reader=lambda: reader,
        poster=GuardedPoster(private_allowed=settings.webhook_private),
        clock=utc_now,
        packages=PACKAGES if ruleset.outside else (),
        consultant=Consultant(settings, utc_now),
    )
    actors.employ(workshop)
    worker = Worker(broker, worker_threads=sum(LANES.values()), worker_timeout=IDLE_MS)
    sweep = Sweep(store, actors, utc_now, keep_days=settings.keep_days)
    return Employment(worker, Housekeeping(sweep), reader, bench, settings.drain_seconds)
