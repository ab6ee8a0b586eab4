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
"""Past invoices that are looked at for one new one, the latest first."""


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
        """The tenant's earlier invoices of the same seller or the same file, but those of the job itself."""
        rows = self._database.rows(
            "SELECT * FROM history WHERE id IN ("
            "SELECT id FROM history WHERE tenant = :tenant AND document = :document "
            "UNION SELECT id FROM history WHERE tenant = :tenant AND vendor_vat_number = :vat "
            "UNION SELECT id FROM history WHERE tenant = :tenant AND vendor_name = :name"
            ") AND job_id <> :job_id ORDER BY id DESC LIMIT :most",
            {
                "job_id": str(job.job_id),
                "tenant": job.tenant,
                "document": job.document,
                "vat": invoice.vendor.vat_number,
                "name": invoice.vendor.name,
                "most": MOST,
            },
        )
        return [_from_row(row) for row in rows]


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
