"""Who calls: the API key of a request, checked before anything of its body is read."""

import asyncio
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Guard

from app.api.service import Service
from app.errors import RequestRefused
from app.storage.records import Key, Scope

HEADER: Final = "X-API-Key"
SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}]
COMPONENTS: Final = Components(
    security_schemes={
        "apiKey": SecurityScheme(
            type="apiKey", name=HEADER, security_scheme_in="header", description="`inv_…`"
        )
    }
)
_LONGEST_KEY: Final = 200

Connection = ASGIConnection[Any, Any, Any, Any]


def may(scope: Scope, *, charge: bool = False) -> Guard:
    """A guard that lets only keys with a scope pass, and puts the key into `request.auth`.

    With `charge` the request counts against the key's rate limit.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        secret = connection.headers.get(HEADER, "")
        if not secret:
            raise RequestRefused("invalid_api_key", f"The header `{HEADER}` is missing.")
        address = connection.client.host if connection.client else "unknown"
        service: Service = connection.app.state.service
        key, headers = await asyncio.to_thread(_admit, service, address, secret, scope, charge)
        connection.scope["auth"] = key
        connection.state.rate_limit = headers

    return guard


def charged(connection: Connection) -> dict[str, str]:
    """The `RateLimit` headers of a request that was charged."""
    headers: dict[str, str] = connection.state.rate_limit
    return headers


def _admit(
    service: Service, address: str, secret: str, scope: Scope, charge: bool
) -> tuple[Key, dict[str, str]]:
    key = _identify(service, address, secret)
    if not key.may(scope):
        raise RequestRefused("insufficient_scope", f"The API key lacks the scope `{scope}`.")
    return key, service.rates.charge(key) if charge else {}


def _identify(service: Service, address: str, secret: str) -> Key:
    service.rates.check_stranger(address)
    key = None
    if len(secret) <= _LONGEST_KEY and secret.isascii():
        key = service.store.keys.identify(secret, service.now())
    if key is None:
        service.rates.note_stranger(address)
        raise RequestRefused("invalid_api_key", "The API key is unknown, revoked or expired.")
    return key
