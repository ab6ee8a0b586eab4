"""`spunta backup` and `spunta restore`: the whole data folder in one file, also while the service runs."""

from pathlib import Path

import rich_click as click

from app.cli.folder import data_option
from app.cli.output import tell
from app.errors import Misconfigured
from app.settings import load


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(data: Path | None, file: Path) -> None:
    """Write the data folder to FILE. The service may go on; FILE must be kept as secret as the folder."""
    from app.storage.backup import backup as write  # noqa: PLC0415  # help texts need no database
    from app.storage.sqlite.store import SqliteStore  # noqa: PLC0415  # as above

    folder = load(data=data).data
    if not folder.is_dir():
        raise Misconfigured("There is no data folder there; `--data` or SPUNTA_DATA names it.")
    made = write(SqliteStore(folder), file)
    tell(f"{made.jobs} jobs and {made.documents} documents ({made.bytes} bytes) are in {file.name}.")
    if made.missing:
        tell(f"{made.missing} documents of jobs were not there.")


@click.command()
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(data: Path | None, file: Path) -> None:
    """Make the data folder, which must be empty or missing, of a backup. Start the service afterwards."""
    from app.storage.backup import restore as read  # noqa: PLC0415  # help texts need no database

    made = read(file, load(data=data).data)
    tell(f"{made.jobs} jobs and {made.documents} documents are restored.")
