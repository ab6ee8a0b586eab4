"""Jobs for people and spreadsheets: one row a document."""

import csv
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UnsetType

from app.cli.output import print_table
from app.jobs.view import JobView
from app.model.invoice import Invoice
from app.model.paths import leaves

_SHOWN: Final[Mapping[str, str]] = {
    "vendor": "vendor.name",
    "number": "invoice.number",
    "date": "invoice.date",
    "due": "invoice.due_date",
    "subtotal": "financials.subtotal",
    "tax": "financials.tax_amount",
    "total": "financials.total",
    "currency": "invoice.currency",
}
_WHOLE: Final = ("vendor.", "buyer.", "invoice.", "financials.")


class _Flag(msgspec.Struct):
    code: str


class _Decision(msgspec.Struct):
    outcome: str


def show(jobs: Sequence[JobView], shape: str) -> None:
    """Print jobs as a `table` of the essentials or as `csv` of every header field."""
    if shape == "csv":
        _csv(jobs)
    else:
        print_table(("file", *_SHOWN, "decision", "flags"), [_row(job) for job in jobs])


def _row(job: JobView) -> tuple[str, ...]:
    values = _values(job)
    told = job.error if isinstance(job.error, str) else " ".join(_flags(job))
    return (job.filename or "", *(values.get(path, "") for path in _SHOWN.values()), _outcome(job), told)


def _csv(jobs: Sequence[JobView]) -> None:
    paths = [path for path in _all_paths() if path.startswith(_WHOLE)]
    writer = csv.writer(sys.stdout)
    writer.writerow(("file", "status", *paths, "confidence", "decision", "flags", "error_code", "error"))
    for job in jobs:
        values = _values(job)
        writer.writerow(
            (
                job.filename,
                job.status,
                *(values.get(path, "") for path in paths),
                _text(job.confidence),
                _outcome(job),
                " ".join(_flags(job)),
                _text(job.error_code),
                _text(job.error),
            )
        )


def _values(job: JobView) -> dict[str, str]:
    if isinstance(job.result, UnsetType):
        return {}
    return {path: str(value) for path, value in leaves(job.result)}


def _flags(job: JobView) -> list[str]:
    if isinstance(job.validation_flags, UnsetType):
        return []
    flags = msgspec.json.decode(job.validation_flags, type=list[_Flag])
    return list(dict.fromkeys(flag.code for flag in flags))


def _outcome(job: JobView) -> str:
    if isinstance(job.decision, UnsetType):
        return str(job.status)
    return msgspec.json.decode(job.decision, type=_Decision).outcome


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, UnsetType) else str(value)


def _all_paths() -> list[str]:
    sections = msgspec.structs.fields(Invoice)
    return [
        f"{section.name}.{field}"
        for section in sections
        if hasattr(section.type, "__struct_fields__")
        for field in section.type.__struct_fields__
    ]
