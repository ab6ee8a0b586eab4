"""`spunta rules` and `spunta explain`: the catalogue, from the rules themselves."""

import difflib

import rich_click as click

from app.cli.output import print_json, print_table
from app.errors import Misconfigured
from app.settings import load
from app.validation.catalogue import CatalogueEntry, catalogue
from app.validation.configured import configured


def loaded() -> tuple[CatalogueEntry, ...]:
    """The rules the settings name."""
    return catalogue(configured(load()))


@click.command()
@click.option("--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True)
def rules(shape: str) -> None:
    """List every rule."""
    entries = loaded()
    if shape == "json":
        print_json({"rules": entries})
        return
    rows = ((rule.code, str(rule.severity), " ".join(rule.countries), rule.title) for rule in entries)
    print_table(("code", "severity", "countries", "title"), rows)


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what the rule CODE checks, why, and what to do."""
    entries = {rule.code: rule for rule in loaded()}
    rule = entries.get(code.upper())
    if rule is None:
        close = difflib.get_close_matches(code.upper(), entries, n=1)
        hint = f" Did you mean {close[0]}?" if close else " `spunta rules` lists them."
        raise Misconfigured(f"There is no rule of that code.{hint}")
    click.echo(_page(rule))


def _page(rule: CatalogueEntry) -> str:
    facts = [f"severity: {rule.severity}"]
    if rule.source:
        facts.append(f"source: {rule.source}")
    if rule.countries:
        facts.append(f"countries: {', '.join(rule.countries)}")
    return "\n".join((f"{rule.code}: {rule.title}", "", rule.documentation, "", *facts))
