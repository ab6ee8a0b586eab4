"""Who is alive, told by the kernel: every process that takes messages keeps a locked file while it lives.

A lock ends with the process that holds it, however that process ends, and at that moment. A lease that runs
out by the clock would come late, and would take running work from a process whose neighbour's clock jumped.
"""

import fcntl
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Presence:
    """This process among those that share a folder of lock files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        self._guard = threading.Lock()
        self.name = uuid.uuid4().hex
        """Never used again by anybody once this process has ended."""

    def announce(self) -> None:
        """Be seen as alive until `leave` or the end of the process."""
        with self._guard:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = _lock_new(self._folder / self.name)

    def leave(self) -> None:
        """Be gone: what is still held in this name belongs to whoever finds it."""
        with self._guard:
            if self._file is not None:
                (self._folder / self.name).unlink(missing_ok=True)
                os.close(self._file)
                self._file = None

    @contextmanager
    def burying(self, name: str) -> Iterator[bool]:
        """Whether the process called `name` is dead; while true, nobody else is told so."""
        if name == self.name:
            yield False
            return
        file = _open(self._folder / name)
        if file is None:
            yield True
            return
        try:
            dead = _try_lock(file)
            yield dead
            if dead:
                (self._folder / name).unlink(missing_ok=True)
        finally:
            os.close(file)

    def others(self) -> set[str]:
        """Everybody else who left a file, dead or alive."""
        with suppress(FileNotFoundError):
            return {entry.name for entry in os.scandir(self._folder)} - {self.name}
        return set()


def _lock_new(path: Path) -> int:
    """An open, locked file at `path`; made again if somebody took the moment before the lock for death."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        os.close(file)


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
