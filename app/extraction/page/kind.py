"""What kind of document the page is, by its title."""

from typing import Final

import msgspec

from app.extraction.page.lexicon import Label
from app.extraction.page.parties import Text
from app.extraction.page.scan import Scan
from app.model.invoice import InvoiceType

_TITLES: Final = {
    "title_invoice": InvoiceType.INVOICE,
    "title_credit_note": InvoiceType.CREDIT_NOTE,
    "title_debit_note": InvoiceType.DEBIT_NOTE,
    "title_proforma": InvoiceType.PROFORMA,
    "title_receipt": InvoiceType.RECEIPT,
    "title_self_billed": InvoiceType.SELF_BILLED,
}


class Title(msgspec.Struct, frozen=True, eq=False):
    """A phrase that may be the document's title, and how much it stands out."""

    kind: str
    label: Label
    score: float


def titles(found: Scan) -> list[Title]:
    """All phrases that could be the title, the most prominent first."""
    heights = sorted(line.box.bottom - line.box.top for line in found.lines) or [1.0]
    usual = heights[len(heights) // 2] or 1.0
    hits = []
    for labels in found.labels:
        for label in labels:
            for sense in label.senses:
                if sense.kind.startswith("title_") and label.leads:
                    hits.append(Title(sense.kind, label, _prominence(label, usual)))
    hits.sort(key=lambda title: -title.score)
    return hits


def _prominence(label: Label, usual: float) -> float:
    start, end = label.line.segment_at(label.start)
    words = len(label.line.text[start:end].split())
    alone = 1.0 if words <= label.tokens + 3 else 0.3
    size = min((label.box.bottom - label.box.top) / usual, 3.0) / 3.0
    top = 1.0 - label.box.top / label.line.height
    first = 0.4 if label.line.page == 1 else 0.0
    return alone + size + 0.6 * top + first


def document_type(found: Scan) -> Text | None:
    """The type that the most prominent title names."""
    best = next((title for title in titles(found) if title.kind in _TITLES), None)
    if best is None:
        return None
    place = best.label.line.place(best.label.start, best.label.end)
    return Text(_TITLES[best.kind], place, min(best.score / 2.2, 0.97))
