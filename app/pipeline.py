"""The story: read, extract, validate, decide."""

from pathlib import Path
from typing import Final

import msgspec

from app.errors import UnsupportedFile
from app.extraction import extract
from app.extraction.segments import parse_document
from app.model.extraction import Extraction
from app.model.job import Chunking
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Watch, unwatched
from app.model.segment import ParsedDocument
from app.reading import read
from app.validation import Context, Decision, Report, Ruleset, decide, validate

WHOLE: Final = Chunking()


class Judgement(msgspec.Struct, frozen=True):
    """What the rules found, and what is to be done with the invoice."""

    report: Report
    decision: Decision


def read_invoice(path: Path, options: Options, limits: Limits, watch: Watch = unwatched) -> Extraction:
    """Everything up to judgement; pure but for reading the file at `path`."""
    document = read(path, options, limits, watch)
    return extract(document, options, watch)


def read_pages(
    path: Path, options: Options, limits: Limits, watch: Watch = unwatched, chunking: Chunking = WHOLE
) -> ParsedDocument:
    """What stands on the pages, whatever it is; pure but for reading the file at `path`.

    Raises:
        UnsupportedFile: for XML, which has no pages.
    """
    document = read(path, options, limits, watch)
    if not document.pages:
        raise UnsupportedFile("This file has no pages: it is data, not a printed document.")
    return parse_document(document, chunking, watch)


def answer(
    path: Path, options: Options, limits: Limits, watch: Watch, chunking: Chunking | None = None
) -> Extraction | ParsedDocument:
    """What a job of either kind asks for: its pages in pieces of some size, else its invoice."""
    if chunking is None:
        return read_invoice(path, options, limits, watch)
    return read_pages(path, options, limits, watch, chunking)


def judge(extraction: Extraction, context: Context, ruleset: Ruleset) -> Judgement:
    """Today's rules and policy over what was read; pure, takes no part of the document again."""
    report = validate(extraction, context, ruleset)
    return Judgement(report, decide(report, extraction, context.policy or ruleset.policy))
