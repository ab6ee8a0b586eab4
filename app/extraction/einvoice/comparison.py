"""What the page of a hybrid invoice adds to its data, and whether the two say the same.

An invoice whose page shows one total and whose data another is how invoices are forged. A difference is told
only when it cannot be a misreading of the page: the value of the data stands nowhere on it, and what was read
there is no other value of the data. Where they agree on the sums, what the data leave out is taken from the
page.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.einvoice.completion import completed, plain
from app.model.document import Page
from app.model.evidence import Source
from app.model.extraction import Disagreement, Extraction
from app.model.invoice import Invoice
from app.model.money import rounded
from app.model.paths import leaves

_SURE: Final = {Source.TEXT: 0.3, Source.OCR: 0.9}
"""Confidence of a value that stands on the page below which it accuses nobody; other sources never do."""
_NEVER: Final = 2.0
_AMOUNTS: Final = ("financials.total", "financials.tax_amount")
_NAMES: Final = ("invoice.number", "vendor.iban")
_THOUSANDS: Final = re.compile(r"(?<=\d)[\s.,'\u2019\u00a0\u202f](?=\d{3}(?!\d))")


def compared(stated: Extraction, printed: Extraction, pages: tuple[Page, ...], xml: bytes) -> Extraction:
    """The extraction of the data, with what the page says otherwise."""
    text = " ".join(word.text for page in pages for word in page.words)
    found = tuple(_disagreements(stated, printed, text, xml))
    if not any(one.path in _AMOUNTS for one in found):
        stated = completed(stated, printed, xml.decode("utf-8", "ignore"))
    observations = msgspec.structs.replace(
        stated.observations,
        disagreements=stated.observations.disagreements + found,
        hidden_text=printed.observations.hidden_text,
    )
    return msgspec.structs.replace(stated, observations=observations)


def _disagreements(stated: Extraction, printed: Extraction, text: str, xml: bytes) -> Iterator[Disagreement]:
    ours, theirs = dict(leaves(stated.invoice)), dict(leaves(printed.invoice))
    amounts = _amounts(stated.invoice)
    on_page = _printed_amounts(text)
    page_text, data_text = plain(text), plain(xml.decode("utf-8", "ignore"))
    for path in _AMOUNTS:
        own, other = ours.get(path), theirs.get(path)
        if not isinstance(own, Decimal) or not isinstance(other, Decimal):
            continue
        if rounded(abs(own)) not in on_page and rounded(abs(other)) not in amounts:
            yield from _told(printed, path, own, other)
    for path in _NAMES:
        own, other = ours.get(path), theirs.get(path)
        if own and other and plain(str(own)) not in page_text and plain(str(other)) not in data_text:
            yield from _told(printed, path, own, other)


def _told(printed: Extraction, path: str, own: object, other: object) -> Iterator[Disagreement]:
    evidence = printed.fields.get(path)
    if evidence is None or evidence.confidence < _SURE.get(evidence.source, _NEVER):
        return
    yield Disagreement(
        path=path,
        preferred=str(own),
        other=str(other),
        preferred_source=Source.XML,
        other_source=evidence.source,
    )


def _amounts(invoice: Invoice) -> set[Decimal]:
    return {rounded(abs(value)) for _, value in leaves(invoice) if isinstance(value, Decimal)}


_AMOUNT: Final = re.compile(r"(?<!\d)\d{1,13}(?:[.,]\d{1,4})?(?!\d)", re.ASCII)


def _printed_amounts(text: str) -> set[Decimal]:
    """Every number on the page, whichever way it separates its thousands."""
    found: set[Decimal] = set()
    for spelled in (text, _THOUSANDS.sub("", text)):
        found |= {rounded(Decimal(number.replace(",", "."))) for number in _AMOUNT.findall(spelled)}
    return found
