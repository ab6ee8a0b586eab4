"""Who works on what, told by the operating system: a lock ends with its process, however that dies.

No clock takes part, so neither a slow worker nor one whose clock jumps loses its job, and a killed one's is
free at once.
"""

import fcntl
import os
import re
import struct
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final, Protocol

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
_PAUSE_SECONDS: Final = 0.002
_FLOCK: Final = "hhqqi"
"""The kernel's `struct flock`: kind, whence, start, length, process."""
_LARGEST_OFFSET: Final = 2**62


class Leases(Protocol):
    """Exclusive claims by name, over all threads and processes of a data folder."""

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """A context in which nobody else holds `name`; gives `False`, holding nothing, when somebody does."""

    def wait(self, *names: str) -> AbstractContextManager[None]:
        """A context in which nobody else holds any of `names`, waiting for whoever does."""


def open_leases(folder: Path) -> Leases:
    """Leases for all processes that open the same folder on one machine."""
    return RangeLeases(folder) if hasattr(fcntl, "F_OFD_SETLK") else FileLeases(folder)


class RangeLeases:
    """Locks on single bytes of one file, each byte a name's hash: nothing is created or deleted for one.

    They are Linux's locks of an open file (`F_OFD_SETLK`), which also hold between threads.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = str(folder / "leases")

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """A context in which nobody else holds `name`; gives `False`, holding nothing, when somebody does."""
        wanted = _byte_of(name)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _lock_byte(handle, wanted)
        finally:
            os.close(handle)

    @contextmanager
    def wait(self, *names: str) -> Iterator[None]:
        """A context in which nobody else holds any of `names`, waiting for whoever does."""
        # Everybody takes them in one order: two who want the same two never wait for each other.
        wanted = sorted({_byte_of(name) for name in names})
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            for byte in wanted:
                fcntl.fcntl(handle, fcntl.F_OFD_SETLKW, byte)
            yield
        finally:
            os.close(handle)


def _byte_of(name: str) -> bytes:
    if not _NAME.fullmatch(name):
        raise ValueError("no name of a lease")
    digest = blake2b(name.encode(), digest_size=8).digest()
    offset = int.from_bytes(digest, "big") % _LARGEST_OFFSET
    return struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, offset, 1, 0)


def _lock_byte(handle: int, wanted: bytes) -> bool:
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
    except BlockingIOError:
        return False
    return True


class FileLeases:
    """Locks on files of a folder, where the system has no better; the files of those not held are removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @contextmanager
    def hold(self, name: str) -> Iterator[bool]:
        """A context in which nobody else holds `name`; gives `False`, holding nothing, when somebody does."""
        if not _NAME.fullmatch(name):
            raise ValueError("no name of a lease")
        path = self._folder / name
        handle = _locked(path)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                path.unlink(missing_ok=True)
                os.close(handle)

    @contextmanager
    def wait(self, *names: str) -> Iterator[None]:
        """A context in which nobody else holds any of `names`, waiting for whoever does."""
        with ExitStack() as held:
            for name in sorted(set(names)):
                held.enter_context(self._wait(name))
            yield

    @contextmanager
    def _wait(self, name: str) -> Iterator[None]:
        while True:
            with self.hold(name) as mine:
                if mine:
                    yield
                    return
            time.sleep(_PAUSE_SECONDS)


def _locked(path: Path) -> int | None:
    """An open, locked file of that name, or `None` when somebody holds it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _lock(handle):
            os.close(handle)
            return None
        if _same(handle, path):
            return handle
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _same(handle: int, path: Path) -> bool:
    """Whether the locked file is still the one of that name: its last holder may just have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
