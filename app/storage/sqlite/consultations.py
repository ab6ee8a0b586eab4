"""What models answered, to use again, and what they took."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.model.consultation import Reply, Spent
from app.storage.records import ModelUsage
from app.storage.sqlite.database import Database
from app.storage.sqlite.moments import to_ms

_COUNTED: Final = (
    "model_calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_micros",
)
_MICROS: Final = Decimal(1_000_000)


class SqliteReplies:
    """`Replies` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, tenant: str, document: str, fingerprint: str, reply: Reply, now: dt.datetime) -> None:
        """Remember; the first one stays when two workers bring the same."""
        self._database.write(
            "INSERT OR IGNORE INTO model_replies (tenant, document, fingerprint, reply, created_at) "
            "VALUES (:tenant, :document, :fingerprint, :reply, :now)",
            {
                "tenant": tenant,
                "document": document,
                "fingerprint": fingerprint,
                "reply": msgspec.json.encode(reply),
                "now": to_ms(now),
            },
            durable=False,
        )

    def get(self, tenant: str, document: str, fingerprint: str) -> Reply | None:
        """The same tenant's answer to the same question."""
        row = self._database.row(
            "SELECT reply FROM model_replies "
            "WHERE tenant = :tenant AND document = :document AND fingerprint = :fingerprint",
            {"tenant": tenant, "document": document, "fingerprint": fingerprint},
        )
        return None if row is None else msgspec.json.decode(row["reply"], type=Reply)

    def erase(self, tenant: str, document: str) -> None:
        """Forget all that was answered about a document."""
        self._database.write(
            "DELETE FROM model_replies WHERE tenant = :tenant AND document = :document",
            {"tenant": tenant, "document": document},
        )

    def expire(self, before: dt.datetime) -> int:
        """Forget what was remembered before a moment."""
        return self._database.write(
            "DELETE FROM model_replies WHERE created_at < :before", {"before": to_ms(before)}
        )


class SqliteModelUsages:
    """`ModelUsages` over SQLite; money is kept in millionths."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key_id: str, month: str, spent: Spent) -> None:
        """Add to a key's month."""
        values = {
            **{name: getattr(spent, name) for name in _COUNTED[:-1]},
            "cost_micros": int((spent.cost or 0) * _MICROS),
        }
        self._database.write(_ADD, {"key_id": key_id, "month": month, **values})

    def get(self, key_id: str, month: str) -> ModelUsage:
        """A key's month, nothing when no model was asked."""
        row = self._database.row(
            "SELECT * FROM model_usage WHERE key_id = :key_id AND month = :month",
            {"key_id": key_id, "month": month},
        )
        return ModelUsage(key_id=key_id, month=month) if row is None else _from_row(row)

    def months(self, key_ids: Iterable[str], last: int = 12) -> Sequence[ModelUsage]:
        """The last months of these keys, the newest first."""
        rows = [
            row
            for key_id in key_ids
            for row in self._database.rows(
                "SELECT * FROM model_usage WHERE key_id = :key_id ORDER BY month DESC LIMIT :last",
                {"key_id": key_id, "last": last},
            )
        ]
        return sorted(map(_from_row, rows), key=lambda it: it.month, reverse=True)


def _from_row(row: sqlite3.Row) -> ModelUsage:
    spent = Spent(**{name: row[name] for name in _COUNTED[:-1]}, cost=Decimal(row["cost_micros"]) / _MICROS)
    return ModelUsage(key_id=row["key_id"], month=row["month"], spent=spent)


_ADD: Final = (
    f"INSERT INTO model_usage (key_id, month, {', '.join(_COUNTED)}) "  # noqa: S608 - names of our own columns
    f"VALUES (:key_id, :month, {', '.join(f':{name}' for name in _COUNTED)}) "
    f"ON CONFLICT DO UPDATE SET {', '.join(f'{name} = {name} + excluded.{name}' for name in _COUNTED)}"
)
