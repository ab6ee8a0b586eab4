"""Reading in another process: the same answers, and no document that takes the worker with it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.errors import InternalError, PasswordRequired, TimedOut, Unreadable
from app.jobs.sandbox import Cancelled, ReaderProcess
from app.jobs.sandbox import reader as reader_module
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage

QUICK = Limits(seconds=1.0, seconds_per_page=0.0)
"""A second is plenty for these readers, and soon over."""
UNHURRIED = Limits(seconds=60.0)
"""For what must succeed though a process has to be started anew within the document's time."""


@pytest.fixture(autouse=True)
def hostile_readers_are_importable(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "some.pdf"
    path.write_bytes(b"%PDF-1.7")
    return path


@pytest.fixture
def start():
    started = []

    def start(task, limits=QUICK):
        started.append(ReaderProcess(limits, f"hostile_readers:{task}"))
        return started[-1]

    yield start
    for reader in started:
        reader.close()


def swap(reader, task):
    """Let the same reader object run another task from its next start on."""
    reader._kill()
    reader._nursery.close()
    reader._nursery._task = f"hostile_readers:{task}"


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_read_and_how_far_it_came_arrive_in_the_parent(start, document):
    steps = []
    extraction = start("echo").read(document, Options(), lambda *step: steps.append(step))
    assert extraction.model.startswith("some.pdf None")
    assert steps == [(Stage.READING, 10), (Stage.EXTRACTING, 70)]


def test_one_process_reads_many_documents(start, document):
    reader = start("echo")
    assert reader.read(document, Options()) == reader.read(document, Options())


def test_a_reader_is_replaced_after_its_number_of_documents(start, document, monkeypatch):
    monkeypatch.setattr(reader_module, "DOCUMENTS", 2)
    reader = start("echo")
    pids = [reader.read(document, Options()).model.split()[-1] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_reader_that_has_grown_too_much_is_replaced(start, document, monkeypatch):
    monkeypatch.setattr(reader_module, "MEMORY_SHARE", 0.0)
    reader = start("echo")
    assert reader.read(document, Options()).model != reader.read(document, Options()).model


def test_a_failure_keeps_its_kind_and_its_sentence(start, document):
    with pytest.raises(PasswordRequired, match="encrypted; send its password"):
        start("refuse").read(document, Options())


def test_an_unforeseen_error_is_internal_and_its_text_stays_in_the_reader(start, document):
    with pytest.raises(InternalError) as raised:
        start("stumble").read(document, Options())
    assert "RSSMRA" not in str(raised.value)


def test_native_code_that_does_not_return_is_killed_when_its_time_is_over(start, document):
    started = time.monotonic()
    with pytest.raises(TimedOut, match="1 seconds"):
        start("spin_in_native_code").read(document, Options())
    assert time.monotonic() - started < 4


def test_a_document_that_moves_earns_time_for_each_page(start, document):
    assert (
        start("keep_moving", Limits(seconds=1.0, seconds_per_page=0.3)).read(document, Options()).model
        == "arrived"
    )
    with pytest.raises(TimedOut):
        start("keep_moving", Limits(seconds=1.0, seconds_per_page=0.0)).read(document, Options())


def test_a_reader_that_moves_without_end_is_stopped_all_the_same():
    limits = Limits(seconds=60, seconds_per_page=5, pages=10)
    assert limits.allowed_seconds(0, 10**9) == 60 + 5 * 20


def test_a_large_file_may_take_longer_than_a_small_one():
    assert Limits().allowed_seconds(50_000_000, 0) == Limits().allowed_seconds(0, 0) + 50


def test_memory_beyond_the_limit_makes_the_file_unreadable_and_the_next_one_is_read(start, document):
    reader = start("devour", Limits(memory_bytes=500_000_000))
    with pytest.raises(Unreadable, match="more memory"):
        reader.read(document, Options())
    swap(reader, "echo")
    assert reader.read(document, Options()).model.startswith("some.pdf")


def test_nesting_without_end_makes_the_file_unreadable(start, document):
    with pytest.raises(Unreadable):
        start("nest").read(document, Options())


@pytest.mark.parametrize("task", ["crash", "exit_quietly"])
def test_a_reader_that_dies_twice_makes_the_file_unreadable(start, document, task):
    with pytest.raises(Unreadable, match="crash"):
        start(task).read(document, Options())


def test_a_reader_that_dies_once_by_somebodys_hand_is_no_fault_of_the_file(start, document):
    assert start("crash_once").read(document, Options()).model.startswith("some.pdf")


def test_a_reader_that_talks_nonsense_is_killed(start, document):
    with pytest.raises(Unreadable):
        start("babble", Limits()).read(document, Options())


def test_cancelling_kills_a_reader_in_native_code_at_once_and_the_next_document_is_read(start, document):
    reader = start("spin_in_native_code", Limits())
    reader.start()
    wanted = threading.Event()
    wanted.set()
    threading.Timer(0.3, wanted.clear).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        reader.read(document, Options(), cancelled=lambda: not wanted.is_set())
    assert time.monotonic() - started < 1.5
    swap(reader, "echo")
    assert reader.read(document, Options()).model.startswith("some.pdf")


def test_an_error_of_the_watcher_ends_the_reading_and_harms_no_later_one(start, document):
    reader = start("echo")

    def burst(*_step):
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        reader.read(document, Options(), burst)
    assert reader.read(document, Options()).model.startswith("some.pdf")


def test_a_reader_whose_nursery_was_killed_starts_again(start, document):
    reader = start("echo", UNHURRIED)
    reader.read(document, Options())
    os.kill(reader._nursery._process.pid, signal.SIGKILL)
    assert reader.read(document, Options()).model.startswith("some.pdf")


def test_a_reader_sees_no_key_and_the_password_is_in_no_command_line(start, document, monkeypatch):
    monkeypatch.setenv("SPUNTA_METRICS_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    seen = start("look_around").read(document, Options(password="Sesamo!")).model
    assert "KEY" not in seen
    assert "Sesamo" not in seen


@pytest.mark.skipif(sys.platform != "linux", reason="networks are left by a Linux system call")
def test_a_reader_reaches_no_network(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = tmp_path / "port"
        port.write_text(str(server.getsockname()[1]))
        answer = start("call_home").read(port, Options()).model
    if answer == "connected":
        pytest.skip("this system lets no process leave the network")
    assert answer == "OSError"


def test_closing_leaves_no_process_behind(start, document):
    reader = start("echo")
    child = int(reader.read(document, Options()).model.split()[-1])
    nursery = reader._nursery._process.pid
    reader.close()
    eventually(lambda: not is_alive(child) and not is_alive(nursery))


PARENT = """
import pathlib, sys
from app.jobs.sandbox import ReaderProcess
from app.model.options import Options
from app.model.limits import Limits
reader = ReaderProcess(Limits(), "hostile_readers:spin_in_native_code")
reader.start()
print(reader._nursery._process.pid, flush=True)
reader.read(pathlib.Path(sys.argv[1]), Options())
"""


def test_a_reader_in_native_code_dies_with_a_killed_worker(document):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(document)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    nursery = int(parent.stdout.readline())
    eventually(lambda: children_of(nursery))
    family = [nursery, *children_of(nursery)]
    parent.kill()
    parent.communicate()
    eventually(lambda: not any(is_alive(pid) for pid in family))


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
