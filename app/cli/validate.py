"""`spunta validate`: today's rules over a result that was read before, or over an e-invoice."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import rich_click as click

from app.cli.folder import data_option, open_existing
from app.cli.output import print_json
from app.errors import Misconfigured


@click.command()
@click.argument("what", metavar="JOB|FILE")
@data_option
def validate(what: str, data: Path | None) -> None:
    """Judge a stored job by its id, or in a file the JSON of a job or `result`, or an e-invoice."""
    from app.api.posted import read_local  # noqa: PLC0415  # help texts need no rules
    from app.api.validate import judge_job  # noqa: PLC0415  # as above
    from app.jobs.bench import OwnBench  # noqa: PLC0415  # as above
    from app.jobs.examining import reader_process  # noqa: PLC0415  # as above
    from app.jobs.judging import policy_of_key  # noqa: PLC0415  # as above
    from app.model.limits import limits_of  # noqa: PLC0415  # as above
    from app.model.options import Options  # noqa: PLC0415  # as above
    from app.settings import load  # noqa: PLC0415  # as above
    from app.validation import Context, Policies  # noqa: PLC0415  # as above
    from app.validation.configured import configured  # noqa: PLC0415  # as above

    settings = load(data=data)
    ruleset, file = configured(settings), Path(what)
    if file.is_file():
        with reader_process(limits_of(settings), ruleset) as reader:
            extraction = read_local(file, lambda path: reader.read(path, Options()))
        context = Context(today=dt.datetime.now(dt.UTC).date(), policy=ruleset.policy)
        print_json(OwnBench(ruleset).judge(extraction, context).verdict)
        return
    try:
        job_id = UUID(what)
    except ValueError:
        raise Misconfigured("That is neither a file nor the id of a job.") from None
    store = open_existing(data)
    job = store.jobs.find(job_id)
    if job is None:
        raise Misconfigured("There is no job of that id in the data folder.")
    print_json(judge_job(store, job, Policies(ruleset), policy_of_key(store, job), OwnBench(ruleset)))
