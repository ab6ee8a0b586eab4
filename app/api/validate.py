"""Today's rules and policy over what was read before, or over an invoice that is data already."""

import asyncio
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, post
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.extract import storing
from app.api.intake import arrive_bare
from app.api.jobs import find
from app.api.posted import Posted, judge_file
from app.api.service import Service, TheService, intake_of, utc_now
from app.api.shapes import placeholder
from app.errors import RequestRefused
from app.jobs.bench import Bench
from app.jobs.judging import circumstances
from app.model.invoice import Invoice
from app.model.job import Job
from app.model.verdict import Verdict
from app.storage.protocols import Store
from app.storage.records import Key, Scope
from app.validation import Policies

KeyedRequest = Request[Any, Key, Any]


@dataclass
class JudgeOperation(Operation):
    """An operation whose body is a result, or an e-invoice."""

    def __post_init__(self) -> None:
        """Add what the handler's signature does not show."""
        either = Schema(any_of=[placeholder(Posted), placeholder(Invoice)])
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, min_length=1)
        form = Schema(type=OpenAPIType.OBJECT, required=["file"], properties={"file": file})
        content = {
            "application/json": OpenAPIMediaType(schema=either),
            "application/xml": OpenAPIMediaType(schema=file),
            "application/pkcs7-mime": OpenAPIMediaType(schema=file),
            "multipart/form-data": OpenAPIMediaType(schema=form),
        }
        self.request_body = RequestBody(required=True, content=content)


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
        """Today's rules and the calling key's policy over the stored result of a completed job."""
        return await asyncio.to_thread(_judge_stored, service, request.auth, job_id)

    @post(
        "/v1/validate",
        status_code=200,
        summary="Judge a result or an e-invoice",
        operation_id="validateResult",
        operation_class=JudgeOperation,
        responses=problems(
            "bad_request",
            "malformed_json",
            "malformed_multipart",
            "missing_file",
            "too_many_files",
            "invalid_option",
            "request_timeout",
            "file_too_large",
            "unsupported_media_type",
            "unreadable_document",
            "storage_full",
            *WITH_KEY,
        ),
    )
    async def posted(self, request: KeyedRequest, service: TheService) -> Verdict:
        """Today's rules and the calling key's policy over the body, whose bytes decide what it is.

        It is a job's JSON, its `result` alone, or an e-invoice (XML or signed `.p7m`), bare or as the `file`
        of a form. An e-invoice counts against the rate limit as a submission does; nothing of it is kept.
        """
        async with storing():
            arrival = arrive_bare(request, intake_of(service, max_files=1))
            await arrival.stream(request)
            return await asyncio.to_thread(judge_file, service, request.auth, arrival)


def judge_job(store: Store, job: Job, policies: Policies, policy: str | None, bench: Bench) -> Verdict:
    """The verdict of today's rules, under the policy of a key, over a job's stored result.

    Raises:
        RequestRefused: `no_result`.
    """
    stored = store.results.get(job)
    if stored is None:
        raise RequestRefused("no_result", "Only a completed job that was not purged can be judged again.")
    extraction = stored[0]
    history = tuple(store.history.before(job, extraction.invoice))
    context = policies.apply(policy, circumstances(job, utc_now().date(), history))
    return bench.judge(extraction, context).verdict


def _judge_stored(service: Service, key: Key, job_id: str) -> Verdict:
    job = find(service, key.tenant, job_id)
    return judge_job(service.store, job, service.policies, key.policy, service.bench)
