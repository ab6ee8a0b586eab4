"""A process that loads the readers once and forks one for each that is wanted: a new one costs milliseconds.

It runs nothing of a document itself, so it always answers: it forks (`F`, with the reader's socket), kills
(`K`), and ends, with its reader, when its parent does.
"""

import gc
import importlib
import os
import signal
import socket
import struct
import sys
from typing import Final

from app.jobs.sandbox.child import Read, serve
from app.jobs.sandbox.confine import die_with_parent, leave_the_network

FORK: Final = b"F"
KILL: Final = b"K"
YIELDING: Final = 5
"""How far reading stands back when others want the processor: those who ask for an answer come first."""
ANSWER: Final = struct.Struct(">i")
"""The answer to everything: 0, or how the killed reader had ended (a wait status)."""


def main() -> None:
    """Started with the number of an inherited socket and `module:function` of what reads."""
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent()
    leave_the_network()
    os.nice(YIELDING)
    read = _load(sys.argv[2])
    gc.collect()
    gc.freeze()
    control.sendall(ANSWER.pack(0))
    child = 0
    try:
        while True:
            command, files = _command(control)
            if command == FORK:
                child = _fork(control, files[0], read)
                control.sendall(ANSWER.pack(0))
            elif command == KILL:
                control.sendall(ANSWER.pack(_end(child)))
                child = 0
            else:
                return
    finally:
        _end(child)


def _load(name: str) -> Read:
    module, _, function = name.partition(":")
    read: Read = getattr(importlib.import_module(module), function)
    return read


def _command(control: socket.socket) -> tuple[bytes, list[int]]:
    command, files, _, _ = socket.recv_fds(control, 1, 1)
    return command, files


def _fork(control: socket.socket, file: int, read: Read) -> int:
    child = os.fork()
    if child:
        os.close(file)
        return child
    status = 1
    try:
        control.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent()
        serve(socket.socket(fileno=file), read)
        status = 0
    finally:
        os._exit(status)


def _end(child: int) -> int:
    """Kill the reader and gather it; its wait status, of its own death when it was dead already."""
    if not child:
        return 0
    pid, status = os.waitpid(child, os.WNOHANG)
    if pid == 0:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return status
