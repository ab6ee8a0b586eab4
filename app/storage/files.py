"""Documents as files of a folder: `uploads/<tenant>/<first two of the hash>/<SHA-256>`."""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.errors import TooLarge
from app.storage.file_protocols import Incoming

_DOCUMENT: Final = re.compile(r"[0-9a-f]{64}")
_TENANT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_ARRIVING: Final = ".incoming"
_HEAD: Final = 8


def valid_tenant(tenant: str) -> bool:
    """Whether a tenant's name can be a folder's: lower-case letters, digits, `.`, `_`, `-`, 64 at most."""
    return _TENANT.fullmatch(tenant) is not None


class IncomingFile:
    """A file being received under a name nobody else knows."""

    def __init__(self, place: str, limit: int) -> None:
        self._place = place
        self.size = 0
        self.head = b""
        """The first bytes, which tell an archive from a document."""
        self._limit = limit
        self._hash = hashlib.sha256()
        self._file: int | None = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._there = True

    @property
    def path(self) -> Path:
        """Where the bytes are until they are adopted."""
        return Path(self._place)

    def write(self, chunk: bytes | bytearray) -> None:
        """Add bytes.

        Raises:
            TooLarge: beyond the limit; what was written is dropped at once.
        """
        self.size += len(chunk)
        if self.size > self._limit:
            self.discard()
            raise TooLarge(f"The file is larger than the {self._limit} bytes that are accepted.")
        if self._file is None:
            raise ValueError("the file is finished")
        if len(self.head) < _HEAD:
            self.head += bytes(chunk[: _HEAD - len(self.head)])
        self._hash.update(chunk)
        written = os.write(self._file, chunk)
        while written < len(chunk):
            written += os.write(self._file, memoryview(chunk)[written:])

    def finish(self) -> str:
        """All bytes are there: their SHA-256 in hex; harmless when repeated."""
        self._close()
        return self._hash.hexdigest()

    def move(self, target: str) -> None:
        """Give the file its name for good."""
        self._close()
        os.rename(self._place, target)  # noqa: PTH104  # a path's own takes as long as the call
        self._there = False

    def discard(self) -> None:
        """Drop the bytes, unless they were adopted; harmless when repeated."""
        # Closing may fail on a full disk; the file is to go anyway.
        with suppress(OSError):
            self._close()
        if self._there:
            self.path.unlink(missing_ok=True)
            self._there = False

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def __del__(self) -> None:
        self._close()


class FileUploads:
    """The documents in a folder that nobody but the service's user may enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arriving = folder / _ARRIVING
        for made in (folder, self._arriving):
            made.mkdir(parents=True, exist_ok=True, mode=0o700)

    def incoming(self, limit: int) -> IncomingFile:
        """Begin to receive a file of at most `limit` bytes."""
        return IncomingFile(f"{self._arriving}/{secrets.token_hex(16)}", limit)

    def adopt(self, brought: Sequence[tuple[str, Incoming]]) -> list[str]:
        """Keep files for tenants, durably; returns their hashes."""
        documents = [incoming.finish() for _, incoming in brought]
        targets = {
            str(self.path(tenant, document)): incoming
            for (tenant, incoming), document in zip(brought, documents, strict=True)
        }
        # Named first: one commit of the file system's journal then holds the bytes and names of all.
        new = [target for target, incoming in targets.items() if self._name(target, incoming)]
        for target in new:
            sync(target)
        for folder in {target.rpartition(os.sep)[0] for target in targets}:
            sync(folder)
        return documents

    def _name(self, target: str, incoming: Incoming) -> bool:
        """Give a file its name for good; whether its bytes have still to be made durable."""
        if not os.path.exists(target):  # noqa: PTH110  # a path's own takes longer than the call
            self._move(incoming, target)
            return True
        # A job may need the file that is there: it is replaced by one that is on the disk already.
        sync(incoming.path)
        incoming.move(target)
        return False

    def _move(self, incoming: Incoming, target: str) -> None:
        try:
            incoming.move(target)
        except FileNotFoundError:
            parent = Path(target).parent
            for folder in (parent.parent, parent):
                if not folder.exists():
                    folder.mkdir(exist_ok=True, mode=0o700)
                    sync(folder.parent)
            incoming.move(target)

    def path(self, tenant: str, document: str) -> Path:
        """Where the document's bytes can be read."""
        if not valid_tenant(tenant) or not _DOCUMENT.fullmatch(document):
            raise ValueError("no name of a document")
        return self._folder / tenant / document[:2] / document

    def erase(self, tenant: str, document: str) -> None:
        """Delete the bytes; harmless when they are gone."""
        self.path(tenant, document).unlink(missing_ok=True)

    def kept(self) -> Iterator[tuple[str, str]]:
        """Every stored `(tenant, document)`."""
        for path in self._folder.glob("*/*/*"):
            tenant = path.parent.parent.name
            if valid_tenant(tenant) and _DOCUMENT.fullmatch(path.name):
                yield tenant, path.name

    def abandoned(self, older_than_seconds: float) -> int:
        """Delete files that stopped arriving that long ago; returns how many there were."""
        oldest = time.time() - older_than_seconds
        stale = [path for path in self._arriving.iterdir() if _changed(path) < oldest]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


def sync(path: str | Path) -> None:
    """Make a file's bytes, or a folder's entries, durable."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
