"""Who works on what, told by the operating system: a lock ends with its process, however that dies.

No clock takes part, so neither a slow worker nor one whose clock jumps loses its job, and a killed one's is
free at once.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Leases(Protocol):
    """Exclusive claims by name, over all threads and processes of a data folder."""

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """A context in which nobody else holds `name`; gives `False`, holding nothing, when somebody does."""


class FileLeases:
    """Locks on files of a folder; the files of those that are not held are removed."""

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
