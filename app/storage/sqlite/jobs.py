"""The rows of jobs."""

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from app.model.job import TERMINAL, Job, JobStatus
from app.model.progress import Stage
from app.storage.records import JobCount, JobFilter, JobPage, Pace
from app.storage.sqlite.contents import unpack_verdict
from app.storage.sqlite.database import Database, Values
from app.storage.sqlite.job_rows import FIXED, MOVING, from_row, to_row
from app.storage.sqlite.moments import from_ms, to_ms

_WAITING: Final = "jobs INDEXED BY jobs_waiting WHERE status IN ('pending', 'retrying')"
_RUNNING: Final = "jobs INDEXED BY jobs_running WHERE status = 'processing'"
"""Few rows among many, by indexes that hold nothing else."""
_INSERT: Final = (
    f"INSERT INTO jobs ({', '.join((*FIXED, *MOVING))}) "  # noqa: S608 - names of our own columns
    f"VALUES ({', '.join(f':{name}' for name in (*FIXED, *MOVING))})"
)
_UPDATE: Final = (
    f"UPDATE jobs SET {', '.join(f'{name} = :{name}' for name in MOVING)} "  # noqa: S608 - names of our own columns
    "WHERE job_id = :job_id AND version = :before"
)


class SqliteJobs:
    """`Jobs` over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job) -> None:
        """Write a new job."""
        self._database.write(_INSERT, to_row(job))

    def get(self, tenant: str, job_id: UUID) -> Job | None:
        """A tenant's job; another tenant's is `None`, as one that never was."""
        job = self.find(job_id)
        return job if job is not None and job.tenant == tenant else None

    def find(self, job_id: UUID) -> Job | None:
        """A job of whatever tenant."""
        row = self._database.row("SELECT * FROM jobs WHERE job_id = :job_id", {"job_id": str(job_id)})
        return None if row is None else from_row(row)

    def replace(self, before: Job, after: Job) -> bool:
        """Write a transition, if the row still stands at `before.version`; else nothing, and `False`."""
        # That somebody has begun may be forgotten by a power cut, which ends the attempt too.
        with self._database.transaction(durable=after.status is not JobStatus.PROCESSING):
            values = {**to_row(after), "before": before.version}
            if self._database.write(_UPDATE, values) == 0:
                return False
            if after.flags != before.flags:
                self._mark(after)
        return True

    def beat(self, job: Job, stage: Stage, progress: int) -> bool:
        """A sign of life and how far it is; `False` when the job was taken away from this attempt."""
        changed = self._database.write(
            "UPDATE jobs SET stage = :stage, progress = :progress, heartbeats = heartbeats + 1 "
            "WHERE job_id = :job_id AND version = :version",
            {"job_id": str(job.job_id), "version": job.version, "stage": stage, "progress": progress},
            durable=False,
        )
        return changed == 1

    def current(self, job: Job) -> bool:
        """Whether the row still stands at `job.version`."""
        row = self._database.row(
            "SELECT version FROM jobs WHERE job_id = :job_id", {"job_id": str(job.job_id)}
        )
        return row is not None and row["version"] == job.version

    def list(
        self, tenant: str, wanted: JobFilter, *, limit: int, offset: int = 0, after: UUID | None = None
    ) -> JobPage:
        """Newest first; see the protocol."""
        where, values = _conditions(tenant, wanted)
        found = self._database.row(f"SELECT count(*) AS total FROM jobs WHERE {where}", values)  # noqa: S608 - our own text
        if after is not None:
            where += " AND seq < (SELECT seq FROM jobs WHERE tenant = :tenant AND job_id = :after)"
        rows = self._database.rows(
            "SELECT *, (SELECT verdict FROM results WHERE results.job_id = jobs.job_id) AS verdict "  # noqa: S608 - our own text
            f"FROM jobs WHERE {where} ORDER BY seq DESC LIMIT :limit OFFSET :offset",
            {**values, "after": str(after), "limit": limit + 1, "offset": offset},
        )
        jobs = tuple(_with_verdict(row) for row in rows[:limit])
        return JobPage(jobs=jobs, total=found["total"] if found else 0, has_more=len(rows) > limit)

    def count(self, tenant: str | None = None) -> Sequence[JobCount]:
        """Jobs by status, of one tenant or of all."""
        mine = "TRUE" if tenant is None else "tenant = :tenant"
        rows = self._database.rows(
            f"SELECT status, count(*) AS count FROM jobs WHERE {mine} GROUP BY status",  # noqa: S608 - our own text
            {"tenant": tenant},
        )
        return [
            JobCount(
                status=JobStatus(row["status"]),
                count=row["count"],
                oldest_queued_at=self._oldest(JobStatus(row["status"]), mine, tenant),
            )
            for row in rows
        ]

    def flag_counts(self) -> Mapping[tuple[str, str], int]:
        """Jobs by `(code, severity)` of their flags."""
        rows = self._database.rows("SELECT code, severity, count(*) AS count FROM job_flags GROUP BY 1, 2")
        return {(row["code"], row["severity"]): row["count"] for row in rows}

    def waiting(self, limit: int) -> Sequence[Job]:
        """Pending and retrying jobs, the oldest first."""
        rows = self._database.rows(
            f"SELECT * FROM {_WAITING} ORDER BY seq LIMIT :limit",  # noqa: S608 - our own text
            {"limit": limit},
        )
        return [from_row(row) for row in rows]

    def processing(self) -> Sequence[Job]:
        """Jobs that say of themselves that they are being worked on."""
        return [from_row(row) for row in self._database.rows(f"SELECT * FROM {_RUNNING}")]  # noqa: S608 - our own text

    def ended_before(self, moment: dt.datetime, limit: int) -> Sequence[Job]:
        """Terminal jobs that ended before a moment, the oldest first."""
        rows = self._database.rows(
            "SELECT * FROM jobs WHERE completed_at < :moment ORDER BY completed_at LIMIT :limit",
            {"moment": to_ms(moment), "limit": limit},
        )
        return [from_row(row) for row in rows]

    def pace(self) -> Pace:
        """How busy it is, for estimates."""
        row = self._database.row(
            f"SELECT (SELECT count(*) FROM {_WAITING}) AS waiting, "  # noqa: S608 - our own text
            "(SELECT avg(processing_ms) FROM (SELECT processing_ms FROM jobs "
            "WHERE completed_at IS NOT NULL ORDER BY completed_at DESC LIMIT 20)) AS mean_ms"
        )
        return Pace(waiting=row["waiting"] if row else 0, mean_ms=(row["mean_ms"] if row else None) or 0.0)

    def needs(self, tenant: str, document: str) -> bool:
        """Whether any job refers to the document."""
        row = self._database.row(
            "SELECT 1 FROM jobs WHERE tenant = :tenant AND document = :document LIMIT 1",
            {"tenant": tenant, "document": document},
        )
        return row is not None

    def delete(self, job: Job) -> None:
        """Remove a job's row and, by cascade, everything that hangs on it."""
        self._database.write("DELETE FROM jobs WHERE job_id = :job_id", {"job_id": str(job.job_id)})

    def _oldest(self, status: JobStatus, mine: str, tenant: str | None) -> dt.datetime | None:
        if status in TERMINAL:
            return None
        few = _RUNNING if status is JobStatus.PROCESSING else _WAITING
        row = self._database.row(
            f"SELECT min(queued_at) AS oldest FROM {few} AND status = :status AND {mine}",  # noqa: S608 - our own text
            {"status": status, "tenant": tenant},
        )
        return None if row is None else from_ms(row["oldest"])

    def _mark(self, job: Job) -> None:
        values = {"job_id": str(job.job_id)}
        self._database.write(
            "DELETE FROM job_flags WHERE seq IN (SELECT seq FROM jobs WHERE job_id = :job_id)", values
        )
        for mark in job.flags:
            self._database.write(
                "INSERT OR IGNORE INTO job_flags (tenant, code, severity, seq) "
                "SELECT tenant, :code, :severity, seq FROM jobs WHERE job_id = :job_id",
                {**values, "code": mark.code, "severity": mark.severity},
            )


def _with_verdict(row: sqlite3.Row) -> Job:
    job = from_row(row)
    return job if row["verdict"] is None else replace(job, verdict=unpack_verdict(row["verdict"]))


def _conditions(tenant: str, wanted: JobFilter) -> tuple[str, Values]:
    values: dict[str, object] = {
        "tenant": tenant,
        "status": wanted.status,
        "type": wanted.type,
        "flag": wanted.flag,
        "severity": wanted.severity,
        "decision": wanted.decision,
        "external_id": wanted.external_id,
        "batch_id": None if wanted.batch_id is None else str(wanted.batch_id),
        "created_after": to_ms(wanted.created_after),
        "created_before": to_ms(wanted.created_before),
    }
    texts = ["tenant = :tenant"]
    texts += [f"{name} = :{name}" for name in _EQUAL if values[name] is not None]
    if wanted.created_after is not None:
        texts.append("queued_at >= :created_after")
    if wanted.created_before is not None:
        texts.append("queued_at < :created_before")
    if wanted.flag is not None or wanted.severity is not None:
        texts.append(_FLAGGED)
    return " AND ".join(texts), values


_EQUAL: Final = ("status", "type", "decision", "external_id", "batch_id")
_FLAGGED: Final = (
    "seq IN (SELECT seq FROM job_flags WHERE tenant = :tenant"
    " AND (:flag IS NULL OR code = :flag) AND (:severity IS NULL OR severity = :severity))"
)
