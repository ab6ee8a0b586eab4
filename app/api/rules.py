"""The rules that the running service really has."""

import msgspec
from litestar import Controller, get
from litestar.params import FromPath

from app.api.caller import SECURITY, may
from app.api.described import WITH_KEY, problems
from app.api.service import TheService
from app.errors import RequestRefused
from app.storage.records import Scope
from app.validation.catalogue import CatalogueEntry


class RuleList(msgspec.Struct, frozen=True):
    """The catalogue."""

    rules: tuple[CatalogueEntry, ...]


class Rules(Controller):
    """The catalogue of rules."""

    path = "/v1/rules"
    tags = ("Rules",)
    guards = (may(Scope.READ),)
    security = SECURITY

    @get(
        "/",
        summary="All rules",
        operation_id="listRules",
        responses=problems(*WITH_KEY),
        sync_to_thread=False,
    )
    def every(self, service: TheService) -> RuleList:
        """Every rule with its permanent code, severity, documentation and source in law or standard."""
        return RuleList(rules=service.rules)

    @get(
        "/{code:str}",
        summary="One rule",
        operation_id="getRule",
        responses=problems("bad_request", "rule_not_found", *WITH_KEY),
        sync_to_thread=False,
    )
    def one(self, service: TheService, code: FromPath[str]) -> CatalogueEntry:
        """The rule of that exact code."""
        for rule in service.rules:
            if rule.code == code:
                return rule
        raise RequestRefused("rule_not_found", "The service has no rule of this code; `/v1/rules` lists all.")
