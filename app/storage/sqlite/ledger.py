"""What requests leave behind: first answers, counts for quotas, batches."""

import datetime as dt
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final
from uuid import UUID

import msgspec

from app.storage.records import Batch, Refusal, Remembered, Usage
from app.storage.sqlite.database import Database
from app.storage.sqlite.moments import from_ms, to_ms

_COUNTED: Final = ("jobs", "completed", "failed", "cancelled", "cache_hits", "pages", "bytes")


class SqliteRequests:
    """`Requests` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, key_id: str, idempotency_key: str, now: dt.datetime) -> Remembered | None:
        """What was answered to the first request."""
        row = self._database.row(
            "SELECT fingerprint, answer FROM requests "
            "WHERE key_id = :key_id AND idempotency_key = :key AND expires_at > :now",
            {"key_id": key_id, "key": _hashed(idempotency_key), "now": to_ms(now)},
        )
        return None if row is None else Remembered(fingerprint=row["fingerprint"], answer=row["answer"])

    def remember(self, key_id: str, idempotency_key: str, answer: Remembered, until: dt.datetime) -> None:
        """Keep the first answer."""
        self._database.write(
            "INSERT OR REPLACE INTO requests (key_id, idempotency_key, fingerprint, answer, expires_at) "
            "VALUES (:key_id, :key, :fingerprint, :answer, :until)",
            {
                "key_id": key_id,
                "key": _hashed(idempotency_key),
                "fingerprint": answer.fingerprint,
                "answer": answer.answer,
                "until": to_ms(until),
            },
        )

    def expire(self, now: dt.datetime) -> int:
        """Forget what is older than its day."""
        return self._database.write("DELETE FROM requests WHERE expires_at <= :now", {"now": to_ms(now)})


class SqliteUsages:
    """`Usages` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, counted: Usage) -> Usage:
        """Add to a key's month; returns the month as it then stands."""
        with self._database.transaction():
            row = self._database.row(_ADD, msgspec.to_builtins(counted))
        return counted if row is None else msgspec.convert(dict(row), Usage)

    def get(self, key_id: str, month: str) -> Usage:
        """A key's month, zero when nothing was brought."""
        row = self._database.row(
            "SELECT * FROM usage WHERE key_id = :key_id AND month = :month",
            {"key_id": key_id, "month": month},
        )
        return Usage(key_id=key_id, month=month) if row is None else msgspec.convert(dict(row), Usage)

    def months(self, key_ids: Iterable[str], last: int = 12) -> Sequence[Usage]:
        """The last months of these keys, the newest first."""
        rows = [
            row
            for key_id in key_ids
            for row in self._database.rows(
                "SELECT * FROM usage WHERE key_id = :key_id ORDER BY month DESC LIMIT :last",
                {"key_id": key_id, "last": last},
            )
        ]
        return sorted(
            (msgspec.convert(dict(row), Usage) for row in rows), key=lambda it: it.month, reverse=True
        )


class SqliteBatches:
    """`Batches` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, batch: Batch) -> None:
        """Write a batch, before its jobs."""
        self._database.write(
            "INSERT INTO batches (batch_id, tenant, created_at, refused) "
            "VALUES (:batch_id, :tenant, :now, :refused)",
            {
                "batch_id": str(batch.batch_id),
                "tenant": batch.tenant,
                "now": to_ms(batch.created_at),
                "refused": msgspec.json.encode(batch.refused).decode(),
            },
        )

    def get(self, tenant: str, batch_id: UUID) -> Batch | None:
        """A tenant's batch."""
        row = self._database.row(
            "SELECT * FROM batches WHERE batch_id = :batch_id AND tenant = :tenant",
            {"batch_id": str(batch_id), "tenant": tenant},
        )
        if row is None:
            return None
        refused = msgspec.json.decode(row["refused"], type=tuple[Refusal, ...])
        return Batch(batch_id=batch_id, tenant=tenant, created_at=from_ms(row["created_at"]), refused=refused)

    def expire(self, before: dt.datetime) -> int:
        """Forget batches made before a moment that have no jobs any more."""
        return self._database.write(
            "DELETE FROM batches WHERE created_at < :before "
            "AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.batch_id = batches.batch_id)",
            {"before": to_ms(before)},
        )


_ADD: Final = (
    f"INSERT INTO usage (key_id, month, {', '.join(_COUNTED)}) "  # noqa: S608 - names of our own columns
    f"VALUES (:key_id, :month, {', '.join(f':{name}' for name in _COUNTED)}) "
    f"ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _COUNTED)} "
    "RETURNING *"
)


def _hashed(idempotency_key: str) -> bytes:
    """Callers may put anything into the header, also what should not be kept."""
    return blake2b(idempotency_key.encode(), digest_size=16).digest()
