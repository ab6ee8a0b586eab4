"""What kind of document the page is, by its title."""

import re
from typing import Final

import msgspec

from app.extraction.page.text.candidates import Text
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import has_digit
from app.extraction.page.text.scan import Scan, Seg, once, segs_under
from app.model.invoice import InvoiceType

_TITLES: Final = {
    "title_invoice": InvoiceType.INVOICE,
    "title_credit_note": InvoiceType.CREDIT_NOTE,
    "title_debit_note": InvoiceType.DEBIT_NOTE,
    "title_proforma": InvoiceType.PROFORMA,
    "title_receipt": InvoiceType.RECEIPT,
    "title_self_billed": InvoiceType.SELF_BILLED,
}


_CODES: Final = {f"TD{number:02}": InvoiceType.INVOICE for number in range(1, 30)} | {
    "TD04": InvoiceType.CREDIT_NOTE, "TD08": InvoiceType.CREDIT_NOTE, "TD05": InvoiceType.DEBIT_NOTE,
    "TD09": InvoiceType.DEBIT_NOTE, "TD16": InvoiceType.SELF_BILLED, "TD17": InvoiceType.SELF_BILLED,
    "TD18": InvoiceType.SELF_BILLED, "TD19": InvoiceType.SELF_BILLED, "TD20": InvoiceType.SELF_BILLED,
    "TD21": InvoiceType.SELF_BILLED, "TD27": InvoiceType.SELF_BILLED, "TD28": InvoiceType.SELF_BILLED,
}  # fmt: skip
_NEARLY: Final = 0.75  # as prominent: a special kind beats the word invoice beside it
_CODE: Final = re.compile(r"(?<![A-Za-z0-9])TD[0-2]\d(?![A-Za-z0-9])")
_SLIP: Final = 0.5
_IN_ROW: Final = 0.3
_LISTED: Final = 2  # numbers under a head that make it the head of a list
_QUALIFIERS: Final = 1  # words before a title that only say what for
_NUMBERED: Final = re.compile(r"\S*\d\S*")
_STEMS: Final = (
    ("gutschrift", "title_credit_note"), ("storno", "title_credit_note"),
    ("korrektur", "title_credit_note"), ("rectific", "title_credit_note"),
    ("accredito", "title_credit_note"), ("koryg", "title_credit_note"),
    ("credit", "title_credit_note"), ("nota di credito", "title_credit_note"),
    ("avoir", "title_credit_note"), ("abono", "title_credit_note"), ("korekt", "title_credit_note"),
    ("rechnung", "title_invoice"), ("invoice", "title_invoice"), ("fattura", "title_invoice"),
    ("facture", "title_invoice"), ("factura", "title_invoice"), ("fatura", "title_invoice"),
    ("factuur", "title_invoice"), ("faktur", "title_invoice"), ("honorair", "title_invoice"),
    ("fee note", "title_invoice"), ("declaratie", "title_invoice"), ("parcella", "title_invoice"),
    ("notula", "title_invoice"), ("honorar", "title_invoice"), ("racun", "title_invoice"),
    ("szamla", "title_invoice"), ("lasku", "title_invoice"), ("τιμολογ", "title_invoice"),
)  # fmt: skip


INVOICES: Final = frozenset(_TITLES)
"""Titles of papers that are read as invoices."""


class Title(msgspec.Struct, frozen=True, eq=False):
    """A phrase that may be the document's title, and how much it stands out."""

    kind: str
    label: Label
    score: float


@once
def titles(found: Scan) -> list[Title]:
    """All phrases that could be the title, the most prominent first."""
    heights = sorted(line.box.bottom - line.box.top for line in found.lines) or [1.0]
    usual = heights[len(heights) // 2] or 1.0
    hits: list[Title] = []
    for labels in found.labels:
        for label in labels:
            kinds = _title_kinds(label)
            if not kinds or heads_a_list(label, found):
                continue
            hits.extend(
                Title(kind, label, _prominence(label, usual) * share * _standing(kind, label, found))
                for kind, share in kinds
                if kind != "title_receipt" or not _is_of_payment_part(label, found)
            )
    hits.sort(key=lambda title: -title.score)
    return hits


def _standing(kind: str, label: Label, found: Scan) -> float:
    """What is left of a title that only numbers the till's slip, or that stands in a row with an amount."""
    _, end = label.line.segment_at(label.start)
    if kind == "title_receipt" and has_digit(label.line.text[label.end : end]):
        return _SLIP
    row = any(hit.money and hit.start >= end for hit in found.amounts[label.line.number])
    return _IN_ROW if row and kind != "title_invoice" else 1.0


def _is_of_payment_part(label: Label, found: Scan) -> bool:
    """Whether the phrase heads the receipt beside the payment part of a Swiss QR-bill."""
    reach = 2 * (label.box.bottom - label.box.top)
    return any(
        part.line.page == label.line.page and label.box.top > part.box.top - reach
        for part in found.all_labels("payment_part")
    )


def heads_a_list(label: Label, found: Scan) -> bool:
    """Whether a phrase is the head of a column of several numbers: `Invoice` over a list of invoices."""
    start, end = label.line.segment_at(label.start)
    if label.tokens < len(label.line.text[start:end].split()):
        return False
    if not any(seg.headed and seg.start != start for seg in found.segs[label.line.number]):
        return False
    column = [Seg(label.line, start, end, label.box, (), label.line.text[start:end])]
    while len(column) <= _LISTED:
        below = segs_under(column[-1], found)
        if not below or not _NUMBERED.fullmatch(below[0].text):
            return False
        column += below
    return True


def _title_kinds(label: Label) -> list[tuple[str, float]]:
    """The kinds of title that a phrase is, or that the word before `number` in it says."""
    kinds = [(sense.kind, 1.0) for sense in label.senses if sense.kind.startswith("title_")]
    if not kinds and label.means("number", "date", "due_date", "total"):
        text = label.line.folded[label.start : label.end]
        share = 0.6 if label.means("number") else 0.4
        kinds = [(kind, share) for stem, kind in _STEMS if stem in text][:1]
    return kinds


def _prominence(label: Label, usual: float) -> float:
    start, end = label.line.segment_at(label.start)
    words = len(label.line.text[start:end].split())
    alone = 1.0 if words <= label.tokens + 3 else 0.3
    size = min((label.box.bottom - label.box.top) / usual, 3.0) / 3.0
    top = 1.0 - label.box.top / label.line.height
    first = 0.4 if label.line.page == 1 else 0.0
    return (alone + size + 0.6 * top + first) * (1.0 if label.leads or _is_qualified(label) else 0.5)


def _is_qualified(label: Label) -> bool:
    """Whether a word before the title only says what for: `Freight invoice`."""
    start, end = label.line.segment_at(label.start)
    before = label.line.text[start : label.start]
    return (
        label.means("title_invoice")
        and label.end >= end - 1
        and len(before.split()) <= _QUALIFIERS
        and before.strip().isalpha()
    )


def document_type(found: Scan) -> Text | None:
    """The type that the document's own code or its most prominent title names."""
    coded = type_code(found)
    if coded and coded.value in _CODES:
        return Text(_CODES[str(coded.value)], coded.place, 0.95)
    known = [title for title in titles(found) if title.kind in _TITLES]
    if not known:
        return None
    special = next((title for title in known if title.kind != "title_invoice"), known[0])
    best = special if special.score >= _NEARLY * known[0].score else known[0]
    place = best.label.line.place(best.label.start, best.label.end)
    return Text(_TITLES[best.kind], place, min(best.score / 2.2, 0.97))


def type_code(found: Scan) -> Text | None:
    """The Italian code of the document's type (`TipoDocumento`), where it is printed."""
    for line in found.numeric:
        match = _CODE.search(line.text)
        if match:
            return Text(match.group(), line.place(*match.span()), 0.97)
    return None
