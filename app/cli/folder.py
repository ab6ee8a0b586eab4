"""The option that names the data folder, and the store in it."""

from pathlib import Path
from typing import Final

import rich_click as click

from app.errors import Misconfigured
from app.settings import load
from app.storage.protocols import Store

data_option: Final = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder.  [env: SPUNTA_DATA]"
)


def open_existing(data: Path | None, *, create: bool = False) -> Store:
    """The store of the data folder, which must be there unless it may be made.

    Raises:
        Misconfigured: when there is none.
    """
    from app.storage.sqlite.store import open_store  # noqa: PLC0415  # help texts need no database

    folder = load(data=data).data
    if not create and not folder.is_dir():
        raise Misconfigured("There is no data folder there; `--data` or SPUNTA_DATA names it.")
    return open_store(folder)
