"""A worker process for the tests that kill it: real store, real queue, a reader that takes its time.

Called as `chaos_worker.py FOLDER CLOCK_AHEAD_SECONDS`; it writes a line for every reading to `FOLDER/readings`.
"""

import datetime as dt
import os
import random
import sys
import time
from pathlib import Path

import dramatiq
from dramatiq.middleware import Retries
from world import extraction, judge

from app.errors import InternalError
from app.jobs.actors import Actors
from app.jobs.broker import SqliteBroker
from app.jobs.housekeeping import Housekeeping
from app.jobs.sweep import Sweep
from app.jobs.workshop import Workshop
from app.model.progress import Stage
from app.storage.sqlite.store import SqliteStore, utc_now


class SlowReader:
    def __init__(self, folder: Path) -> None:
        self._log = os.open(folder / "readings", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def read(self, path, options, watch, cancelled):
        os.write(self._log, f"{path.name}\n".encode())
        for percent in range(0, 100, 25):
            watch(Stage.READING, percent)
            time.sleep(random.random() * 0.02)
        if random.random() < 0.03:
            raise InternalError("Trouble that passes.")
        return extraction(number=path.read_bytes().decode())

    def close(self) -> None: ...


def main(folder: Path, ahead: dt.timedelta) -> None:
    def clock() -> dt.datetime:
        return utc_now() + ahead

    store = SqliteStore(folder, clock)
    broker = SqliteBroker(folder / "broker.db", middleware=[Retries()])
    actors = Actors(broker)
    reader = SlowReader(folder)
    actors.employ(
        Workshop(
            store=store,
            doorbell=actors,
            judge=judge,
            reader=lambda: reader,
            poster=lambda *_: None,
            clock=clock,
        )
    )
    worker = dramatiq.Worker(broker, worker_timeout=50, worker_threads=2)
    worker.start()
    Housekeeping(Sweep(store, actors, clock), every_seconds=0.3).start()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]), dt.timedelta(seconds=float(sys.argv[2])))
