"""`spunta validate`: today's rules over a result that was read before."""

from pathlib import Path
from uuid import UUID

import rich_click as click

from app.cli.folder import data_option, open_existing
from app.cli.output import print_json
from app.errors import Misconfigured


@click.command()
@click.argument("what", metavar="JOB|FILE.json")
@data_option
def validate(what: str, data: Path | None) -> None:
    """Judge a stored job by its id, or the JSON of a job or of a `result` in a file."""
    from app.api.validate import judge_job, judge_posted  # noqa: PLC0415  # help texts need no rules
    from app.settings import load  # noqa: PLC0415  # as above
    from app.validation.configured import configured  # noqa: PLC0415  # as above

    ruleset = configured(load(data=data))
    file = Path(what)
    if file.is_file():
        print_json(judge_posted(file.read_bytes(), ruleset))
        return
    try:
        job_id = UUID(what)
    except ValueError:
        raise Misconfigured("That is neither a file nor the id of a job.") from None
    store = open_existing(data)
    job = store.jobs.find(job_id)
    if job is None:
        raise Misconfigured("There is no job of that id in the data folder.")
    print_json(judge_job(store, job, ruleset))
