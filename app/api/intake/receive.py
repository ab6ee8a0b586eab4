"""One request's body, received in whichever form it has."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from litestar.exceptions import InternalServerException

from app.api.intake.form_body import FormBody
from app.api.intake.json_body import REST_LIMIT, JsonBody
from app.api.problems import AnyRequest, InvalidOption
from app.errors import RequestRefused, TooLarge
from app.storage.protocols import Incoming, Uploads

STALLED: Final = 60.0
"""Seconds without a byte after which an upload is given up."""
_PIECE: Final = 256 * 1024
"""Bytes gathered before they are parsed and written in a thread; what an upload holds in memory."""


class File(msgspec.Struct, frozen=True):
    """A received document that nobody owns yet."""

    filename: str | None
    incoming: Incoming


class Received(msgspec.Struct, frozen=True):
    """A request's documents and its other members, not looked at yet."""

    files: list[File]
    members: dict[str, object]
    """Text for a form; for JSON what it held, `metadata` as raw JSON."""


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """How much is taken, and where it goes."""

    uploads: Uploads
    max_bytes: int
    max_files: int

    def begin(self) -> Incoming:
        """A place for one document."""
        return self.uploads.incoming(self.max_bytes)


async def receive(request: AnyRequest, intake: Intake) -> Received:
    """Stream the body of a request to the disk.

    The caller owns the files afterwards; when this raises, nothing is left of them.

    Raises:
        RequestRefused: with the code of what is wrong with the body.
    """
    kind, parameters = request.content_type
    if kind == "multipart/form-data":
        return await _receive_form(request, intake, parameters.get("boundary", ""))
    if kind == "application/json":
        return await _receive_json(request, intake)
    raise RequestRefused(
        "unsupported_media_type",
        "A document is sent as multipart/form-data or as application/json with `file_base64`.",
        {"Accept-Post": "multipart/form-data, application/json"},
    )


async def _receive_form(request: AnyRequest, intake: Intake, boundary: str) -> Received:
    form = FormBody(boundary, intake.begin, intake.max_files)
    try:
        await _feed(request, form, intake)
        form.close()
    except BaseException:
        for _, incoming in form.files:
            incoming.discard()
        raise
    if not form.files:
        raise RequestRefused("missing_file", "The form has no field `file` with a document.")
    return Received([File(name, incoming) for name, incoming in form.files], dict(form.fields))


async def _receive_json(request: AnyRequest, intake: Intake) -> Received:
    announced = request.content_length or 0
    if announced > intake.max_bytes * 2 + REST_LIMIT:
        raise _too_large(intake)
    incoming = intake.begin()
    try:
        body = JsonBody(incoming)
        await _feed(request, body, intake)
        members = body.close()
        filename = _filename(members.pop("filename", None))
    except BaseException:
        incoming.discard()
        raise
    return Received([File(filename, incoming)], members)


def _filename(given: object) -> str | None:
    if given is None or isinstance(given, str):
        return given
    raise InvalidOption("filename", "`filename` must be text.")


async def _feed(request: AnyRequest, body: FormBody | JsonBody, intake: Intake) -> None:
    try:
        async for piece in _pieces(request):
            await asyncio.to_thread(body.feed, piece)
    except TooLarge:
        raise _too_large(intake) from None
    except InternalServerException:
        raise RequestRefused("bad_request", "The connection closed before the body was complete.") from None


async def _pieces(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body in pieces large enough to be worth a thread's while."""
    stream = request.stream()
    gathered: list[bytes] = []
    size = 0
    while chunk := await _next(stream):
        gathered.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


async def _next(stream: AsyncIterator[bytes]) -> bytes:
    try:
        async with asyncio.timeout(STALLED):
            return await anext(stream, b"")
    except TimeoutError:
        raise RequestRefused(
            "request_timeout", f"No byte arrived for {STALLED:.0f} seconds.", {"Connection": "close"}
        ) from None


def _too_large(intake: Intake) -> RequestRefused:
    limit = intake.max_bytes
    return RequestRefused(
        "file_too_large", f"A document may have {limit:,} bytes at the most.".replace(",", " ")
    )
