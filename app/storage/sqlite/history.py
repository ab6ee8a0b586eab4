"""What is remembered of invoices that were processed before, for the rules that compare."""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from app.model.invoice import Invoice
from app.model.job import Job
from app.storage.sqlite.database import Database
from app.validation.context import PastInvoice

MOST: Final = 200
"""Past invoices of one file, one seller or one number that are looked at, the latest first."""


class SqliteHistory:
    """`History` over SQLite: a few identifying values of each invoice, gone with its job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job, invoice: Invoice) -> None:
        """Remember a completed job's invoice."""
        self._database.write(
            "INSERT OR REPLACE INTO history (job_id, tenant, document, vendor_name, vendor_vat_number, iban, "
            "number, date, type, currency, total) VALUES (:job_id, :tenant, :document, :vendor_name, "
            ":vendor_vat_number, :iban, :number, :date, :type, :currency, :total)",
            {
                "job_id": str(job.job_id),
                "tenant": job.tenant,
                "document": job.document,
                "vendor_name": invoice.vendor.name,
                "vendor_vat_number": invoice.vendor.vat_number,
                "iban": invoice.vendor.iban,
                "number": invoice.invoice.number,
                "date": None if invoice.invoice.date is None else invoice.invoice.date.isoformat(),
                "type": invoice.invoice.type,
                "currency": invoice.invoice.currency,
                "total": None if invoice.financials.total is None else str(invoice.financials.total),
            },
        )

    def before(self, job: Job, invoice: Invoice) -> Sequence[PastInvoice]:
        """The tenant's earlier invoices of the same file, seller or number, but those of the job itself."""
        rows = self._database.rows(
            _BEFORE,
            {
                "job_id": str(job.job_id),
                "tenant": job.tenant,
                "document": job.document,
                "vendor_vat_number": invoice.vendor.vat_number,
                "vendor_name": invoice.vendor.name,
                "number": invoice.invoice.number,
                "most": MOST,
            },
        )
        return [_from_row(row) for row in rows]


def _latest(column: str) -> str:
    """The latest with the same value: read off an index, however many there are."""
    return (
        f"SELECT id FROM (SELECT id FROM history WHERE tenant = :tenant AND {column} = :{column} "  # noqa: S608 - our own names
        "AND id < (SELECT before FROM me) ORDER BY id DESC LIMIT :most)"
    )


_BEFORE: Final = (
    "WITH me AS (SELECT coalesce((SELECT id FROM history WHERE job_id = :job_id), 9e18) AS before) "  # noqa: S608 - our own names
    "SELECT * FROM history WHERE id IN ("
    + " UNION ".join(_latest(column) for column in ("document", "vendor_vat_number", "vendor_name", "number"))
    + ") ORDER BY id DESC"
)


def _from_row(row: sqlite3.Row) -> PastInvoice:
    return PastInvoice(
        job_id=row["job_id"],
        sha256=row["document"],
        vendor_name=row["vendor_name"],
        vendor_vat_number=row["vendor_vat_number"],
        iban=row["iban"],
        number=row["number"],
        date=None if row["date"] is None else dt.date.fromisoformat(row["date"]),
        type=row["type"],
        currency=row["currency"],
        total=None if row["total"] is None else Decimal(row["total"]),
    )
