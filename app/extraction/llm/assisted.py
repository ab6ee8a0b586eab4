"""The reader's result completed with a model's help: what is asked, what is believed, what is noted."""

from collections.abc import Sequence

import msgspec

from app.extraction.displayed import as_displayed
from app.extraction.llm.conversation import PROMPT, Conversation
from app.extraction.llm.doubts import ITEMS, TAX_LINES, doubtful
from app.extraction.llm.numbering import numbered
from app.extraction.page.calibration import along, curves, product
from app.model.consultation import Consultation, Help
from app.model.document import Document, Page
from app.model.extraction import Extraction, Reading

_TABLES = frozenset({ITEMS, TAX_LINES})


def assisted(document: Document, extraction: Extraction, pages: Sequence[int], help_: Help) -> Extraction:
    """The extraction with what a model could add to its first invoice; `pages` empty for all.

    The fields of the header are asked for first. The tables follow only where they still do not agree with
    it, for a total that was misread makes every table look wrong.
    """
    before = extraction.readings[0]
    own = _pages_of(document, extraction, pages)
    words = numbered(own)
    asked = doubtful(before, help_.scope, words.found) if words.count else ()
    if not asked:
        return _noted(extraction, Consultation(prompt=PROMPT.label, prompt_sha256=PROMPT.sha256))
    talk = Conversation(words, help_.ask)
    header = tuple(path for path in asked if path not in _TABLES)
    helped = talk.header(before, header, more=len(header) < len(asked)) if header else before
    still = [path for path in doubtful(helped, help_.scope, words.found) if path in _TABLES and path in asked]
    helped = talk.tables(helped, tuple(still)) if still else helped
    return _noted(_with(extraction, before, helped, own), talk.consultation(), talk)


def _pages_of(document: Document, extraction: Extraction, wanted: Sequence[int]) -> list[Page]:
    """The pages that were read; of a file with several invoices those of the first."""
    pages = [page for page in document.pages if not wanted or page.number in wanted]
    if len(extraction.readings) < 2:  # noqa: PLR2004 - one is not several
        return pages
    others = {proof.page for reading in extraction.readings[1:] for proof in reading.fields.values()}
    own = {proof.page for proof in extraction.fields.values()}
    return [page for page in pages if page.number in own or page.number not in others]


def _with(extraction: Extraction, before: Reading, helped: Reading, pages: Sequence[Page]) -> Extraction:
    """The first invoice exchanged, its new evidence put on the pages as they are displayed."""
    new = {path: proof for path, proof in helped.fields.items() if before.fields.get(path) is not proof}
    if not new and helped.invoice == before.invoice:
        return extraction
    one = msgspec.structs.replace(extraction, readings=(Reading(invoice=helped.invoice, fields=new),))
    shown = as_displayed(one, pages).readings[0].fields
    reading = Reading(invoice=helped.invoice, fields={**helped.fields, **shown})
    return msgspec.structs.replace(
        extraction,
        readings=(reading, *extraction.readings[1:]),
        confidence=along(curves().whole, product(reading.fields)),
    )


def _noted(
    extraction: Extraction,
    took_part: Consultation,
    talk: Conversation | None = None,
) -> Extraction:
    """What was asked and came of it, beside the values."""
    seen = msgspec.structs.replace(
        extraction.observations,
        ungrounded=talk.ungrounded if talk else (),
        disagreements=(*extraction.observations.disagreements, *(talk.disagreements if talk else ())),
        model_trouble=took_part.trouble,
        orders_to_models=talk.orders if talk else (),
    )
    helped = took_part.taken or took_part.confirmed
    return msgspec.structs.replace(
        extraction,
        observations=seen,
        consultation=took_part,
        model=took_part.model if helped and took_part.model else extraction.model,
    )
