"""From pages of words to the invoices they print."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec

from app.extraction.page.assembly import Assembled, assemble
from app.extraction.page.calibration import calibrate
from app.extraction.page.invoices import page_groups
from app.extraction.page.page_signs import sheets
from app.extraction.page.text.layout import Block, Line, blocks, lines
from app.extraction.page.text.scan import Scan, scan
from app.model.document import Document, Page
from app.model.evidence import Evidence
from app.model.extraction import Extraction, Observations, Reading
from app.model.invoice import Invoice
from app.model.options import Options
from app.model.paths import CORE

_HIDDEN_SAMPLES: Final = 20

Laid = Sequence[tuple[Page, Sequence[Line]]]


@cache
def _model() -> str:
    """This reader and the version it was installed as; `0` in a tree that never was."""
    try:
        return f"deterministic@{version('spunta')}"
    except PackageNotFoundError:
        return "deterministic@0"


def extract_pages(document: Document, options: Options) -> Extraction:
    """Read the invoices that the pages of a document print; a paper that is none gives an empty one."""
    pages = [page for page in document.pages if not options.pages or page.number in options.pages]
    laid = [(page, lines(page)) for page in pages]
    read = [one for group, found in _invoices(laid) if (one := assemble(found, _blocks(group), options))]
    extraction = Extraction(
        readings=tuple(one.reading for one in read) or (Reading(invoice=Invoice()),),
        file_type=document.file_type,
        page_count=document.page_count,
        language=read[0].language if read else None,
        model=_model(),
        observations=_observations(pages, read),
    )
    return _doubted(calibrate(extraction), [one.doubts for one in read]) if read else extraction


def _doubted(extraction: Extraction, doubts: Sequence[dict[str, float]]) -> Extraction:
    """The same, every value as much less sure as recognition was of its words."""
    if not any(doubts):
        return extraction
    readings = tuple(
        msgspec.structs.replace(
            reading, fields={path: _less(proof, own.get(path, 1.0)) for path, proof in reading.fields.items()}
        )
        for reading, own in zip(extraction.readings, doubts, strict=True)
    )
    weakest = min((doubts[0].get(path, 1.0) for path in CORE), default=1.0)
    return msgspec.structs.replace(
        extraction, readings=readings, confidence=round(extraction.confidence * weakest, 3)
    )


def _less(proof: Evidence, share: float) -> Evidence:
    return (
        msgspec.structs.replace(proof, confidence=round(proof.confidence * share, 3)) if share < 1 else proof
    )


def _invoices(laid: Laid) -> list[tuple[Laid, Scan]]:
    """The pages of each invoice, scanned."""
    whole = scan(laid)
    groups = page_groups(sheets(whole, laid)) if len(laid) > 1 else [tuple(page.number for page, _ in laid)]
    if len(laid) == 1 or (len(groups) == 1 and len(groups[0]) == len({line.page for line in whole.lines})):
        return [(laid, whole)]
    parts = [[(page, page_lines) for page, page_lines in laid if page.number in group] for group in groups]
    return [(part, scan(part)) for part in parts]


def _blocks(laid: Laid) -> list[Block]:
    """The blocks of the pages where parties stand: the first two and the last."""
    return [block for _, page_lines in (*laid[:2], *laid[2:][-1:]) for block in blocks(page_lines)]


def _observations(pages: Sequence[Page], read: Sequence[Assembled]) -> Observations:
    return Observations(
        invoice_count=len(read),
        hidden_text=tuple(word.text for page in pages for word in page.hidden)[:_HIDDEN_SAMPLES],
        ambiguous_dates=read[0].ambiguous if read else (),
    )
