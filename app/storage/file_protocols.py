"""What the rest of the program may ask of the files beside the database: documents, and what they became."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from uuid import UUID


class Incoming(Protocol):
    """A file that is arriving: hashed while it is written, gone again unless it is adopted."""

    size: int
    head: bytes
    """The first bytes, which tell an archive from a document."""

    def write(self, chunk: bytes | bytearray) -> None:
        """Add bytes.

        Raises:
            TooLarge: beyond the limit given at the start; what was written is dropped at once.
        """

    def finish(self) -> str:
        """All bytes are there: their SHA-256 in hex; harmless when repeated."""

    def move(self, target: str) -> None:
        """Give the file its name for good; not durable yet."""

    @property
    def path(self) -> Path:
        """Where the bytes are until they are adopted; never shown to anybody."""

    def discard(self) -> None:
        """Drop the bytes, unless they were adopted; harmless when repeated."""


class Uploads(Protocol):
    """The documents, by tenant and hash."""

    def incoming(self, limit: int) -> Incoming:
        """Begin to receive a file of at most `limit` bytes."""

    def adopt(self, brought: Sequence[tuple[str, Incoming]]) -> list[str]:
        """Make received files documents of tenants that are kept, durable when back; returns their hashes."""

    def path(self, tenant: str, document: str) -> Path:
        """Where the document's bytes can be read."""

    def erase(self, tenant: str, document: str) -> None:
        """Delete the bytes; harmless when repeated."""

    def kept(self) -> Iterable[tuple[str, str]]:
        """Every stored `(tenant, document)`."""

    def abandoned(self, older_than_seconds: float) -> int:
        """Delete files that stopped arriving that long ago; returns how many there were."""


class Renditions(Protocol):
    """What documents were parsed to: by tenant and job a folder of files, never a part of the job's row."""

    def draft(self) -> AbstractContextManager[Path]:
        """An empty folder to write to, gone at the end unless it was adopted."""

    def adopt(self, tenant: str, job_id: UUID, draft: Path) -> None:
        """Keep a draft, durably, as what the job gave; before the transaction that completes the job.

        Raises:
            Unreadable: it holds something else than files with the names of a rendition.
        """

    def path(self, tenant: str, job_id: UUID, name: str) -> Path | None:
        """A file of what a job gave; `None` when there is none of that name."""

    def erase(self, tenant: str, job_id: UUID) -> None:
        """Delete what a job gave; harmless when repeated."""

    def kept(self) -> Iterable[tuple[str, UUID]]:
        """Every `(tenant, job)` that something is kept of."""

    def abandoned(self, older_than_seconds: float) -> int:
        """Delete drafts that nobody has written to for so long; returns how many there were."""
