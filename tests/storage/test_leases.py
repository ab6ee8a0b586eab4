import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.storage.leases import FileLeases, RangeLeases

_HOLD = """
import sys, time, pathlib
from app.storage import leases
with getattr(leases, sys.argv[2])(pathlib.Path(sys.argv[1])).hold("it") as held:
    print(held, flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=[RangeLeases, FileLeases])
def leases(request, tmp_path):
    """Each kind of leases over a folder of its own."""
    return request.param(tmp_path)


def test_what_is_held_is_held_by_one(leases):
    with leases.hold("it") as first, leases.hold("it") as second, leases.hold("other") as third:
        assert (first, second, third) == (True, False, True)
    with leases.hold("it") as again:
        assert again


def test_the_files_of_leases_are_removed_with_them(tmp_path):
    with FileLeases(tmp_path).hold("it"):
        assert [path.name for path in tmp_path.iterdir()] == ["it"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("names", "taken"), [(("it",), "it"), (("one", "other"), "other")])
def test_who_waits_for_one_or_several_gets_them_when_all_are_free(leases, names, taken):
    order = []

    def wait():
        with leases.wait(*names):
            order.append("second")

    with leases.hold(taken) as held:
        assert held
        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_two_that_want_the_same_several_never_wait_for_each_other(leases):
    rounds = []

    def take(*names):
        for _ in range(100):
            with leases.wait(*names):
                rounds.append(names)

    threads = [threading.Thread(target=take, args=names) for names in (("a", "b", "c"), ("c", "b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(rounds) == 200


def test_the_lease_of_a_killed_process_is_free_at_once(leases, tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path), type(leases).__name__], stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"True\n"
    with leases.hold("it") as held:
        assert not held
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    begun = time.monotonic()
    with leases.hold("it") as held:
        assert held
    assert time.monotonic() - begun < 0.5


def test_threads_that_contend_never_hold_it_together(leases):
    inside, most, gained = [], [], []

    def contend() -> None:
        for _ in range(300):
            with leases.hold("it") as held:
                if held:
                    inside.append(1)
                    most.append(len(inside))
                    gained.append(1)
                    inside.pop()

    threads = [threading.Thread(target=contend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert gained


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b"])
def test_a_name_cannot_lead_elsewhere(leases, name):
    with pytest.raises(ValueError), leases.hold(name):
        pass
