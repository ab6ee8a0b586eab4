"""Answers that end otherwise than the framework's: those to HEAD, and those that leave a body unread."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

_LINGER_SECONDS: Final = 2.0
_CLOSING: Final = (b"connection", b"close")


async def answer_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """What GET would answer, without the body (RFC 9110, 9.3.2); one without end is not waited for."""
    told = asyncio.Event()

    async def heads_only(message: Message) -> None:
        if told.is_set():
            return
        if message["type"] == "http.response.start":
            await send(message)
            return
        told.set()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    get: Any = {**scope, "method": "GET"}
    asked = asyncio.ensure_future(app(get, receive, heads_only))
    answered = asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait((asked, answered), return_when=asyncio.FIRST_COMPLETED)
    finally:
        answered.cancel()
        asked.cancel()  # harmless where it has ended
    with suppress(asyncio.CancelledError):
        await asked
    scope["path_template"] = get.get("path_template", "")


def closing_late(receive: Receive, send: Send) -> Send:
    """A `send` that ends an answer with `Connection: close` when the caller has stopped sending, or soon.

    A connection closed in the middle of a body is reset, and many callers then never see the answer
    (RFC 9112, 9.6). What still arrives is dropped.
    """
    closing = False

    async def late(message: Message) -> None:
        nonlocal closing
        if message["type"] == "http.response.start":
            closing = _CLOSING in message["headers"]
        if not closing or message["type"] != "http.response.body" or message.get("more_body"):
            await send(message)
            return
        await send({**message, "more_body": True})
        await _drop(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return late


async def _drop(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
