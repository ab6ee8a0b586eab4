"""`spunta policy check`: every mistake of a policy file, before it is in force."""

from pathlib import Path

import rich_click as click

from app.cli.output import tell
from app.errors import Misconfigured
from app.settings import load
from app.validation.policy import check_policy
from app.validation.ruleset import load as load_rules


@click.group()
def policy() -> None:
    """Work with the organisation's policy."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Tell every mistake in FILE; exit 1 when there is one."""
    mistakes = mistakes_in(read_text(file))
    for mistake in mistakes:
        click.echo(mistake)
    if mistakes:
        context.exit(1)
    tell("The policy is right.")


def read_text(file: Path) -> str:
    """The document in a file.

    Raises:
        Misconfigured: when it is not text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Misconfigured("The policy is not text in UTF-8.") from None


def mistakes_in(text: str) -> list[str]:
    """A sentence for each mistake, with its place."""
    found = check_policy(text, load_rules(load().rules).codes)
    return [f"{mistake.path or 'the document'}: {mistake.message}" for mistake in found]
