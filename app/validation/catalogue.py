"""The rules described: the one source of `/v1/rules`, `spunta explain` and the table in `rules/README.md`."""

import datetime as dt

import msgspec

from app.validation.outside import OutsideRule
from app.validation.rule import Rule
from app.validation.ruleset import ENGINE, Ruleset
from app.validation.severity import Severity


class CatalogueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is published about a rule."""

    code: str
    severity: Severity
    title: str
    documentation: str
    """What it checks, why it matters, what to do; paragraphs separated by empty lines."""
    source: str
    countries: tuple[str, ...] = ()
    """Empty for all."""
    since: dt.date | None = None
    until: dt.date | None = None


def describe(rule: Rule) -> CatalogueEntry:
    """The entry of one rule."""
    return CatalogueEntry(
        code=rule.code,
        severity=rule.severity,
        title=rule.title,
        documentation=rule.documentation,
        source=rule.source,
        countries=tuple(sorted(rule.countries)),
        since=rule.since,
        until=rule.until,
    )


def catalogue(ruleset: Ruleset) -> tuple[CatalogueEntry, ...]:
    """Every rule of a ruleset by code, the engine's own findings and the official rules included."""
    own = map(describe, (*ruleset.rules, *ENGINE))
    return tuple(sorted((*own, *map(_describe_outside, ruleset.outside)), key=lambda entry: entry.code))


def _describe_outside(rule: OutsideRule) -> CatalogueEntry:
    return CatalogueEntry(
        code=rule.code,
        severity=rule.severity,
        title=rule.title,
        documentation=rule.documentation,
        source=rule.source,
    )


def as_table(entries: tuple[CatalogueEntry, ...]) -> str:
    """The entries as a table in Markdown."""
    rows = [f"| {_cells(entry)} |" for entry in entries]
    return "\n".join(["| code | severity | what must hold | for | source |", "|---|---|---|---|---|", *rows])


def _cells(entry: CatalogueEntry) -> str:
    concerned = ", ".join(entry.countries) or "all"
    if entry.since is not None:
        concerned += f", since {entry.since}"
    return " | ".join((f"`{entry.code}`", entry.severity.value, entry.title, concerned, entry.source or "—"))
