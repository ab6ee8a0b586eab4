"""`spunta policy check`: every mistake of a policy file, before it is in force."""

from pathlib import Path

import rich_click as click

from app.cli.output import tell
from app.cli.rules import loaded
from app.validation.policy import check_policy


@click.group()
def policy() -> None:
    """Work with the organisation's policy."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Tell every mistake in FILE; exit 1 when there is one."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        tell("The policy is not text in UTF-8.")
        context.exit(1)
    mistakes = check_policy(text, [rule.code for rule in loaded()])
    for mistake in mistakes:
        click.echo(f"{mistake.path or 'the document'}: {mistake.message}")
    if mistakes:
        context.exit(1)
    tell("The policy is right.")
