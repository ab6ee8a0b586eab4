"""How commands speak: data on standard output, everything else on standard error."""

import sys
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import rich_click as click

_WIDTH_OF_FILES: Final = 200


def print_json(content: object) -> None:
    """Data as indented JSON, amounts with their digits."""
    encoded = msgspec.json.Encoder(decimal_format="number").encode(content)
    click.echo(msgspec.json.format(encoded, indent=2).decode())


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for a person."""
    from rich.console import Console  # noqa: PLC0415  # only those who look at tables wait for it
    from rich.table import Table  # noqa: PLC0415  # as above

    table = Table(*titles, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    out = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_FILES)
    out.print(table)


def tell(sentence: str) -> None:
    """A sentence beside the data."""
    click.echo(sentence, err=True)
