"""The story: read, extract, validate, decide."""

from pathlib import Path

import msgspec

from app.extraction import extract
from app.model.extraction import Extraction
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.reading import read
from app.validation import Context, Decision, Report, Ruleset, decide, validate


class Judgement(msgspec.Struct, frozen=True):
    """What the rules found, and what is to be done with the invoice."""

    report: Report
    decision: Decision


def read_invoice(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Extraction:
    """Everything up to judgement; pure but for reading the file at `path`."""
    document = read(path, options, limits, watch)
    return extract(document, options, watch)


def judge(extraction: Extraction, context: Context, ruleset: Ruleset) -> Judgement:
    """Today's rules and policy over what was read; pure, takes no part of the document again."""
    report = validate(extraction, context, ruleset)
    return Judgement(report, decide(report, extraction, context.policy or ruleset.policy))
