"""What a parsed document consists of, each part at its own address."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from litestar import Controller, MediaType, Request, Response, get
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.encoding import JsonResponse
from app.api.handing import file_answer, zip_answer
from app.api.jobs import find
from app.api.service import Service, TheService
from app.errors import InvalidOption, RequestRefused
from app.jobs.view import show
from app.model.job import Job, JobStatus, JobType
from app.model.segment import OutputFormat, Parsing
from app.storage.records import Key, Scope
from app.storage.renditions import DOCUMENT_HTML, DOCUMENT_MARKDOWN, RESULT

KeyedRequest = Request[Any, Key, Any]
_PICTURE: Final = re.compile(r"(0|[1-9][0-9]{0,6})\.png")
_FILES: Final = {
    OutputFormat.JSON: (RESULT, MediaType.JSON),
    OutputFormat.MARKDOWN: (DOCUMENT_MARKDOWN, "text/markdown"),
    OutputFormat.HTML: (DOCUMENT_HTML, "text/html"),
}


class ParsedParts(Controller):
    """Results and pictures of jobs, for the key's tenant alone."""

    path = "/v1/jobs/{job_id:str}"
    tags = ("Jobs",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @get(
        "/result",
        summary="The result of a job alone",
        operation_id="getResult",
        media_type=MediaType.JSON,
        responses={
            200: ResponseSpec(
                bytes, description="As asked for: JSON, Markdown, HTML or ZIP.", media_type="*/*"
            ),
            **problems("bad_request", "invalid_option", "job_not_found", "no_result", *WITH_KEY),
        },
    )
    async def result(
        self,
        request: KeyedRequest,
        service: TheService,
        job_id: FromPath[str],
        output_format: FromQuery[OutputFormat | None] = None,
    ) -> Response[Any]:
        """The `result` of a completed job; a parsed document also as Markdown, HTML, or a ZIP with pictures.

        Without `output_format`, in the one that the job was ordered with.
        """
        return await asyncio.to_thread(_result, service, request.auth.tenant, job_id, output_format)

    @get(
        "/segments/{name:str}",
        summary="A picture of a parsed document",
        operation_id="getPicture",
        media_type="image/png",
        responses={
            200: ResponseSpec(bytes, description="The picture.", media_type="image/png"),
            **problems("bad_request", "job_not_found", "not_found", *WITH_KEY),
        },
    )
    async def picture(
        self, request: KeyedRequest, service: TheService, job_id: FromPath[str], name: FromPath[str]
    ) -> Response[Any]:
        """The picture that is a document's segment of that index: `12.png`."""
        return await asyncio.to_thread(_picture, service, request.auth.tenant, job_id, name)


def _result(service: Service, tenant: str, job_id: str, wanted: OutputFormat | None) -> Response[Any]:
    job = find(service, tenant, job_id)
    if job.status is not JobStatus.COMPLETED:
        raise RequestRefused("no_result", f"The job is {job.status}; only a completed one has a result.")
    if job.order.type is not JobType.PARSE:
        return _invoice(service, job, wanted)
    kind = wanted or (job.order.parsing or Parsing()).output_format
    name = Path(job.order.filename or "document").stem
    if kind is OutputFormat.ZIP:
        return zip_answer(_members(service, job), f"/v1/jobs/{job.job_id}/segments/", f"{name}.zip")
    file, media_type = _FILES[kind]
    ending = "md" if kind is OutputFormat.MARKDOWN else kind
    return file_answer(_file(service, job, file), media_type, f"{name}.{ending}")


def _invoice(service: Service, job: Job, wanted: OutputFormat | None) -> Response[Any]:
    if wanted not in {None, OutputFormat.JSON}:
        raise InvalidOption("output_format", "An invoice's result is given as `json` only.", ("json",))
    return JsonResponse(getattr(show(service.store, job), "result", None))


def _members(service: Service, job: Job) -> Iterator[tuple[str, Path]]:
    result = _file(service, job, RESULT)
    yield "document.json", result
    for path in sorted(result.parent.iterdir()):
        if path.suffix == ".png":
            yield f"segments/{path.name}", path
        elif path != result:
            yield path.name, path


def _picture(service: Service, tenant: str, job_id: str, name: str) -> Response[Any]:
    job = find(service, tenant, job_id)
    known = _PICTURE.fullmatch(name)
    path = service.store.renditions.path(job.tenant, job.job_id, name) if known else None
    if path is None:
        raise RequestRefused("not_found", "The job has no picture of this name.")
    return file_answer(path, "image/png")


def _file(service: Service, job: Job, name: str) -> Path:
    path = service.store.renditions.path(job.tenant, job.job_id, name)
    if path is None:
        raise RequestRefused("no_result", "The document was not written in this format.")
    return path
