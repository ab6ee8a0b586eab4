"""Small programs that a supervisor keeps running in tests."""

import os
import signal
import sys
import time
from pathlib import Path

from app.errors import Misconfigured


def _note(outset, word):
    with (outset.settings.data / "notes").open("a") as notes:
        notes.write(f"{word} {os.getpid()}\n")


def idle(outset):
    """Runs until SIGTERM and ends well."""
    signal.signal(signal.SIGTERM, lambda *_: (_note(outset, "ended"), sys.exit(0)))
    _note(outset, "started")
    outset.ready()
    while True:
        time.sleep(0.05)


def stubborn(outset):
    """Does not listen to SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    idle_without_signal(outset)


def idle_without_signal(outset):
    _note(outset, "started")
    outset.ready()
    while True:
        time.sleep(0.05)


def mistaken(_outset):
    raise Misconfigured("The toy is set up wrongly.")


def short_lived(outset):
    _note(outset, "started")
    sys.exit(1)


def ready_once(outset):
    """Works the first time and never again."""
    first = not (outset.settings.data / "notes").exists()
    _note(outset, "started")
    if first:
        outset.ready()
        time.sleep(0.3)
    sys.exit(1)


def killed_at_once(outset):
    _note(outset, "started")
    os.kill(os.getpid(), signal.SIGKILL)


def look_around(outset):
    seen = Path("/proc/self/cmdline").read_bytes() + Path("/proc/self/environ").read_bytes()
    _note(
        outset, f"secret={outset.settings.metrics_key} leaked={outset.settings.metrics_key.encode() in seen}"
    )
    idle_without_signal(outset)


def greet(outset):
    """Answers each connection with its process id."""
    outset.ready()
    _note(outset, "started")
    while True:
        connection, _ = outset.listener.accept()
        with connection:
            connection.sendall(str(os.getpid()).encode())
