"""The story: read, extract, validate, decide."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from app.errors import NoText, OcrFailed
from app.extraction import extract
from app.extraction.segments import Told, gathered, invoice_parts, write
from app.extraction.segments.album import Album
from app.model.consultation import Help
from app.model.document import Document, FileType, Page, TextOrigin
from app.model.extraction import Extraction, Reading
from app.model.invoice import Invoice
from app.model.limits import Limits
from app.model.options import Options
from app.model.progress import Stage, Watch, unwatched
from app.model.segment import Extra, Parsed, Parsing, Target
from app.reading import Leaves, leaves, read
from app.reading.read import kind_of
from app.reading.sheets import sheets
from app.validation import Context, Decision, Report, Ruleset, decide, validate

NOTHING: Final = Extraction(readings=(Reading(invoice=Invoice()),), file_type=FileType.PDF)
"""What is read of pages without a word."""


class Judgement(msgspec.Struct, frozen=True):
    """What the rules found, and what is to be done with the invoice."""

    report: Report
    decision: Decision


def read_invoice(
    path: Path, options: Options, limits: Limits, watch: Watch = unwatched, help_: Help | None = None
) -> Extraction:
    """Everything up to judgement; pure but for reading the file at `path` and for the model that may help."""
    if help_ is not None:
        return _read_with_help(path, options, limits, watch, help_)
    return extract(read(path, options, limits, watch), options, watch)


def _read_with_help(path: Path, options: Options, limits: Limits, watch: Watch, help_: Help) -> Extraction:
    """The same with a model: words are looked up, and pages without words are shown to it."""
    from app.extraction.llm import FEW, assisted, numbered, seen  # noqa: PLC0415  # most readers never ask

    wordless: NoText | OcrFailed | None = None
    try:
        document = read(path, options, limits, watch)
        extraction = extract(document, options, watch)
    except (NoText, OcrFailed) as failure:
        wordless = failure
        document = Document(file_type=kind_of(path))
        extraction = msgspec.structs.replace(NOTHING, file_type=document.file_type)
    if document.xml is not None:
        return extraction
    words = numbered([page for page in document.pages if not options.pages or page.number in options.pages])
    if words.count >= FEW:
        return assisted(document, extraction, options.pages, help_)
    pictures = sheets(path, options, limits)
    helped = seen(extraction, words, pictures, help_)
    if wordless is not None and not helped.fields:
        raise wordless  # as without a model
    return msgspec.structs.replace(helped, page_count=helped.page_count or len(pictures))


def read_pages(  # noqa: PLR0913, PLR0917 - what is read, within what, and where to
    path: Path,
    options: Options,
    limits: Limits,
    watch: Watch,
    parsing: Parsing,
    target: Target,
) -> Parsed:
    """What stands on the pages, whatever it is, written to the target one page after another.

    An e-invoice without pages is written as the document that its data describe.

    Raises:
        JobFailure: with the reason, when it cannot be read.
    """
    with leaves(path, options, limits, watch) as opened:
        if opened.xml is not None and not opened.page_count:
            parts = invoice_parts(Document(file_type=opened.file_type, xml=opened.xml), options)
            told = Told(parts, opened.file_type, 0, parsing, {})
        else:
            album = Album(opened.draw, Path(target.folder), limits, drawn=Extra.IMAGE in parsing.include)
            parts = gathered(album.through(_watched(opened, watch)))
            told = Told(
                parts, opened.file_type, opened.page_count, parsing, album.named(parts, target.pictures)
            )
    watch(Stage.EXTRACTING, 92)
    write(told, target)
    return Parsed(file_type=told.file_type, page_count=told.page_count)


def _watched(opened: Leaves, watch: Watch) -> Iterator[Page]:
    for done, page in enumerate(opened.pages, start=1):
        yield page
        stage = Stage.OCR if page.origin is TextOrigin.OCR else Stage.READING
        watch(stage, 5 + 85 * done // max(opened.wanted, done))


def answer(  # noqa: PLR0913, PLR0917 - as `read_pages`
    path: Path,
    options: Options,
    limits: Limits,
    watch: Watch,
    parsing: Parsing | None = None,
    target: Target | None = None,
    help_: Help | None = None,
) -> Extraction | Parsed:
    """What a job of either kind asks for: its document, written to a target, else its invoice."""
    if parsing is None or target is None:
        return read_invoice(path, options, limits, watch, help_)
    return read_pages(path, options, limits, watch, parsing, target)


def judge(extraction: Extraction, context: Context, ruleset: Ruleset) -> Judgement:
    """Today's rules and policy over what was read; pure, takes no part of the document again."""
    report = validate(extraction, context, ruleset)
    return Judgement(report, decide(report, extraction, context.policy or ruleset.policy))
