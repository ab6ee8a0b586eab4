"""Readers that do what hostile documents make readers do; the sandbox runs them by name."""

import ctypes
import gc
import os
import socket
import time
from pathlib import Path

from app.errors import PasswordRequired
from app.model.document import FileType
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.progress import Stage


def _say(text):
    return Extraction(readings=(Reading(invoice=Invoice()),), file_type=FileType.PDF, model=str(text))


def echo(path, options, _limits, watch):
    watch(Stage.READING, 10)
    watch(Stage.EXTRACTING, 70)
    return _say(f"{Path(path).name} {options.password} {os.getpid()}")


def refuse(_path, _options, _limits, _watch):
    raise PasswordRequired("The file is encrypted; send its password.")


def stumble(_path, _options, _limits, _watch):
    raise ValueError("RSSMRA80A01H501U")


def spin_in_native_code(_path, _options, _limits, _watch):
    libc = ctypes.PyDLL(
        None
    )  # PyDLL keeps the interpreter's lock: no thread and no signal handler gets a turn
    libc.sleep(60)


def spin_unless_quick(path, options, limits, watch):
    if Path(path).read_bytes() == b"quick":
        return echo(path, options, limits, watch)
    return spin_in_native_code(path, options, limits, watch)


def take_a_second(path, options, limits, watch):
    time.sleep(1)
    return echo(path, options, limits, watch)


def keep_moving(_path, _options, _limits, watch):
    for percent in range(20):
        watch(Stage.READING, percent)
        time.sleep(0.1)
    return _say("arrived")


def devour(_path, _options, _limits, _watch):
    held = [bytearray(64_000_000) for _ in range(100)]
    return _say(len(held))


def nest(_path, _options, _limits, _watch):
    return nest(_path, _options, _limits, _watch)


def crash(_path, _options, _limits, _watch):
    ctypes.string_at(1)


def crash_once(path, options, limits, watch):
    marker = Path(path).with_suffix(".seen")
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), 9)
    return echo(path, options, limits, watch)


def exit_quietly(_path, _options, _limits, _watch):
    os._exit(0)


def call_home(path, _options, _limits, _watch):
    address = Path(path).read_text()
    with socket.socket() as caller:
        caller.settimeout(2)
        try:
            caller.connect(("127.0.0.1", int(address)))
        except OSError as error:
            return _say(type(error).__name__)
    return _say("connected")


def look_around(_path, _options, _limits, _watch):
    command = Path("/proc/self/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return _say(repr((command, sorted(os.environ))))


def babble(_path, _options, _limits, _watch):
    wire = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Wire")
    wire._socket.sendall(b"\xff\xff\xff\xff nonsense")
    time.sleep(60)
