"""What the queue promises, seen through Dramatiq's own surface and over real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dramatiq
import pytest
from dramatiq import Message, QueueJoinTimeout, QueueNotFound, Worker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import Retries

from app.jobs.broker import SqliteBroker, messages
from app.jobs.broker.presence import Presence

QUEUE = "jobs"


class Clock:
    """Unix milliseconds that move when the test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queue.db"


@pytest.fixture
def broker(path, clock):
    opened = open_broker(path, clock)
    yield opened
    opened.close()


def open_broker(path, clock=None, middleware=()):
    broker = (
        SqliteBroker(path, list(middleware), clock=clock) if clock else SqliteBroker(path, list(middleware))
    )
    broker.declare_queue(QUEUE)
    return broker


def message(*args, **options):
    return Message(queue_name=QUEUE, actor_name="work", args=args, kwargs={}, options=options)


def consumer(broker, prefetch=10, timeout=50):
    return broker.consume(QUEUE, prefetch=prefetch, timeout=timeout)


def everything(consumer):
    taken = []
    while (delivery := next(consumer)) is not None:
        taken.append(delivery)
    return taken


def args_of(deliveries):
    return [delivery.args[0] for delivery in deliveries]


def test_messages_come_out_in_the_order_in_which_they_went_in(broker):
    for number in range(20):
        broker.enqueue(message(number))
    assert args_of(everything(consumer(broker, prefetch=20))) == list(range(20))


def test_a_message_comes_out_as_it_went_in(broker):
    sent = broker.enqueue(message("è", 2, priority=3))
    assert next(consumer(broker))._message == sent


def test_what_is_put_in_together_comes_out_in_its_order_and_wakes_who_waits(broker):
    queue = consumer(broker, timeout=500)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(next, queue)
        time.sleep(0.05)
        begun = time.monotonic()
        broker.enqueue_all([message(number) for number in range(3)])
        assert first.result(5).args == (0,)
        assert time.monotonic() - begun < 1
    assert args_of(everything(queue)) == [1, 2]


def test_what_is_put_in_together_is_all_or_none(broker):
    with pytest.raises(QueueNotFound):
        broker.enqueue_all([message(1), message(2).copy(queue_name="unknown")])
    assert broker.count(QUEUE) == 0


def test_no_more_is_taken_than_the_prefetch_allows_until_something_is_acknowledged(broker):
    for number in range(3):
        broker.enqueue(message(number))
    queue = consumer(broker, prefetch=1)
    first = next(queue)
    assert next(queue) is None
    queue.ack(first)
    assert next(queue).args == (1,)


def test_a_queue_may_have_another_number_of_messages_in_hand_than_the_worker_asks_for(path):
    broker = SqliteBroker(path, [], in_hand={QUEUE: 2})
    broker.declare_queue(QUEUE)
    for number in range(3):
        broker.enqueue(message(number))
    assert args_of(everything(consumer(broker, prefetch=50))) == [0, 1]
    broker.close()


def test_an_idle_consumer_gives_none_after_its_timeout(broker):
    queue = consumer(broker, timeout=40)
    started = time.monotonic()
    assert next(queue) is None
    assert 0.04 <= time.monotonic() - started < 1


def test_two_consumers_never_get_the_same_message(broker, path):
    for number in range(100):
        broker.enqueue(message(number))
    other = open_broker(path)
    queues = [consumer(broker, prefetch=7), consumer(other, prefetch=7)]
    taken = []
    while len(taken) < 100:
        for queue in queues:
            if (delivery := next(queue)) is not None:
                taken.append(delivery.args[0])
                queue.ack(delivery)
    assert sorted(taken) == list(range(100))
    other.close()


def test_acknowledging_removes_only_that_enqueue_of_a_message_sent_twice(broker):
    sent = message(1)
    broker.enqueue(sent)
    broker.enqueue(sent)
    queue = consumer(broker, prefetch=1)
    queue.ack(next(queue))
    assert broker.count(QUEUE) == 1
    assert next(queue).message_id == sent.message_id


def test_a_put_off_message_waits_for_its_time(broker, clock):
    broker.enqueue(message(1), delay=60_000)
    queue = consumer(broker)
    clock.now += 59_999
    assert next(queue) is None
    clock.now += 1
    assert next(queue).args == (1,)


def test_put_off_messages_come_due_in_the_order_of_their_times_and_before_fresh_ones(broker, clock):
    broker.enqueue(message("late"), delay=2000)
    broker.enqueue(message("soon"), delay=1000)
    broker.enqueue(message("fresh"))
    clock.now += 5000
    assert args_of(everything(consumer(broker))) == ["soon", "late", "fresh"]


def test_a_clock_that_jumps_back_holds_up_no_message_that_was_not_put_off(broker, clock):
    broker.enqueue(message(1))
    clock.now -= 3_600_000
    assert next(consumer(broker)).args == (1,)


def test_a_clock_that_jumps_ahead_takes_no_message_out_of_other_hands(broker, path, clock):
    broker.enqueue(message(1))
    held = next(consumer(broker))
    other = open_broker(path, lambda: clock.now + 10**9)
    assert next(consumer(other, timeout=1200)) is None
    assert held.args == (1,)
    other.close()


def test_an_option_eta_does_not_put_a_delivered_message_off_again(broker, clock):
    broker.enqueue(message(1), delay=1)
    clock.now += 1
    assert "eta" not in next(consumer(broker)).options


def test_a_traceback_is_never_written(broker, path):
    broker.enqueue(message(1, traceback="ValueError: IT60X0542811101000000123456"))
    assert "traceback" not in next(consumer(broker)).options
    assert b"IT60X05428" not in b"".join(
        file.read_bytes() for file in path.parent.glob("queue.db*") if file.is_file()
    )


def test_a_rejected_message_is_kept_among_the_dead_letters(broker):
    broker.enqueue(message(1))
    queue = consumer(broker)
    queue.nack(next(queue))
    assert broker.count(QUEUE) == 0
    assert [letter.args for letter in broker.dead_letters(QUEUE)] == [(1,)]


def test_dead_letters_are_bounded_and_the_newest_stay(broker, monkeypatch):
    monkeypatch.setattr(messages, "DEAD_LETTERS", 20)
    queue = consumer(broker, prefetch=1)
    for number in range(25):
        broker.enqueue(message(number))
        queue.nack(next(queue))
    kept = broker.dead_letters(QUEUE)
    assert len(kept) == 20
    assert kept[-1].args == (24,)


def test_bytes_that_are_no_message_are_dead_letters_and_do_not_stop_the_queue(broker):
    broker._messages.add([(QUEUE, 0, b"\xff not a message")])
    broker.enqueue(message(1))
    assert next(consumer(broker, prefetch=1)).args == (1,)
    assert broker._messages.dead(QUEUE) == [b"\xff not a message"]


def test_requeued_messages_return_to_their_place(broker):
    for number in range(3):
        broker.enqueue(message(number))
    queue = consumer(broker, prefetch=2)
    first, second = next(queue), next(queue)
    queue.requeue([second, first])
    assert args_of(everything(consumer(broker))) == [0, 1, 2]


def test_closing_a_consumer_gives_back_what_it_had_fetched_and_not_handed_on(broker, path):
    for number in range(5):
        broker.enqueue(message(number))
    queue = consumer(broker, prefetch=5)
    next(queue)
    queue.close()
    other = open_broker(path)
    assert args_of(everything(consumer(other))) == [1, 2, 3, 4]
    other.close()


def test_what_a_consumer_could_not_give_back_the_next_one_does(broker, monkeypatch):
    for number in range(3):
        broker.enqueue(message(number))
    queue = consumer(broker, prefetch=3)
    held = next(queue)

    def refuse(_seqs):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(broker._messages, "free", refuse)
        with pytest.raises(BrokerConnectionError):
            queue.close()
    assert args_of(everything(consumer(broker))) == [1, 2]
    queue.ack(held)
    assert broker.count(QUEUE) == 2


def test_closing_the_broker_gives_back_what_it_held(path):
    first = open_broker(path)
    first.enqueue(message(1))
    assert next(consumer(first)).args == (1,)
    first.close()
    second = open_broker(path)
    assert next(consumer(second)).args == (1,)
    second.close()


def test_an_undeclared_queue_is_refused_everywhere(broker):
    strange = Message(queue_name="strange", actor_name="work", args=(), kwargs={}, options={})
    for call in (
        lambda: broker.enqueue(strange),
        lambda: broker.consume("strange"),
        lambda: broker.join("strange"),
        lambda: broker.flush("strange"),
    ):
        with pytest.raises(QueueNotFound):
            call()


def test_flushing_drops_what_waits_what_is_put_off_and_what_is_dead(broker):
    queue = consumer(broker)
    broker.enqueue(message(0))
    queue.nack(next(queue))
    broker.enqueue(message(1))
    broker.enqueue(message(2), delay=1000)
    broker.flush_all()
    assert broker.count(QUEUE) == 0
    assert broker.dead_letters(QUEUE) == []
    assert next(queue) is None


def test_acknowledging_after_a_flush_does_no_harm(broker):
    broker.enqueue(message(0))
    queue = consumer(broker)
    delivery = next(queue)
    broker.flush(QUEUE)
    queue.ack(delivery)
    broker.enqueue(message(1))
    assert next(queue).args == (1,)


def test_joining_a_queue_that_is_not_worked_off_times_out(broker):
    broker.enqueue(message(1), delay=10_000)
    with pytest.raises(QueueJoinTimeout):
        broker.join(QUEUE, timeout=50)


def test_a_message_enqueued_while_a_consumer_waits_wakes_it_at_once(broker):
    queue = consumer(broker, timeout=5000)
    everything(consumer(broker, timeout=200))
    threading.Timer(0.1, lambda: broker.enqueue(message(1))).start()
    started = time.monotonic()
    assert next(queue).args == (1,)
    assert time.monotonic() - started < 0.5


def test_threads_that_come_and_go_leave_no_connection_open(broker):
    def open_files():
        return len(list(Path("/proc/self/fd").iterdir()))

    broker.enqueue(message(0))
    before = open_files()
    for number in range(20):
        thread = threading.Thread(target=broker.enqueue, args=(message(number),))
        thread.start()
        thread.join()
    assert open_files() <= before + 2


def test_a_locked_file_is_waited_for_and_not_an_error(broker, path):
    lock = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, lambda: (lock.execute("COMMIT"), lock.close())).start()
    broker.enqueue(message(1))
    assert broker.count(QUEUE) == 1


def test_an_actor_that_fails_is_retried_by_a_worker_and_then_buried(path):
    broker = open_broker(path, middleware=[Retries(max_retries=2, min_backoff=1, max_backoff=1)])
    attempts = []

    @dramatiq.actor(broker=broker, queue_name=QUEUE)
    def fail():
        attempts.append(1)
        raise RuntimeError("again")

    worker = Worker(broker, worker_timeout=20, worker_threads=1)
    worker.start()
    fail.send()
    broker.join(QUEUE, timeout=10_000)
    worker.stop()
    assert len(attempts) == 3
    assert len(broker.dead_letters(QUEUE)) == 1
    broker.close()


def test_a_process_is_alive_while_its_lock_is_held_and_dead_after(tmp_path):
    one, other = Presence(tmp_path), Presence(tmp_path)
    one.announce()
    with other.burying(one.name) as dead:
        assert not dead
    os.close(one._file)
    with other.burying(one.name) as dead:
        assert dead
    assert other.others() == set()


def test_the_threads_of_a_process_announce_it_once(tmp_path):
    one = Presence(tmp_path)
    threads = [threading.Thread(target=one.announce, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


def test_one_who_is_gone_without_a_trace_is_dead(tmp_path):
    with Presence(tmp_path).burying("nobody") as dead:
        assert dead


HOLDER = """
import sys, time, pathlib
from app.jobs.broker import SqliteBroker
broker = SqliteBroker(pathlib.Path(sys.argv[1]), [])
broker.declare_queue("jobs")
queue = broker.consume("jobs", prefetch=3, timeout=5000)
for _ in range(3):
    next(queue)
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_process_held_is_free_within_two_seconds(broker, path, how):
    for number in range(3):
        broker.enqueue(message(number))
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    queue = consumer(broker, prefetch=3, timeout=1500)
    assert next(queue) is None, "what a living process holds is nobody else's"
    process.send_signal(how)
    process.wait()
    process.stdout.close()
    killed = time.monotonic()
    assert [next(queue).args[0] for _ in range(3)] == [0, 1, 2]
    assert time.monotonic() - killed < 2


WORKER = textwrap.dedent("""
    import os, pathlib, sys
    import dramatiq
    from app.jobs.broker import SqliteBroker
    broker = SqliteBroker(pathlib.Path(sys.argv[1]), [])
    out = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    @dramatiq.actor(broker=broker, queue_name="jobs")
    def work(number):
        os.write(out, b"%d\\n" % number)
    worker = dramatiq.Worker(broker, worker_threads=2)
    worker.start()
    print("up", flush=True)
    sys.stdin.read()
""")


def start_worker(path, out):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    worker.stdout.readline()
    return worker


@pytest.mark.slow
def test_no_message_is_lost_while_workers_are_killed_and_none_is_run_twice_without_a_kill(path, tmp_path):
    broker, out = open_broker(path), tmp_path / "done"
    workers = [start_worker(path, out) for _ in range(3)]
    total, kills = 3000, 6
    for number in range(total):
        broker.enqueue(message(number))
        if number % (total // kills) == total // kills - 1:
            victim = workers.pop(0)
            victim.kill()
            victim.communicate()
            workers.append(start_worker(path, out))
    broker.join(QUEUE, timeout=30_000)
    for worker in workers:
        worker.kill()
        worker.communicate()
    done = [int(line) for line in out.read_text().split()]
    assert set(done) == set(range(total))
    # A killed worker may have finished what it had no time to acknowledge: two threads, two messages each.
    assert len(done) - total <= kills * 4
    broker.close()
