"""Messages per second through the SQLite broker, beside Dramatiq's StubBroker in the same run."""

import statistics
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker

from app.jobs.broker import SqliteBroker

COUNT = 5000

pytestmark = pytest.mark.bench


def declare(broker):
    @dramatiq.actor(broker=broker, queue_name="jobs")
    def work(_number):
        pass

    return work


def rates(broker, count):
    """Messages enqueued, and worked off, per second by one worker of eight threads."""
    work = declare(broker)
    started = time.perf_counter()
    for number in range(count):
        work.send(number)
    enqueued = time.perf_counter()
    worker = Worker(broker, worker_threads=8, worker_timeout=100)
    worker.start()
    broker.join("jobs")
    done = time.perf_counter()
    worker.stop()
    return count / (enqueued - started), count / (done - enqueued)


DRAIN = textwrap.dedent("""
    import pathlib, sys
    import dramatiq
    from app.jobs.broker import SqliteBroker
    broker = SqliteBroker(pathlib.Path(sys.argv[1]), [])
    @dramatiq.actor(broker=broker, queue_name="jobs")
    def work(_number): pass
    worker = dramatiq.Worker(broker, worker_threads=1)
    worker.queue_prefetch = int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    worker.start()
    sys.stdin.read()
""")


def drain_rate(path, processes, prefetch):
    """Messages per second that so many processes work off together."""
    broker = SqliteBroker(path, [])
    work = declare(broker)
    for number in range(COUNT):
        work.send(number)
    command = [sys.executable, "-c", DRAIN, str(path), str(prefetch)]
    drains = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(processes)
    ]
    for drain in drains:
        drain.stdout.readline()
    started = time.perf_counter()
    for drain in drains:
        drain.stdin.write(b"go\n")
        drain.stdin.flush()
    broker.join("jobs")
    seconds = time.perf_counter() - started
    for drain in drains:
        drain.kill()
        drain.communicate()
    broker.close()
    return COUNT / seconds


def latencies(path, pause):
    """Milliseconds from enqueue in this process to the start of the work in another, one message at a time."""
    broker = SqliteBroker(path, [])
    broker.declare_queue("jobs")
    code = DRAIN.replace("(_number): pass", "(sent): import time; print(time.time() - sent, flush=True)")
    drain = subprocess.Popen(
        [sys.executable, "-c", code, str(path), "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    drain.stdout.readline()
    drain.stdin.write(b"go\n")
    drain.stdin.flush()
    time.sleep(0.5)
    taken = []
    for _ in range(60):
        time.sleep(pause)
        broker.enqueue(
            dramatiq.Message(queue_name="jobs", actor_name="work", args=(time.time(),), kwargs={}, options={})
        )
        taken.append(float(drain.stdout.readline()) * 1000)
    drain.kill()
    drain.communicate()
    broker.close()
    return taken


def idle_share(path):
    """Processor seconds per second that an idle worker of three queues spends looking."""
    broker = SqliteBroker(path, [])
    for name in ("a", "b", "c"):
        broker.declare_queue(name)
    worker = Worker(broker, worker_threads=1)
    worker.start()
    time.sleep(1)
    before, seconds = time.process_time(), 3.0
    time.sleep(seconds)
    share = (time.process_time() - before) / seconds
    worker.stop()
    broker.close()
    return share


WRITER = textwrap.dedent("""
    import sqlite3, sys
    database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE IF NOT EXISTS rows (content)")
    print("ready", flush=True)
    while True:
        database.execute("INSERT INTO rows VALUES (?)", (bytes(2000),))
""")


def rate_beside_a_writer(busy, path):
    """Messages enqueued per second while another process commits durable rows to the file `busy`."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(busy)], stdout=subprocess.PIPE)
    writer.stdout.readline()
    broker = SqliteBroker(path, [])
    work = declare(broker)
    started = time.perf_counter()
    for number in range(500):
        work.send(number)
    seconds = time.perf_counter() - started
    writer.kill()
    writer.communicate()
    broker.close()
    return 500 / seconds


def test_a_file_of_its_own(tmp_path: Path):
    own = rate_beside_a_writer(tmp_path / "busy.db", tmp_path / "own.db")
    same = rate_beside_a_writer(tmp_path / "shared.db", tmp_path / "shared.db")
    print(f"\nenqueue beside a writer of durable rows: own file {own:,.0f}/s, the same file {same:,.0f}/s")


def test_messages_per_second(tmp_path: Path):
    stub = rates(StubBroker(middleware=[]), COUNT)
    ours = SqliteBroker(tmp_path / "rates.db", [])
    sqlite = rates(ours, COUNT)
    ours.close()
    print(
        f"\nenqueue: SqliteBroker {sqlite[0]:,.0f}/s, StubBroker {stub[0]:,.0f}/s ({sqlite[0] / stub[0]:.0%})"
    )
    print(
        f"work off: SqliteBroker {sqlite[1]:,.0f}/s, StubBroker {stub[1]:,.0f}/s ({sqlite[1] / stub[1]:.0%})"
    )
    for processes, prefetch in ((1, 1), (2, 1), (4, 1), (2, 16)):
        rate = drain_rate(tmp_path / f"drain{processes}-{prefetch}.db", processes, prefetch)
        print(f"work off by {processes} processes of one thread, prefetch {prefetch}: {rate:,.0f}/s")
    for pause in (0.02, 0.2):
        found = sorted(latencies(tmp_path / f"latency{pause}.db", pause))
        p50, p95 = statistics.median(found), found[int(len(found) * 0.95)]
        print(
            f"latency to another process, one every {pause * 1000:.0f} ms: p50 {p50:.1f} ms, p95 {p95:.1f} ms"
        )
    print(f"an idle worker of three queues takes {idle_share(tmp_path / 'idle.db'):.2%} of a core")
    assert sqlite[1] > 500
