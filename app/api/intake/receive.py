"""One request's body, received in whichever form it has."""

import asyncio
from typing import Final, Protocol

import msgspec
from litestar.exceptions import InternalServerException

from app.api.intake.form_body import FormBody
from app.api.intake.json_body import REST_LIMIT, JsonBody
from app.api.problems import AnyRequest
from app.errors import InvalidOption, RequestRefused, TooLarge
from app.storage.file_protocols import Incoming, Uploads

_PIECE: Final = 256 * 1024
"""Bytes gathered before they are parsed and written; what an upload holds in memory."""


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
    idle_seconds: float
    """Without a byte for so long, an upload is given up."""

    def begin(self) -> Incoming:
        """A place for one document."""
        return self.uploads.incoming(self.max_bytes)


class _Body(Protocol):
    """A body of one form, fed as it arrives; it writes to files, which nobody waits for to be durable."""

    def feed(self, piece: bytes) -> None: ...

    def finish(self) -> Received: ...

    def discard(self) -> None: ...


class Arrival:
    """A body on its way in."""

    def __init__(self, body: _Body, intake: Intake) -> None:
        self._body = body
        self._intake = intake
        self._piece: list[bytes] = []

    async def stream(self, request: AnyRequest) -> None:
        """Take the body of the request; nothing is left of it when this raises.

        Raises:
            RequestRefused: with the code of what is wrong with the body.
        """
        try:
            await self._gather(request)
        except TimeoutError:
            self.discard()
            raise _stalled(self._intake.idle_seconds) from None
        except InternalServerException:
            self.discard()
            raise RequestRefused(
                "bad_request", "The connection closed before the body was complete."
            ) from None
        except BaseException:
            self.discard()
            raise

    async def _gather(self, request: AnyRequest) -> None:
        """Gather pieces that are worth a thread's while; only the wire may be waited for in vain.

        The last piece, which most bodies are as a whole, is taken at once: that is done before a thread would
        have begun.
        """
        now, patience, size = asyncio.get_running_loop().time, self._intake.idle_seconds, 0
        async with asyncio.timeout(patience) as waiting:
            async for chunk in request.stream():
                if size >= _PIECE:
                    waiting.reschedule(None)
                    await asyncio.to_thread(self._feed)
                    size = 0
                self._piece.append(chunk)
                size += len(chunk)
                waiting.reschedule(now() + patience)
        self._feed()

    def finish(self) -> Received:
        """The whole body; the caller owns the files then, and none is left when this raises.

        Raises:
            RequestRefused: as `stream`.
        """
        try:
            return self._body.finish()
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Drop what has arrived; harmless when repeated."""
        self._body.discard()

    def _feed(self) -> None:
        chunks, self._piece = self._piece, []
        try:
            self._body.feed(b"".join(chunks))  # an empty body is one, too
        except TooLarge:
            raise _too_large(self._intake) from None


def arrive(request: AnyRequest, intake: Intake) -> Arrival:
    """The body of a request, by its content type, before anything of it is read.

    Raises:
        RequestRefused: `unsupported_media_type`, `malformed_multipart`, `file_too_large`.
    """
    kind, parameters = request.content_type
    if kind == "multipart/form-data":
        return Arrival(_Form(parameters.get("boundary", ""), intake), intake)
    if kind == "application/json":
        if (request.content_length or 0) > intake.max_bytes * 2 + REST_LIMIT:
            raise _too_large(intake)
        return Arrival(_Json(intake), intake)
    raise RequestRefused(
        "unsupported_media_type",
        "A document is sent as multipart/form-data or as application/json with `file_base64`.",
        {"Accept-Post": "multipart/form-data, application/json"},
    )


def arrive_bare(request: AnyRequest, intake: Intake) -> Arrival:
    """As `arrive`, but whatever is no form is a document by itself; its bytes decide what it is."""
    kind, parameters = request.content_type
    if kind == "multipart/form-data":
        return Arrival(_Form(parameters.get("boundary", ""), intake), intake)
    return Arrival(_Bare(intake), intake)


class _Bare:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._incoming: Incoming | None = None

    def feed(self, piece: bytes) -> None:
        if self._incoming is None:
            self._incoming = self._intake.begin()
        self._incoming.write(piece)

    def finish(self) -> Received:
        assert self._incoming is not None  # noqa: S101  # for the type checker; an end was fed before
        return Received([File(None, self._incoming)], {})

    def discard(self) -> None:
        if self._incoming is not None:
            self._incoming.discard()


class _Form:
    def __init__(self, boundary: str, intake: Intake) -> None:
        self._form = FormBody(boundary, intake.begin, intake.max_files)
        self.feed = self._form.feed

    def finish(self) -> Received:
        self._form.close()
        if not self._form.files:
            raise RequestRefused("missing_file", "The form has no field `file` with a document.")
        return Received([File(*file) for file in self._form.files], dict(self._form.fields))

    def discard(self) -> None:
        for _, incoming in self._form.files:
            incoming.discard()


class _Json:
    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._incoming: Incoming | None = None
        self._json: JsonBody | None = None

    def feed(self, piece: bytes) -> None:
        if self._json is None:
            self._incoming = self._intake.begin()
            self._json = JsonBody(self._incoming)
        self._json.feed(piece)

    def finish(self) -> Received:
        assert self._json is not None  # noqa: S101  # for the type checker; an end was fed before
        assert self._incoming is not None  # noqa: S101  # as above
        members = self._json.close()
        filename = members.pop("filename", None)
        if filename is not None and not isinstance(filename, str):
            raise InvalidOption("filename", "`filename` must be text.")
        return Received([File(filename, self._incoming)], members)

    def discard(self) -> None:
        if self._incoming is not None:
            self._incoming.discard()


def _stalled(seconds: float) -> RequestRefused:
    return RequestRefused(
        "request_timeout", f"No byte arrived for {seconds:g} seconds.", {"Connection": "close"}
    )


def _too_large(intake: Intake) -> RequestRefused:
    megabytes = intake.max_bytes / 1_000_000
    return RequestRefused(
        "file_too_large", f"A document may have {megabytes:g} MB at the most.", {"Connection": "close"}
    )
