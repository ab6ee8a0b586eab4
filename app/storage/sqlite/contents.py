"""What was read: results of jobs, the cache of extractions, and the secrets a job needs while it lives."""

import datetime as dt
import zlib
from typing import Final
from uuid import UUID

import msgspec

from app.model.evidence import told
from app.model.extraction import Extraction
from app.model.job import Job
from app.model.verdict import Verdict
from app.storage.sqlite.database import Database
from app.storage.sqlite.moments import to_ms
from app.storage.vault import Vault

_ended: Final = "('completed', 'failed', 'cancelled')"


def pack(value: msgspec.Struct) -> bytes:
    """A struct as compressed JSON; amounts are text in it, so every digit comes back."""
    return zlib.compress(msgspec.json.encode(value, enc_hook=told))


def unpack_extraction(packed: bytes) -> Extraction:
    """What `pack` made of an extraction."""
    return msgspec.json.decode(zlib.decompress(packed), type=Extraction)


def unpack_verdict(packed: bytes) -> Verdict:
    """What `pack` made of a verdict."""
    return msgspec.json.decode(zlib.decompress(packed), type=Verdict)


class SqliteResults:
    """`Results` over SQLite: each job has a copy of its own, so that erasing one leaves the others whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, job: Job, extraction: Extraction, verdict: Verdict) -> None:
        """Keep the result of a job."""
        self._database.write(
            "INSERT OR REPLACE INTO results (job_id, extraction, verdict) "
            "VALUES (:job_id, :extraction, :verdict)",
            {"job_id": str(job.job_id), "extraction": pack(extraction), "verdict": pack(verdict)},
        )

    def get(self, job: Job) -> tuple[Extraction, Verdict] | None:
        """The result of a completed job; `None` when there is none (any more)."""
        row = self._database.row(
            "SELECT extraction, verdict FROM results WHERE job_id = :job_id", {"job_id": str(job.job_id)}
        )
        if row is None:
            return None
        return unpack_extraction(row["extraction"]), unpack_verdict(row["verdict"])


class SqliteCache:
    """`Cache` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, tenant: str, document: str, fingerprint: str, extraction: Extraction, now: dt.datetime
    ) -> None:
        """Remember; the first one stays when two workers bring the same."""
        self._database.write(
            "INSERT OR IGNORE INTO cache (tenant, document, fingerprint, extraction, created_at) "
            "VALUES (:tenant, :document, :fingerprint, :extraction, :now)",
            {
                "tenant": tenant,
                "document": document,
                "fingerprint": fingerprint,
                "extraction": pack(extraction),
                "now": to_ms(now),
            },
        )

    def get(self, tenant: str, document: str, fingerprint: str) -> Extraction | None:
        """The same tenant's extraction of the same bytes under the same options and versions."""
        row = self._database.row(
            "SELECT extraction FROM cache "
            "WHERE tenant = :tenant AND document = :document AND fingerprint = :fingerprint",
            {"tenant": tenant, "document": document, "fingerprint": fingerprint},
        )
        return None if row is None else unpack_extraction(row["extraction"])

    def erase(self, tenant: str, document: str) -> None:
        """Forget all that was read from a document."""
        self._database.write(
            "DELETE FROM cache WHERE tenant = :tenant AND document = :document",
            {"tenant": tenant, "document": document},
        )

    def expire(self, before: dt.datetime) -> int:
        """Forget what was remembered before a moment."""
        return self._database.write("DELETE FROM cache WHERE created_at < :before", {"before": to_ms(before)})


class SqliteSecrets:
    """`Secrets` over SQLite, sealed by the vault and bound to their job and name."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def put(self, job_id: UUID, name: str, value: str) -> None:
        """Keep a secret until the job ends."""
        self._database.write(
            "INSERT OR REPLACE INTO secrets (job_id, name, sealed) VALUES (:job_id, :name, :sealed)",
            {"job_id": str(job_id), "name": name, "sealed": self._vault.seal(value, _purpose(job_id, name))},
        )

    def get(self, job_id: UUID, name: str) -> str | None:
        """The secret, for the worker that runs the job."""
        row = self._database.row(
            "SELECT sealed FROM secrets WHERE job_id = :job_id AND name = :name",
            {"job_id": str(job_id), "name": name},
        )
        return None if row is None else self._vault.open(row["sealed"], _purpose(job_id, name))

    def erase(self, job_id: UUID) -> None:
        """Forget all of a job's secrets."""
        self._database.write("DELETE FROM secrets WHERE job_id = :job_id", {"job_id": str(job_id)})

    def erase_ended(self) -> int:
        """Forget those of jobs that are over; returns how many there were."""
        return self._database.write(
            # From the few secrets to their jobs, not from all jobs that ended to their secrets.
            "DELETE FROM secrets WHERE EXISTS (SELECT 1 FROM jobs "  # noqa: S608 - our own text
            f"WHERE jobs.job_id = secrets.job_id AND status IN {_ended})"
        )


def _purpose(job_id: UUID, name: str) -> str:
    return f"job {job_id} {name}"
