"""`spunta parse`: what stands on the pages of any document, in reading order."""

from pathlib import Path

import msgspec
import rich_click as click

from app.cli.output import print_json
from app.settings import load


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--format", "shape", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True
)
@click.option("--chunk-size", type=click.IntRange(200, 10_000), default=2000, show_default=True)
@click.option("--overlap", type=click.IntRange(0, 2000), default=200, show_default=True)
@click.option("--pages", help="Such as 1-3,5; all by default.")
@click.option("--password", help="Of encrypted PDFs.")
@click.option("--without-running", is_flag=True, help="Leave out what repeats at the edge of every page.")
@click.pass_context
def parse(  # noqa: PLR0913  # one parameter an option
    context: click.RichContext,
    /,
    file: Path,
    shape: str,
    chunk_size: int,
    overlap: int,
    *,
    without_running: bool,
    **options: str | None,
) -> None:
    """Print FILE as Markdown, or as segments and chunks in JSON.

    Exits with 1 when it could not be read.
    """
    from app.api.options import understand  # noqa: PLC0415  # help texts need no readers
    from app.errors import JobFailure  # noqa: PLC0415  # as above
    from app.jobs.sandbox import ReaderProcess  # noqa: PLC0415  # as above
    from app.jobs.supervisor.logs import configure  # noqa: PLC0415  # as above
    from app.model.job import Chunking, JobType  # noqa: PLC0415  # as above
    from app.model.limits import limits_of  # noqa: PLC0415  # as above

    wish = understand({name: text for name, text in options.items() if text}, JobType.PARSE)
    wanted = Chunking(chunk_size=chunk_size, overlap=overlap, running=not without_running)
    settings = load()
    configure(settings)  # standard output is for the document alone
    with ReaderProcess(limits_of(settings)) as reader:
        try:
            parsed = reader.parse(
                file, msgspec.structs.replace(wish.order.options, password=wish.password), wanted
            )
        except JobFailure as failure:
            click.echo(f"{file.name}: {failure} ({failure.code})", err=True)
            context.exit(1)
    if shape == "json":
        print_json(msgspec.structs.replace(parsed, filename=file.name))
    else:
        click.echo(parsed.markdown, nl=False)
