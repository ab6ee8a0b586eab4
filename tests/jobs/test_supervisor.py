"""Processes that are kept running, seen from outside: killed, replaced, ended, orphaned."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from app.errors import Misconfigured
from app.jobs.supervisor import service
from app.jobs.supervisor.child import FALSE_STARTS, LONGEST_PAUSE, Child, Program
from app.settings import Settings, restored, stored

SUPERVISE = textwrap.dedent("""
    import sys
    from pathlib import Path
    from app.jobs.supervisor.child import Child, Program
    from app.jobs.supervisor.supervisor import Supervisor
    from app.settings import Settings
    settings = Settings(data=Path(sys.argv[1]), metrics_key="s3cret-word")
    children = [Child(Program(name=name, entry=f"toy_processes:{name}"), settings) for name in sys.argv[3:]]
    sys.exit(Supervisor(children, float(sys.argv[2]), lambda: print("ready", flush=True)).run())
""")


@pytest.fixture
def supervise(tmp_path):
    """Start a supervisor of toys in a process of its own."""
    started = []

    def supervise(*toys, drain=5.0):
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(tmp_path), str(drain), *toys],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)]),
            },
        )
        started.append(process)
        return process

    yield supervise
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def toys_are_importable(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def notes(folder):
    path = folder / "notes"
    return [tuple(line.rsplit(" ", 1)) for line in path.read_text().splitlines()] if path.exists() else []


def pids(folder, word="started"):
    return [int(pid) for said, pid in notes(folder) if said == word]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def test_it_says_once_that_all_are_ready_and_ends_them_in_order(supervise, tmp_path):
    supervisor = supervise("idle", "idle")
    assert supervisor.stdout.readline() == "ready\n"
    supervisor.send_signal(signal.SIGTERM)
    out, _ = supervisor.communicate(timeout=20)
    assert (out, supervisor.returncode) == ("", 0)
    assert sorted(pids(tmp_path, "ended")) == sorted(pids(tmp_path))


def test_a_killed_process_is_replaced(supervise, tmp_path):
    supervise("idle")
    (first,) = eventually(lambda: pids(tmp_path))
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: pids(tmp_path)[1:]) != [first]


def test_the_children_of_a_killed_supervisor_end_too(supervise, tmp_path):
    supervisor = supervise("idle_without_signal", "stubborn")
    supervisor.stdout.readline()
    supervisor.kill()
    eventually(lambda: not any(is_alive(pid) for pid in pids(tmp_path)))


def test_who_does_not_finish_in_its_time_is_killed(supervise, tmp_path):
    supervisor = supervise("stubborn", drain=0.2)
    supervisor.stdout.readline()
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=20)
    assert not any(is_alive(pid) for pid in pids(tmp_path))


def test_a_second_signal_ends_everything_at_once(supervise, tmp_path):
    supervisor = supervise("stubborn", drain=60)
    supervisor.stdout.readline()
    supervisor.send_signal(signal.SIGINT)
    time.sleep(1.2)
    supervisor.send_signal(signal.SIGINT)
    supervisor.communicate(timeout=10)
    assert not any(is_alive(pid) for pid in pids(tmp_path))


def test_a_mistake_in_the_settings_ends_everything_with_its_sentence(supervise):
    supervisor = supervise("idle", "mistaken")
    _, told = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 1
    assert "spunta: The toy is set up wrongly." in told


def test_settings_reach_a_process_unseen_by_others(supervise, tmp_path):
    supervise("look_around")
    seen = eventually(lambda: [said for said, _ in notes(tmp_path) if said.startswith("secret")])
    assert seen == ["secret=s3cret-word leaked=False"]


def test_settings_survive_being_stored():
    settings = Settings(data=Path("some/where"), rules=("one",), policy=Path("policy.toml"), timeout=1.5)
    assert restored(stored(settings)) == settings


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_a_process_that_never_starts_is_tried_again_ever_more_seldom_and_then_given_up(tmp_path):
    clock = Clock()
    child = Child(Program(name="toy", entry="toy_processes:short_lived"), Settings(data=tmp_path), clock)
    for starts in range(1, FALSE_STARTS + 1):
        child.tend()
        eventually(child.has_ended)
        child.tend()
        assert len(pids(tmp_path)) == starts
        child.tend()
        assert child.pid is None, "not at once"
        clock.now += LONGEST_PAUSE
    assert child.hopeless


@pytest.mark.parametrize("toy", ["ready_once", "killed_at_once"])
def test_a_process_that_once_was_ready_or_is_killed_is_never_given_up(tmp_path, toy):
    clock = Clock()
    child = Child(Program(name="toy", entry=f"toy_processes:{toy}"), Settings(data=tmp_path), clock)
    for starts in range(1, FALSE_STARTS + 3):
        eventually(lambda expected=starts: child.tend() or len(pids(tmp_path)) == expected)
        eventually(lambda: child.tend() or child.pid is None)
        clock.now += LONGEST_PAUSE
    assert not child.hopeless


def test_a_connection_made_while_the_api_is_dead_is_answered_by_the_next_one(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        program = Program(name="api", entry="toy_processes:greet", listener=listener)
        child = Child(program, Settings(data=tmp_path))
        eventually(lambda: child.tend() or child.ready)
        first = child.pid
        os.kill(first, signal.SIGKILL)
        eventually(child.has_ended)
        with socket.create_connection(listener.getsockname(), timeout=20) as caller:
            eventually(lambda: child.tend() or (child.ready and child.pid != first))
            assert int(caller.recv(20)) == child.pid
        child.kill()


def test_an_address_in_use_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(service, "BIND_SECONDS", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1])
        with pytest.raises(Misconfigured, match="cannot be listened at: address already in use"):
            service._listen(settings)
