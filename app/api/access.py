"""What every request gets whatever becomes of it: an id, a line in the log without content, safe headers."""

import re
import time
from typing import Any, Final
from uuid import uuid4

import structlog
from litestar import Litestar, Request
from litestar.enums import HttpMethod, ScopeType
from litestar.types import Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.api.endings import answer_head, closing_late
from app.api.methods import allowed_methods, has_method
from app.api.streams import Streams
from app.api.traffic import Traffic

_GIVEN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_PRIVATE: Final = (b"cache-control", b"no-store")
_NOTHING_FOREIGN: Final = (
    b"content-security-policy",
    b"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
)
_log = structlog.get_logger("access")


class Access:
    """Around the whole application, so that it sees also what no route answers."""

    def __init__(self, app: Litestar, traffic: Traffic, streams: Streams) -> None:
        self._app = app
        self._traffic = traffic
        self.end_streams = streams.end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        await self._observe(scope, receive, send)

    async def _observe(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  # scopes are plain dicts
        request_id = _request_id(scope["headers"])
        scope["request_id"] = request_id
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_headers(scope["path"], request_id)]
            await send(message)

        try:
            await self._answer(scope, receive, closing_late(receive, observed))
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    async def _answer(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  # scopes are plain dicts
        """The framework's answer, but for OPTIONS and HEAD, which it does not know of a whole path."""
        method, path = scope["method"], scope["path"]
        if method == HttpMethod.OPTIONS and (allowed := allowed_methods(self._app, path)):
            headers = [(b"allow", allowed.encode())]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif method == HttpMethod.HEAD and has_method(self._app, path, HttpMethod.GET):
            await answer_head(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _note(self, scope: Any, status: int, seconds: float) -> None:  # noqa: ANN401  # scopes are plain dicts
        """The route's pattern rather than the address, which may hold anything."""
        method, route = scope["method"], scope.get("path_template") or "none"
        self._traffic.count(method, route, status, seconds)
        _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def request_id_of(request: Request[Any, Any, Any]) -> str:
    """The id under which the logs know a request."""
    scope: Any = request.scope
    return str(scope.get("request_id", "unknown"))


def _request_id(headers: list[tuple[bytes, bytes]]) -> str:
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    return given.decode() if _GIVEN_ID.fullmatch(given) else uuid4().hex


def _headers(path: str, request_id: str) -> list[tuple[bytes, bytes]]:
    own = (_PRIVATE,) if path.startswith("/v1") else (_NOTHING_FOREIGN,)
    return [(b"x-request-id", request_id.encode()), *_SAFE, *own]
