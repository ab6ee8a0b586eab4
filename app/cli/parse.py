"""`spunta parse`: what stands on the pages of any document, in reading order."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec
import rich_click as click

from app.settings import load

_FILES: Final = {"markdown": "document.md", "html": "document.html", "json": "result.json"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--format", "shape", type=click.Choice([*_FILES]), default="markdown", show_default=True)
@click.option("--chunk-size", type=click.IntRange(200, 10_000), default=2000, show_default=True)
@click.option("--overlap", type=click.IntRange(0, 2000), default=200, show_default=True)
@click.option("--pages", help="Such as 1-3,5; all by default.")
@click.option("--password", help="Of encrypted PDFs.")
@click.option("--locale", help="Language hint.")
@click.option("--include", help="Some of markdown,html,ocr,image, or none; all by default.")
@click.option("--segment-types", help="Some of Picture,SectionHeader,Text,Table,Caption; all by default.")
@click.option("--without-running", is_flag=True, help="Leave out what repeats at the edge of every page.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the document in all formats, with its pictures, to this folder instead.",
)
@click.pass_context
def parse(  # noqa: PLR0913, PLR0917  # one parameter an option
    context: click.RichContext,
    /,
    file: Path,
    shape: str,
    chunk_size: int,
    overlap: int,
    output: Path | None,
    *,
    without_running: bool,
    **options: str | None,
) -> None:
    """Print FILE as Markdown or HTML, or as segments and chunks in JSON.

    Exits with 1 when it could not be read.
    """
    from app.api.options import understand  # noqa: PLC0415  # help texts need no readers
    from app.errors import JobFailure, RequestRefused  # noqa: PLC0415  # as above
    from app.jobs.sandbox import ReaderProcess  # noqa: PLC0415  # as above
    from app.jobs.supervisor.logs import configure  # noqa: PLC0415  # as above
    from app.model.job import JobType  # noqa: PLC0415  # as above
    from app.model.limits import limits_of  # noqa: PLC0415  # as above
    from app.model.segment import Parsing, Target  # noqa: PLC0415  # as above

    members: dict[str, object] = {name: text for name, text in options.items() if text}
    members |= {"chunk_size": chunk_size, "overlap": overlap}
    if without_running:
        members["regions"] = ["body", "sidebar"]
    try:
        wish = understand(members, JobType.PARSE)
    except RequestRefused as refusal:
        raise click.UsageError(str(refusal)) from None
    settings = load()
    configure(settings)  # standard output is for the document alone
    with (
        tempfile.TemporaryDirectory(prefix="spunta-") as folder,
        ReaderProcess(limits_of(settings)) as reader,
    ):
        target = Target(folder=folder, filename=file.name)
        asked = msgspec.structs.replace(wish.order.options, password=wish.password)
        try:
            reader.parse(file, asked, wish.order.parsing or Parsing(), target)
        except JobFailure as failure:
            click.echo(f"{file.name}: {failure} ({failure.code})", err=True)
            context.exit(1)
        if output is None:
            _print(Path(folder) / _FILES[shape])
        else:
            shutil.copytree(folder, output, dirs_exist_ok=True)


def _print(path: Path) -> None:
    """Pass a file on as it is; one that was not asked for is not there."""
    if path.exists():
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.buffer.flush()
