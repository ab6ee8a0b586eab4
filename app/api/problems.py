"""Errors as RFC 9457 problem details: the only place where a code meets a status.

A problem's `code` is a public contract. Its `detail` is a sentence for a person that never holds a key, a
path of this machine, or anything of a document. `instance` is the id under which the logs know the request.
"""

import errno
import sqlite3
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    ValidationException,
)

from app.api.access import request_id_of
from app.api.encoding import encode
from app.api.methods import allowed_methods
from app.errors import InvalidOption, RequestRefused

MEDIA_TYPE: Final = "application/problem+json"

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "bad_request": (400, "The request cannot be understood"),
    "malformed_multipart": (400, "The form is malformed"),
    "malformed_json": (400, "The JSON is malformed"),
    "invalid_base64": (400, "The file is not valid base64"),
    "missing_file": (400, "No file"),
    "empty_file": (400, "The file is empty"),
    "invalid_option": (400, "An option has a value that is not allowed"),
    "too_many_files": (400, "Too many files"),
    "invalid_archive": (400, "The ZIP file cannot be unpacked"),
    "invalid_api_key": (401, "The API key is missing or unknown"),
    "insufficient_scope": (403, "The API key may not do this"),
    "byok_key_missing": (403, "The key of the model's provider is missing"),
    "not_found": (404, "There is nothing here"),
    "job_not_found": (404, "No such job"),
    "batch_not_found": (404, "No such batch"),
    "rule_not_found": (404, "No such rule"),
    "method_not_allowed": (405, "The method is not allowed here"),
    "request_timeout": (408, "The upload stopped arriving"),
    "job_not_cancellable": (409, "The job is over"),
    "job_not_finished": (409, "The job is not finished"),
    "no_result": (409, "The job has no result"),
    "no_webhook": (409, "The job has no webhook"),
    "idempotency_key_reused": (409, "The idempotency key was used with another request"),
    "request_in_progress": (409, "The first request with this idempotency key is still running"),
    "file_too_large": (413, "The file is too large"),
    "unsupported_media_type": (415, "The media type is not supported"),
    "unreadable_document": (422, "The document cannot be read"),
    "rate_limited": (429, "Too many requests"),
    "quota_exceeded": (429, "The quota is used up"),
    "internal_error": (500, "The service failed"),
    "unavailable": (503, "The service cannot do this now"),
    "storage_full": (507, "There is no room for the document"),
}
"""Status and title by code."""

_OF_FRAMEWORK: Final = {
    401: ("invalid_api_key", "The API key is missing or unknown."),
    403: ("insufficient_scope", "The API key may not do this."),
    404: ("not_found", "No resource of the service has this address."),
    405: ("method_not_allowed", "The resource does not have this method; `Allow` lists those it has."),
    413: ("file_too_large", "The request is larger than the service takes."),
    415: ("unsupported_media_type", "The resource does not take this content type."),
    429: ("rate_limited", "Too many requests."),
}

_WAITING: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR}
)
"""What SQLite says when the machine is in trouble, not the statement."""

AnyRequest = Request[Any, Any, Any]
_log = structlog.get_logger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every error (RFC 9457)."""

    type: str
    """`urn:spunta:problem:` and the code."""
    title: str
    status: int
    detail: str
    instance: str
    """`urn:spunta:request:` and the id of the request."""
    code: str
    option: str | None = None
    """With `invalid_option`: its name."""
    allowed: tuple[str, ...] = ()
    """With `invalid_option`: the values it may have, where they can be listed."""


def answer_refusal(request: AnyRequest, refusal: RequestRefused) -> Response[bytes]:
    """The problem for what this program refuses on purpose."""
    status, title = PROBLEMS[refusal.problem_code]
    invalid = refusal if isinstance(refusal, InvalidOption) else None
    problem = Problem(
        type=f"urn:spunta:problem:{refusal.problem_code}",
        title=title,
        status=status,
        detail=refusal.detail,
        instance=f"urn:spunta:request:{request_id_of(request)}",
        code=refusal.problem_code,
        option=invalid.option if invalid else None,
        allowed=invalid.allowed if invalid else (),
    )
    return Response(
        encode(problem), status_code=status, headers=_headers(status, refusal), media_type=MEDIA_TYPE
    )


def answer_framework(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """The problem for what the framework refuses: no such route, no such method, a parameter's wrong type."""
    if isinstance(error, ValidationException):
        return answer_refusal(request, _parameter_refusal(error))
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer_crash(request, error)
    code, detail = _OF_FRAMEWORK.get(error.status_code, ("bad_request", "The request cannot be understood."))
    headers = (
        {"Allow": allowed_methods(request.app, request.scope["path"])}
        if isinstance(error, MethodNotAllowedException)
        else {}
    )
    return answer_refusal(request, RequestRefused(code, detail, headers))


def answer_crash(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The problem for a defect of this program: logged by its kind and place, told without either."""
    _log.error("request_failed", error=type(error).__name__, where=_where(error))
    if _is_the_disks(error):
        sentence = "The service cannot write to its disk now; the request may be repeated."
        return answer_refusal(request, RequestRefused("unavailable", sentence, {"Retry-After": "10"}))
    refusal = RequestRefused("internal_error", "The service failed; the request may be repeated.")
    return answer_refusal(request, refusal)


def answer_trouble(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The problem for a store that cannot be written or read now: a full disk, a lock held too long."""
    _log.error("store_in_trouble", error=type(error).__name__, where=_where(error))
    refusal = RequestRefused(
        "unavailable", "The service cannot read or write its data now; try again.", {"Retry-After": "10"}
    )
    return answer_refusal(request, refusal)


def _headers(status: int, refusal: RequestRefused) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'ApiKey realm="spunta", header="X-API-Key"', **refusal.headers}
    return refusal.headers


def _parameter_refusal(error: ValidationException) -> RequestRefused:
    extra = error.extra if isinstance(error.extra, list) else []
    name = next((str(item["key"]) for item in extra if isinstance(item, dict) and "key" in item), None)
    if name is None:
        return RequestRefused("bad_request", "A parameter of the request is missing or has a wrong type.")
    return InvalidOption(name, f"`{name}` has a value that is not allowed.")


def _is_the_disks(error: Exception) -> bool:
    """Whether the disk has no room or fails, or the database waits in vain for its turn."""
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _WAITING
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBUSY}


def _where(error: BaseException) -> str:
    """Module and line where it was raised; never the message, which may quote a document."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}"
