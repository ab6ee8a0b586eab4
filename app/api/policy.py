"""The policy of an API key: what its invoices are held to."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar import Controller, Request, delete, get, put
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.service import Service, TheService
from app.errors import InvalidOption, RequestRefused
from app.storage.records import Key, Scope
from app.validation import Policy, check_policy

KeyedRequest = Request[Any, Key, Any]
LARGEST: Final = 64 * 1024
"""Bytes of a policy document."""
_TOLD: Final = 20
"""Mistakes that are told at once."""
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """A key's policy."""

    key: str
    """The key's name."""
    document: str | None
    """Its own, TOML or JSON, as it was given; null where it has none."""
    in_force: msgspec.Raw
    """The whole policy: the key's own over the operator's."""


@dataclass
class PolicyOperation(Operation):
    """An operation whose body is a policy document."""

    def __post_init__(self) -> None:
        """Add what the handler's signature does not show."""
        text, table = Schema(type=OpenAPIType.STRING, min_length=1), Schema(type=OpenAPIType.OBJECT)
        content = {"application/toml": OpenAPIMediaType(text), "application/json": OpenAPIMediaType(table)}
        self.request_body = RequestBody(required=True, content=content)


class PolicyOfKey(Controller):
    """The policy of the calling key."""

    path = "/v1/policy"
    tags = ("Rules",)
    security = SECURITY

    @get(
        "/",
        guards=[may(Scope.READ)],
        summary="The policy in force",
        operation_id="getPolicy",
        responses=problems(*WITH_KEY),
    )
    async def show(self, request: KeyedRequest, service: TheService) -> PolicyView:
        """The calling key's own policy document, and the whole of what is in force for its invoices."""
        return _view(service, request.auth)

    @put(
        "/",
        guards=[may(Scope.ADMIN)],
        summary="Set the policy",
        operation_id="setPolicy",
        operation_class=PolicyOperation,
        request_max_body_size=LARGEST,
        responses=problems("bad_request", "invalid_option", "file_too_large", *WITH_KEY),
    )
    async def change(self, request: KeyedRequest, service: TheService) -> PolicyView:
        """Give the calling key a policy document, TOML or JSON; it holds for what is judged from now on."""
        body = await request.body()
        if not body:
            raise RequestRefused(
                "bad_request", "The body is no policy document; DELETE drops the one there is."
            )
        text = _text(body)
        _refuse_mistakes(text, service)
        return await asyncio.to_thread(_set, service, request.auth, text)

    @delete(
        "/",
        guards=[may(Scope.ADMIN)],
        status_code=200,
        summary="Drop the policy",
        operation_id="dropPolicy",
        responses=problems(*WITH_KEY),
    )
    async def drop(self, request: KeyedRequest, service: TheService) -> PolicyView:
        """Take the calling key's own document away; the operator's policy is in force then."""
        return await asyncio.to_thread(_set, service, request.auth, None)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestRefused("bad_request", "A policy is text in UTF-8, TOML or JSON.") from None


def _refuse_mistakes(text: str, service: Service) -> None:
    mistakes = check_policy(text, service.ruleset.codes)
    if mistakes:
        told = [f"{one.path or 'the document'}: {one.message}" for one in mistakes[:_TOLD]]
        raise InvalidOption(mistakes[0].path or "body", " ".join(told))


def _set(service: Service, key: Key, text: str | None) -> PolicyView:
    changed = service.store.keys.set_policy(key.key_id, text)
    return _view(service, changed or key)


def _view(service: Service, key: Key) -> PolicyView:
    in_force: Policy = service.policies.of(key.policy)
    return PolicyView(key=key.name, document=key.policy, in_force=msgspec.Raw(_encode(in_force)))
