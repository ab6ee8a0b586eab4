"""Webhooks on their way."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from app.model.job import Delivery
from app.storage.records import Message
from app.storage.sqlite.database import Database, Values
from app.storage.sqlite.moments import from_ms, to_ms

RING_AGAIN: Final = dt.timedelta(seconds=15)
"""How long after it should have been sent a message's bell is rung again."""

_COLUMNS: Final = (
    "message_id", "job_id", "url", "event", "created_at", "attempts", "next_at", "ring_at", "last_attempt_at",
    "last_status_code", "delivered_at",
)  # fmt: skip


class SqliteMessages:
    """`Messages` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, message: Message) -> None:
        """Write a message, and the job's first `delivery`."""
        with self._database.transaction():
            self._database.write(
                f"INSERT OR REPLACE INTO messages ({', '.join(_COLUMNS)}) "  # noqa: S608 - names of our own columns
                f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)})",
                _to_row(message),
            )
            self._show(message)

    def get(self, message_id: str) -> Message | None:
        """One message."""
        return self._one("SELECT * FROM messages WHERE message_id = :it", message_id)

    def of(self, job_id: UUID) -> Message | None:
        """The message of a job."""
        return self._one("SELECT * FROM messages WHERE job_id = :it", str(job_id))

    def replace(self, before: Message, after: Message) -> bool:
        """Write an attempt's outcome and the job's `delivery`, unless another attempt was noted meanwhile."""
        with self._database.transaction():
            changed = self._database.write(
                "UPDATE messages SET attempts = :attempts, next_at = :next_at, ring_at = :ring_at, "
                "last_attempt_at = :last_attempt_at, last_status_code = :last_status_code, "
                "delivered_at = :delivered_at WHERE message_id = :message_id AND attempts = :before",
                {**_to_row(after), "before": before.attempts},
            )
            if changed:
                self._show(after)
            return changed == 1

    def due(self, now: dt.datetime, limit: int) -> Sequence[Message]:
        """Messages whose time has come and whose bell was not answered."""
        rows = self._database.rows(
            "SELECT * FROM messages WHERE ring_at <= :now ORDER BY ring_at LIMIT :limit",
            {"now": to_ms(now), "limit": limit},
        )
        return [_from_row(row) for row in rows]

    def waiting(self, limit: int) -> Sequence[Message]:
        """Messages of which an attempt is left to make, the oldest first."""
        rows = self._database.rows(
            "SELECT * FROM messages INDEXED BY messages_due WHERE ring_at IS NOT NULL "
            "ORDER BY rowid LIMIT :limit",
            {"limit": limit},
        )
        return [_from_row(row) for row in rows]

    def rung(self, messages: Iterable[Message], now: dt.datetime) -> None:
        """Note that these were rung for again."""
        with self._database.transaction():
            for message in messages:
                self._database.write(
                    "UPDATE messages SET ring_at = :ring_at "
                    "WHERE message_id = :message_id AND attempts = :attempts",
                    {**_to_row(message), "ring_at": to_ms(now + 4 * RING_AGAIN)},
                )

    def _one(self, sql: str, it: str) -> Message | None:
        row = self._database.row(sql, {"it": it})
        return None if row is None else _from_row(row)

    def _show(self, message: Message) -> None:
        """The job carries the public summary, so that showing a job needs no second look."""
        delivery = Delivery(
            attempts=message.attempts,
            last_attempt_at=message.last_attempt_at,
            last_status_code=message.last_status_code,
            delivered=message.delivered_at is not None,
            next_attempt_at=message.next_at,
        )
        self._database.write(
            "UPDATE jobs SET delivery = :delivery WHERE job_id = :job_id",
            {"delivery": msgspec.json.encode(delivery).decode(), "job_id": str(message.job_id)},
        )


def _to_row(message: Message) -> Values:
    return {
        "message_id": message.message_id,
        "job_id": str(message.job_id),
        "url": message.url,
        "event": message.event,
        "created_at": to_ms(message.created_at),
        "attempts": message.attempts,
        "next_at": to_ms(message.next_at),
        "ring_at": None if message.next_at is None else to_ms(message.next_at + RING_AGAIN),
        "last_attempt_at": to_ms(message.last_attempt_at),
        "last_status_code": message.last_status_code,
        "delivered_at": to_ms(message.delivered_at),
    }


def _from_row(row: sqlite3.Row) -> Message:
    return Message(
        message_id=row["message_id"],
        job_id=UUID(row["job_id"]),
        url=row["url"],
        event=row["event"],
        created_at=from_ms(row["created_at"]),
        attempts=row["attempts"],
        next_at=from_ms(row["next_at"]),
        last_attempt_at=from_ms(row["last_attempt_at"]),
        last_status_code=row["last_status_code"],
        delivered_at=from_ms(row["delivered_at"]),
    )
