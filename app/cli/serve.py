"""`spunta serve` and `spunta work`: the service over one data folder."""

from collections.abc import Callable
from typing import Final, TypeVar

import rich_click as click

from app.cli.folder import data_option
from app.settings import Settings, load

Command = TypeVar("Command", bound=Callable[..., object])
_FIRST_KEY: Final = "default"


def _workers_option(command: Command) -> Command:
    return click.option(
        "--workers", type=int, help="Worker processes; 0 is one per core.  [env: SPUNTA_WORKERS]"
    )(command)


@click.command()
@click.option("--host", help="Address to listen at.  [env: SPUNTA_HOST; default: 127.0.0.1]")
@click.option(
    "--port", type=int, help="Port to listen at; 0 takes a free one.  [env: SPUNTA_PORT; default: 8000]"
)
@data_option
@_workers_option
@click.option("--log-format", type=click.Choice(["auto", "json", "console"]), help="[env: SPUNTA_LOG_FORMAT]")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="[env: SPUNTA_LOG_LEVEL]"
)
def serve(**options: object) -> None:
    """Start the API and its workers over one data folder. The first start prints an API key, once."""
    settings = load(None, **options)
    _first_key(settings)
    from app.jobs.supervisor import serve as run  # noqa: PLC0415  # help texts need no workers

    run(settings)


@click.command()
@data_option
@_workers_option
@click.option("--log-format", type=click.Choice(["auto", "json", "console"]), help="[env: SPUNTA_LOG_FORMAT]")
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="[env: SPUNTA_LOG_LEVEL]"
)
def work(**options: object) -> None:
    """Start workers alone, beside a service on the same data folder."""
    settings = load(None, **options)
    from app.jobs.supervisor import work as run  # noqa: PLC0415  # help texts need no workers

    run(settings)


def _first_key(settings: Settings) -> None:
    from app.storage.sqlite.store import open_store  # noqa: PLC0415  # as above

    store = open_store(settings.data)
    if not store.keys.list():
        _, secret = store.keys.create(_FIRST_KEY)
        click.echo(f"API key, shown this once: {secret}")
    store.close()
