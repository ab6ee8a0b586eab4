"""Who calls: the API key of a request, checked before anything of its body is read."""

import asyncio
import datetime as dt
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
_USE_NOTED: Final = dt.timedelta(minutes=1)
"""A key's last use is written once in this time, so that polling does not write at every request."""

Connection = ASGIConnection[Any, Any, Any, Any]


def may(scope: Scope, *, charge: bool = False) -> Guard:
    """A guard that lets only keys with a scope pass, and puts the key into `request.auth`.

    With `charge` the request counts against the key's rate limit.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        service: Service = connection.app.state.service
        key = await _identify(service, connection)
        if not key.may(scope):
            raise RequestRefused("insufficient_scope", f"The API key lacks the scope `{scope}`.")
        connection.scope["auth"] = key
        if charge:
            connection.state.rate_limit = await _charge(service, key)

    return guard


def charged(connection: Connection) -> dict[str, str]:
    """The `RateLimit` headers of a request that was charged."""
    headers: dict[str, str] = connection.state.rate_limit
    return headers


async def _identify(service: Service, connection: Connection) -> Key:
    """Looks one row up where it stands, which takes less than telling a thread to; only writing waits."""
    secret = connection.headers.get(HEADER, "")
    if not secret:
        raise RequestRefused("invalid_api_key", f"The header `{HEADER}` is missing.")
    address = connection.client.host if connection.client else "unknown"
    service.rates.check_stranger(address)
    key, now = None, service.now()
    if len(secret) <= _LONGEST_KEY and secret.isascii():
        key = service.store.keys.identify(secret, now)
    if key is None:
        await asyncio.to_thread(service.rates.note_stranger, address)
        raise RequestRefused("invalid_api_key", "The API key is unknown, revoked or expired.")
    if key.last_used_at is None or now - key.last_used_at >= _USE_NOTED:
        await asyncio.to_thread(service.store.keys.note_use, key, now)
    return key


async def _charge(service: Service, key: Key) -> dict[str, str]:
    headers = service.rates.charge_own(key)
    return await asyncio.to_thread(service.rates.charge, key) if headers is None else headers
