"""A job as a row, and a row as a job."""

import sqlite3
from typing import Final
from uuid import UUID

import msgspec

from app.model.document import FileType
from app.model.job import Delivery, Job, JobStatus, Order
from app.model.progress import Stage
from app.model.verdict import FlagMark
from app.storage.sqlite.database import Values
from app.storage.sqlite.moments import from_ms, to_ms

MOVING: Final = (
    "status", "version", "stage", "progress", "attempt_count", "worker", "heartbeats", "retry_at",
    "started_at", "completed_at", "processing_ms", "file_type", "page_count", "language", "confidence",
    "model", "cache_hit", "decision", "flags", "error", "error_code",
)  # fmt: skip
"""The columns a transition may change."""

FIXED: Final = (
    "job_id", "tenant", "key_id", "type", "request", "metadata", "external_id", "batch_id", "document",
    "size", "queued_at",
)  # fmt: skip
"""The columns that are written once."""

_encode: Final = msgspec.json.Encoder().encode
_order: Final = msgspec.json.Decoder(Order).decode
_flags: Final = msgspec.json.Decoder(tuple[FlagMark, ...]).decode
_delivery: Final = msgspec.json.Decoder(Delivery | None).decode


def to_row(job: Job) -> Values:
    """Every column of a job but those the store keeps for itself."""
    options = msgspec.structs.replace(job.order.options, password=None)
    metadata = job.order.metadata
    order = msgspec.structs.replace(job.order, options=options, metadata=None)
    return {
        **{name: getattr(job, name) for name in (*MOVING, *FIXED) if name in Job.__struct_fields__},
        "job_id": str(job.job_id),
        "type": order.type,
        "request": _encode(order).decode(),
        "metadata": None if metadata is None else bytes(metadata).decode(),
        "external_id": order.external_id,
        "batch_id": None if order.batch_id is None else str(order.batch_id),
        "cache_hit": int(job.cache_hit),
        "flags": _encode(job.flags).decode(),
        "queued_at": to_ms(job.queued_at),
        "retry_at": to_ms(job.retry_at),
        "started_at": to_ms(job.started_at),
        "completed_at": to_ms(job.completed_at),
    }


def from_row(row: sqlite3.Row) -> Job:
    """The job a row tells of."""
    return Job(
        job_id=UUID(row["job_id"]),
        tenant=row["tenant"],
        key_id=row["key_id"],
        order=_order_of(row),
        document=row["document"],
        size=row["size"],
        status=JobStatus(row["status"]),
        version=row["version"],
        stage=Stage(row["stage"]),
        progress=row["progress"],
        attempt_count=row["attempt_count"],
        worker=row["worker"],
        heartbeats=row["heartbeats"],
        retry_at=from_ms(row["retry_at"]),
        queued_at=from_ms(row["queued_at"]),
        started_at=from_ms(row["started_at"]),
        completed_at=from_ms(row["completed_at"]),
        processing_ms=row["processing_ms"],
        file_type=None if row["file_type"] is None else FileType(row["file_type"]),
        page_count=row["page_count"],
        language=row["language"],
        confidence=row["confidence"],
        model=row["model"],
        cache_hit=bool(row["cache_hit"]),
        decision=row["decision"],
        flags=_flags(row["flags"]),
        error=row["error"],
        error_code=row["error_code"],
        delivery=None if row["delivery"] is None else _delivery(row["delivery"]),
    )


def _order_of(row: sqlite3.Row) -> Order:
    order = _order(row["request"])
    if row["metadata"] is None:
        return order
    return msgspec.structs.replace(order, metadata=msgspec.Raw(row["metadata"].encode()))
