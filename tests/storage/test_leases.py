import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.storage.leases import FileLeases

_HOLD = """
import sys, time, pathlib
from app.storage.leases import FileLeases
with FileLeases(pathlib.Path(sys.argv[1])).hold("it") as held:
    print(held, flush=True)
    time.sleep(60)
"""


def test_what_is_held_is_held_by_one(tmp_path):
    leases = FileLeases(tmp_path)
    with leases.hold("it") as first, leases.hold("it") as second, leases.hold("other") as third:
        assert (first, second, third) == (True, False, True)
    with leases.hold("it") as again:
        assert again
    assert list(tmp_path.iterdir()) == []


def test_the_lease_of_a_killed_process_is_free_at_once(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"True\n"
    leases = FileLeases(tmp_path)
    with leases.hold("it") as held:
        assert not held
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    begun = time.monotonic()
    with leases.hold("it") as held:
        assert held
    assert time.monotonic() - begun < 0.5


def test_threads_that_contend_never_hold_it_together(tmp_path):
    leases, inside, most, gained = FileLeases(tmp_path), [], [], []

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
def test_a_name_cannot_lead_elsewhere(tmp_path, name):
    with pytest.raises(ValueError), FileLeases(tmp_path).hold(name):
        pass
