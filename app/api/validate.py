"""Today's rules and policy over what was read before; nothing is read again."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Controller, Request, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.params import FromPath

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.jobs import find
from app.api.problems import InvalidOption
from app.api.service import Service, TheService, utc_now
from app.api.shapes import placeholder
from app.errors import RequestRefused
from app.jobs.judging import verdict_of
from app.model.document import FileType
from app.model.evidence import Evidence
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.job import Job
from app.model.verdict import Verdict
from app.pipeline import judge
from app.storage.protocols import Store
from app.storage.records import Key, Scope
from app.validation import Context, Ruleset

KeyedRequest = Request[Any, Key, Any]

LARGEST: Final = 5_000_000
"""Bytes of a posted result."""


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """A job's JSON as `GET /v1/jobs/{job_id}` gives it, or as much of it as there is."""

    result: Invoice
    fields: dict[str, Evidence] = {}
    confidence: float | None = None
    file_type: FileType | None = None


@dataclass
class JudgeOperation(Operation):
    """An operation whose body is a result."""

    def __post_init__(self) -> None:
        """Add what the handler's signature does not show."""
        either = Schema(any_of=[placeholder(Posted), placeholder(Invoice)])
        body = {"application/json": OpenAPIMediaType(schema=either)}
        self.request_body = RequestBody(required=True, content=body)


class Validate(Controller):
    """Judging again."""

    tags = ("Rules",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @post(
        "/v1/jobs/{job_id:str}/validate",
        status_code=200,
        summary="Judge a job again",
        operation_id="validateJob",
        responses=problems("bad_request", "job_not_found", "no_result", *WITH_KEY),
    )
    async def stored(self, request: KeyedRequest, service: TheService, job_id: FromPath[str]) -> Verdict:
        """Today's rules and policy over the stored result of a completed job."""
        return await asyncio.to_thread(_judge_stored, service, request.auth.tenant, job_id)

    @post(
        "/v1/validate",
        status_code=200,
        summary="Judge a result",
        operation_id="validateResult",
        operation_class=JudgeOperation,
        request_max_body_size=LARGEST,
        responses=problems("bad_request", "malformed_json", "invalid_option", "file_too_large", *WITH_KEY),
    )
    async def posted(self, request: KeyedRequest, service: TheService) -> Verdict:
        """Today's rules and policy over the body: a job's JSON, or its `result` alone."""
        body = await request.body()
        return await asyncio.to_thread(judge_posted, body, service.ruleset)


def read_posted(body: bytes) -> Extraction:
    """The extraction of a job's JSON, or of its `result` alone.

    Raises:
        RequestRefused: `malformed_json` or `invalid_option`, saying where.
    """
    try:
        shape = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        posted = (
            msgspec.json.decode(body, type=Posted)
            if "result" in shape
            else Posted(result=msgspec.json.decode(body, type=Invoice))
        )
    except msgspec.ValidationError as error:
        place = str(error).rpartition(" - at ")[2].strip("`$.") if " - at " in str(error) else "body"
        raise InvalidOption(place[:100], "The body is not a result as the service gives it.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise RequestRefused("malformed_json", "The body is not a JSON object.") from None
    return Extraction(
        readings=(Reading(invoice=posted.result, fields=posted.fields),),
        file_type=posted.file_type or FileType.XML,
        confidence=posted.confidence or 0.0,
    )


def judge_posted(body: bytes, ruleset: Ruleset) -> Verdict:
    """The verdict of today's rules over a job's JSON.

    Raises:
        RequestRefused: as `read_posted`.
    """
    return verdict_of(judge(read_posted(body), Context(today=utc_now().date()), ruleset))


def judge_job(store: Store, job: Job, ruleset: Ruleset) -> Verdict:
    """The verdict of today's rules over a job's stored result.

    Raises:
        RequestRefused: `no_result`.
    """
    stored = store.results.get(job)
    if stored is None:
        raise RequestRefused("no_result", "Only a completed job that was not purged can be judged again.")
    extraction = stored[0]
    context = Context(
        today=utc_now().date(),
        sha256=job.document,
        history=tuple(store.history.before(job, extraction.invoice)),
        own_company=job.order.options.own_company,
    )
    return verdict_of(judge(extraction, context, ruleset))


def _judge_stored(service: Service, tenant: str, job_id: str) -> Verdict:
    return judge_job(service.store, find(service, tenant, job_id), service.ruleset)
