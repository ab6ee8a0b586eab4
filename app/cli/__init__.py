"""The command line. Each command's module is imported when it is called, so that `--help` is quick."""

import importlib
import sys
from collections.abc import Mapping
from typing import Final

import rich_click as click

from app import __version__
from app.errors import SpuntaError

_COMMANDS: Final[Mapping[str, str]] = {
    "serve": "app.cli.serve:serve",
    "work": "app.cli.serve:work",
    "extract": "app.cli.extract:extract",
    "parse": "app.cli.parse:parse",
    "validate": "app.cli.validate:validate",
    "rules": "app.cli.rules:rules",
    "explain": "app.cli.rules:explain",
    "policy": "app.cli.policy:policy",
    "keys": "app.cli.keys:keys",
    "webhooks": "app.cli.webhooks:webhooks",
    "backup": "app.cli.backup:backup",
    "restore": "app.cli.backup:restore",
    "doctor": "app.cli.doctor:doctor",
}
_MISTAKEN: Final = 2
"""The exit status for a wrong setting or a wrong use."""


class Commands(click.RichGroup):
    """A group whose commands are named here and live elsewhere."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the framework's signature
        """In the order in which a person meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """Import the module of a command."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="spunta")
def spunta() -> None:
    """Read invoices, show where every value stands, and check them.

    Every option of `serve` and `work` is also a variable `SPUNTA_…`.
    """


def main() -> None:
    """Run one command; what goes wrong on purpose is told in a sentence."""
    try:
        spunta(prog_name="spunta")
    except SpuntaError as problem:
        click.echo(f"spunta: {problem}", err=True)
        sys.exit(_MISTAKEN)
