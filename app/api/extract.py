"""Taking documents in."""

import asyncio
import errno
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Controller, Request, Response, post

from app.api.access import request_id_of
from app.api.caller import SECURITY, charged, may
from app.api.described import WITH_KEY, problems
from app.api.intake import arrive
from app.api.reception import Visitor, admit
from app.api.service import Service, TheService, intake_of
from app.api.upload_form import ParseOperation, UploadOperation
from app.errors import InvalidOption, RequestRefused
from app.jobs.submit import Accepted, AcceptedBatch, Outcome
from app.model.job import JobType
from app.storage.records import Key, Scope

KeyedRequest = Request[Any, Key, Any]

_REFUSALS: Final = problems(
    "bad_request",
    "malformed_multipart",
    "malformed_json",
    "invalid_base64",
    "missing_file",
    "empty_file",
    "too_many_files",
    "invalid_archive",
    "invalid_option",
    "byok_key_missing",
    "request_timeout",
    "idempotency_key_reused",
    "request_in_progress",
    "file_too_large",
    "unsupported_media_type",
    "quota_exceeded",
    "storage_full",
    *WITH_KEY,
)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_BYOK_KEY: Final = re.compile(r"[\x21-\x7e]{1,500}")


class Extract(Controller):
    """Where documents are brought."""

    path = "/v1"
    tags = ("Documents",)
    guards = (may(Scope.SUBMIT, charge=True),)
    security = SECURITY

    @post(
        "/extract/invoice",
        summary="Read an invoice",
        operation_id="extractInvoice",
        operation_class=UploadOperation,
        responses=_REFUSALS,
        status_code=202,
    )
    async def invoice(self, request: KeyedRequest, service: TheService) -> Response[Accepted | AcceptedBatch]:
        """Takes a document, several or a ZIP of them; the job that reads each is at its `poll_url`."""
        return await _take(request, service, JobType.EXTRACT)

    @post(
        "/parse",
        summary="Read a document as a document",
        operation_id="parseDocument",
        operation_class=ParseOperation,
        responses=_REFUSALS,
        status_code=202,
    )
    async def parse(self, request: KeyedRequest, service: TheService) -> Response[Accepted | AcceptedBatch]:
        """Takes documents as `/v1/extract/invoice` does; their jobs bring Markdown, segments and chunks."""
        return await _take(request, service, JobType.PARSE)


async def _take(
    request: KeyedRequest, service: Service, job_type: JobType
) -> Response[Accepted | AcceptedBatch]:
    visitor = Visitor(
        key=request.auth,
        request_id=request_id_of(request),
        idempotency_key=_idempotency_key(request),
        byok_key=_byok_key(request),
    )
    async with _only_once(service, visitor), storing():
        arrival = arrive(request, intake_of(service, service.settings.max_batch_files))
        await arrival.stream(request)
        outcome = await admit(service, visitor, arrival, job_type)
    return _answer(outcome, charged(request))


@asynccontextmanager
async def storing() -> AsyncIterator[None]:
    """A disk without room is told as such."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno not in _NO_ROOM:
            raise
        raise RequestRefused(
            "storage_full", "The document could not be stored; try again later.", {"Retry-After": "60"}
        ) from None


@asynccontextmanager
async def _only_once(service: Service, visitor: Visitor) -> AsyncIterator[None]:
    """Hold the request's idempotency key, if it has one, while it is received."""
    if visitor.idempotency_key is None:
        yield
        return
    held = service.desk.only_once(visitor.key, visitor.idempotency_key)
    await asyncio.to_thread(held.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(held.__exit__, None, None, None)


def _idempotency_key(request: KeyedRequest) -> str | None:
    given = request.headers.get("Idempotency-Key")
    if given is not None and not _IDEMPOTENCY_KEY.fullmatch(given):
        raise InvalidOption("Idempotency-Key", "`Idempotency-Key` must be 1 to 255 visible ASCII characters.")
    return given


def _byok_key(request: KeyedRequest) -> str | None:
    given = request.headers.get("X-BYOK-Key")
    if given is not None and not _BYOK_KEY.fullmatch(given):
        raise InvalidOption("X-BYOK-Key", "`X-BYOK-Key` must be the key of a model's provider.")
    return given


def _answer(
    outcome: Outcome[Accepted] | Outcome[AcceptedBatch], headers: dict[str, str]
) -> Response[Accepted | AcceptedBatch]:
    answer = outcome.answer
    seconds = answer.estimated_seconds if isinstance(answer, Accepted) else answer.jobs[0].estimated_seconds
    replayed = {"Idempotency-Replayed": "true"} if outcome.replayed else {}
    return Response(
        answer,
        status_code=202,
        headers={"Location": answer.poll_url, "Retry-After": str(seconds), **replayed, **headers},
    )
