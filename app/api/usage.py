"""What a key has used."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Controller, Request, get

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.service import Service, TheService
from app.storage.records import Key, ModelUsage, Scope, Usage

KeyedRequest = Request[Any, Key, Any]


class UsageView(msgspec.Struct, frozen=True, kw_only=True):
    """The key's limits, and its months with the newest first."""

    key: str
    """Its name."""
    month: Usage
    """The current one, by UTC."""
    monthly_quota: int | None
    """Documents a month; null for no limit."""
    quota_remaining: int | None
    rate_limit: str | None
    """Submissions, as `100/minute`; null for no limit."""
    months: tuple[Usage, ...]
    models: tuple[ModelUsage, ...]
    """What asking models took, by month; cost is that of requests whose price is known."""
    model_monthly_cost: Decimal | None
    """What models may cost a month in US dollars; null for no limit."""


class UsageOfKey(Controller):
    """Usage."""

    path = "/v1/usage"
    tags = ("Operations",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @get("/", summary="Usage", operation_id="getUsage", responses=problems(*WITH_KEY))
    async def usage(self, request: KeyedRequest, service: TheService) -> UsageView:
        """What the calling key brought, by calendar month."""
        return await asyncio.to_thread(_usage, service, request.auth)


def _usage(service: Service, key: Key) -> UsageView:
    month = service.store.usages.get(key.key_id, service.now().strftime("%Y-%m"))
    quota = key.monthly_quota
    limit = service.settings.rate_limit if key.rate_limit is None else key.rate_limit
    return UsageView(
        key=key.name,
        month=month,
        monthly_quota=quota,
        quota_remaining=None if quota is None else max(0, quota - month.jobs),
        rate_limit=limit or None,
        months=tuple(service.store.usages.months([key.key_id])),
        models=tuple(service.store.model_usages.months([key.key_id])),
        model_monthly_cost=service.settings.model_monthly_cost or None,
    )
