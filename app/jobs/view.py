"""A job as the public API shows it: the one place that knows which keys it has in which state.

The API, the command line and the webhooks all give these bytes; amounts are JSON numbers with all digits.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from app.model.consultation import Spent
from app.model.document import FileType, Signature
from app.model.evidence import Evidence, told
from app.model.extraction import Extraction
from app.model.invoice import Invoice
from app.model.job import Delivery, Job, JobStatus, JobType
from app.model.options import Mode
from app.model.progress import Stage
from app.model.segment import OutputFormat, ParsedDocument, Parsing
from app.model.verdict import Verdict
from app.storage.protocols import Store
from app.storage.renditions import DOCUMENT_MARKDOWN, RESULT

LARGEST_RESULT: Final = 1_000_000
"""Bytes of a parsed document up to which an answer carries it in memory."""
encode: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=told).encode


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """How the webhook went so far."""

    attempts: int
    last_attempt_at: str | None
    last_status_code: int | None
    delivered: bool
    next_attempt_at: str | None
    """Null when none is left to make."""


class JobHead(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that every job has in every state."""

    job_id: str
    type: JobType
    mode: Mode
    status: JobStatus
    stage: Stage
    progress: int
    attempt_count: int
    retry_at: str | None
    """When the next attempt begins; null unless the status is `retrying`."""
    queued_at: str
    started_at: str | None
    completed_at: str | None
    processing_ms: int | None
    filename: str | None
    file_type: FileType | None
    page_count: int | None
    language: str | None
    external_id: str | None
    metadata: msgspec.Raw | None
    batch_id: str | None
    callback_url: str | None
    delivery: DeliveryView | None


class Consulted(msgspec.Struct, frozen=True, kw_only=True):
    """What a model was asked and what came of it."""

    provider: str
    model: str | None
    """The id the provider gave; null when none answered."""
    prompt: str
    prompt_sha256: str
    asked: tuple[str, ...]
    taken: tuple[str, ...]
    confirmed: tuple[str, ...]
    refused: tuple[str, ...]
    ungrounded: tuple[str, ...]
    trouble: tuple[str, ...]


class JobView(JobHead, frozen=True, kw_only=True):
    """The body of `GET /v1/jobs/{job_id}`; keys that a state does not have are left out."""

    confidence: float | UnsetType | None = UNSET
    model: str | UnsetType | None = UNSET
    cache_hit: bool | UnsetType = UNSET
    validation_flags: msgspec.Raw | UnsetType = UNSET
    validation: msgspec.Raw | UnsetType = UNSET
    decision: msgspec.Raw | UnsetType = UNSET
    result: Invoice | UnsetType = UNSET
    results: tuple[Invoice, ...] | UnsetType = UNSET
    """All invoices, when the file holds several; `result` is the first."""
    fields: Mapping[str, Evidence] | UnsetType = UNSET
    signature: Signature | UnsetType = UNSET
    """On signed files."""
    usage: Spent | UnsetType = UNSET
    """What asking a model took; on jobs that were read with one."""
    consultation: Consulted | UnsetType = UNSET
    """How the model took part."""

    error: str | UnsetType = UNSET
    error_code: str | UnsetType = UNSET


class ParseJobView(JobHead, frozen=True, kw_only=True):
    """The same for a job of type `parse`, whose result is the document itself."""

    cache_hit: bool | UnsetType = UNSET
    result_url: str | UnsetType = UNSET
    """Where the result alone can be fetched, also as Markdown, HTML or ZIP."""
    result: msgspec.Raw | UnsetType = UNSET

    error: str | UnsetType = UNSET
    error_code: str | UnsetType = UNSET


def show(store: Store, job: Job, most: int = LARGEST_RESULT) -> JobView | ParseJobView:
    """A stored job of either type, with its result when it has one.

    A parsed document of more than `most` bytes is left out, and `result_url` says where it can be fetched.
    """
    if job.order.type is not JobType.PARSE:
        return view(job, store.results.get(job) if job.status is JobStatus.COMPLETED else None)
    shown = ParseJobView(**msgspec.structs.asdict(_head(job)))
    if job.status is JobStatus.FAILED:
        return msgspec.structs.replace(shown, error=job.error or "", error_code=job.error_code or "")
    path = parsed_result(store, job)
    if path is None:
        return shown
    shown = msgspec.structs.replace(
        shown, cache_hit=job.cache_hit, result_url=f"/v1/jobs/{job.job_id}/result"
    )
    wanted = (job.order.parsing or Parsing()).output_format
    if wanted is not OutputFormat.JSON:
        return msgspec.structs.replace(shown, result=_short(store, job, most))
    if path.stat().st_size > most:
        return shown
    return msgspec.structs.replace(shown, result=msgspec.Raw(path.read_bytes()))


def _short(store: Store, job: Job, most: int) -> msgspec.Raw:
    """The result where the document is fetched as Markdown, HTML or ZIP: its Markdown if it is small."""
    path = store.renditions.path(job.tenant, job.job_id, DOCUMENT_MARKDOWN)
    small = path is not None and path.stat().st_size <= most
    document = ParsedDocument(
        document_id=str(job.job_id),
        filename=job.order.filename,
        file_type=job.file_type or FileType.PDF,
        page_count=job.page_count or 0,
        download=f"/v1/jobs/{job.job_id}/result",
        markdown=path.read_text("utf-8") if path is not None and small else "",
        chunks=(),
    )
    return msgspec.Raw(encode(document))


def parsed_result(store: Store, job: Job) -> Path | None:
    """The file with the `result` of a completed job of type `parse`."""
    if job.order.type is not JobType.PARSE or job.status is not JobStatus.COMPLETED:
        return None
    return store.renditions.path(job.tenant, job.job_id, RESULT)


def view(job: Job, result: tuple[Extraction, Verdict] | None = None) -> JobView:
    """A job with its result, when it has one."""
    if result is not None:
        job = msgspec.structs.replace(job, verdict=result[1])
    shown = summary(job)
    if result is None:
        return shown
    extraction = result[0]
    return msgspec.structs.replace(
        shown,
        result=extraction.invoice,
        results=tuple(reading.invoice for reading in extraction.readings)
        if len(extraction.readings) > 1
        else UNSET,
        fields=extraction.fields,
        signature=extraction.signature or UNSET,
        usage=UNSET if extraction.consultation is None else extraction.consultation.spent,
        consultation=_consulted(extraction),
    )


def _consulted(extraction: Extraction) -> Consulted | UnsetType:
    took_part = extraction.consultation
    if took_part is None:
        return UNSET
    return Consulted(
        provider=took_part.provider,
        model=took_part.model or None,
        prompt=took_part.prompt,
        prompt_sha256=took_part.prompt_sha256,
        asked=took_part.asked,
        taken=took_part.taken,
        confirmed=took_part.confirmed,
        refused=took_part.refused,
        ungrounded=extraction.observations.ungrounded,
        trouble=took_part.trouble,
    )


def summary(job: Job) -> JobView:
    """A job as lists show it: everything but `result` and where it came from."""
    shown = JobView(**msgspec.structs.asdict(_head(job)))
    if job.status is JobStatus.COMPLETED:
        verdict = job.verdict
        return msgspec.structs.replace(
            shown,
            confidence=job.confidence,
            model=job.model,
            cache_hit=job.cache_hit,
            validation_flags=UNSET if verdict is None else verdict.validation_flags,
            validation=UNSET if verdict is None else verdict.validation,
            decision=UNSET if verdict is None else verdict.decision,
        )
    if job.status is JobStatus.FAILED:
        return msgspec.structs.replace(shown, error=job.error or "", error_code=job.error_code or "")
    return shown


def render(job: Job, result: tuple[Extraction, Verdict] | None = None) -> bytes:
    """The JSON text of `view`."""
    return encode(view(job, result))


def iso(moment: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds and `Z`: `2026-11-21T21:36:34.120Z`."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _head(job: Job) -> JobHead:
    order = job.order
    return JobHead(
        job_id=str(job.job_id),
        type=order.type,
        mode=order.options.mode,
        status=job.status,
        stage=job.stage,
        progress=job.progress,
        attempt_count=job.attempt_count,
        retry_at=iso(job.retry_at) if job.status is JobStatus.RETRYING else None,
        queued_at=iso(job.queued_at) or "",
        started_at=iso(job.started_at),
        completed_at=iso(job.completed_at),
        processing_ms=job.processing_ms,
        filename=order.filename,
        file_type=job.file_type,
        page_count=job.page_count,
        language=job.language,
        external_id=order.external_id,
        metadata=order.metadata,
        batch_id=None if order.batch_id is None else str(order.batch_id),
        callback_url=order.callback_url,
        delivery=_delivery(job.delivery),
    )


def _delivery(delivery: Delivery | None) -> DeliveryView | None:
    if delivery is None:
        return None
    return DeliveryView(
        attempts=delivery.attempts,
        last_attempt_at=iso(delivery.last_attempt_at),
        last_status_code=delivery.last_status_code,
        delivered=delivery.delivered,
        next_attempt_at=iso(delivery.next_attempt_at),
    )
