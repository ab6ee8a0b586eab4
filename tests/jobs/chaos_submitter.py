"""A process that submits until it is killed, and prints the id of every job it was told is accepted."""

import sys
from pathlib import Path

from app.jobs.actors import Actors
from app.jobs.broker import SqliteBroker
from app.jobs.submit import Desk, Request, Submission
from app.model.job import Order
from app.storage.sqlite.store import SqliteStore, utc_now


def main(folder: Path, name: str, count: int) -> None:
    store = SqliteStore(folder)
    desk = Desk(store, Actors(SqliteBroker(folder / "broker.db")), workers=2)
    (key,) = store.keys.list()
    for number in range(count):
        incoming = store.uploads.incoming(1000)
        incoming.write(f"{name}-{number}".encode())
        submission = Submission(order=Order(filename=f"{name}-{number}"), incoming=incoming)
        accepted = desk.submit(Request(key=key, submissions=[submission], now=utc_now())).answer
        print(accepted.job_id, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
