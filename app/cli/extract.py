"""`spunta extract`: the same reading as the service's, without a server."""

import os
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import rich_click as click

from app.cli.output import print_json
from app.model.job import HelpScope
from app.model.options import DateOrder, Mode, Perspective
from app.settings import load

if TYPE_CHECKING:
    from app.jobs.view import JobView


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([str(each) for each in kind])


_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--mode", type=_choice(Mode), default=str(Mode.DETERMINISTIC), show_default=True)
@click.option(
    "--format", "shape", type=click.Choice(["json", "table", "csv"]), default="json", show_default=True
)
@click.option("--locale", help="Language hint: it en de fr es pt nl pl sv.")
@click.option("--own-company", help="Your VAT number or name.")
@click.option("--perspective", type=_choice(Perspective), help="Which side your company is on.")
@click.option("--date-order", type=_choice(DateOrder), help="How ambiguous dates are read.")
@click.option("--byok-provider", help="Whose model helps with --mode byok_assisted.")
@click.option("--byok-model", help="Its id.")
@click.option("--byok-scope", type=_choice(HelpScope), help="What it is asked.")
@click.option("--pages", help="Such as 1-3,5; all by default.")
@click.option("--password", help="Of encrypted PDFs.")
@click.option("--workers", type=click.IntRange(min=1), help="Documents read at the same time.")
@click.pass_context
def extract(
    context: click.RichContext,
    /,
    files: tuple[Path, ...],
    shape: str,
    workers: int | None,
    **options: str | None,
) -> None:
    """Read FILES and print what `GET /v1/jobs/{job_id}` would give: one object, or a list of them.

    Exits with 1 when a file could not be read.
    """
    from app.api.options import understand  # noqa: PLC0415  # help texts need no readers
    from app.cli.local import LocalJobs  # noqa: PLC0415  # as above
    from app.cli.tables import show  # noqa: PLC0415  # as above
    from app.errors import Misconfigured, RequestRefused  # noqa: PLC0415  # as above
    from app.jobs.assistants import assistants  # noqa: PLC0415  # as above
    from app.jobs.supervisor.logs import configure  # noqa: PLC0415  # as above
    from app.model.job import JobStatus, JobType  # noqa: PLC0415  # as above

    settings = load()
    members = {name: value for name, value in options.items() if value}
    try:
        wish = understand(members, JobType.EXTRACT, helpers=assistants(settings))
    except RequestRefused as refused:
        if refused.problem_code != "byok_key_missing":
            raise
        raise Misconfigured(
            "`--mode byok_assisted` needs SPUNTA_ANTHROPIC_KEY, or another provider."
        ) from None
    at_once = min(workers or os.cpu_count() or 1, len(files))
    configure(settings)  # standard output is for the jobs alone
    jobs = list(_watched(LocalJobs(settings, wish.order, wish.password, at_once).run(files), files))
    if shape == "json":
        print_json(jobs[0] if len(jobs) == 1 else jobs)
    else:
        show(jobs, shape)
    if any(job.status is JobStatus.FAILED for job in jobs):
        context.exit(1)


def _watched(jobs: Iterator["JobView"], files: Sequence[Path]) -> Iterator["JobView"]:
    """Progress on standard error, for many files and a person who looks."""
    if len(files) == 1 or not sys.stderr.isatty():
        yield from jobs
        return
    from rich.console import Console  # noqa: PLC0415  # only those who look wait for it
    from rich.progress import track  # noqa: PLC0415  # as above

    yield from track(jobs, "Reading", total=len(files), console=Console(stderr=True))
