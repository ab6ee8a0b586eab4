"""An e-invoice as the document a person would print of it: headed sections, parties, lines, totals."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from app.extraction.einvoice import extract_xml
from app.extraction.segments.part import Part, Sheet
from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Cell, Table
from app.model.document import Document
from app.model.evidence import Box
from app.model.invoice import Invoice, Party
from app.model.options import Options
from app.model.segment import SegmentType

_SHEET: Final = Sheet(1, 0.0, 0.0)
_NOWHERE: Final = Box(0.0, 0.0, 0.0, 0.0)
_FALLBACK: Final = "en"
_PARTY: Final = ("vat_number", "fiscal_code", "address", "email", "phone", "sdi_code", "tax_regime")
_HEADER: Final = (
    "number", "date", "type_code", "due_date", "delivery_date", "period", "currency", "po_number",
    "cig", "cup", "preceding_number", "payment_terms", "payment_method",
)  # fmt: skip
_LINE: Final = (
    "position", "code", "description", "quantity", "unit", "unit_price", "discount", "tax_rate",
    "nature", "amount",
)  # fmt: skip
_ALLOWANCE: Final = ("reason", "base", "tax_rate", "amount")
_TAX: Final = ("rate", "nature", "base", "tax", "reason")
_TOTALS: Final = (
    "subtotal", "discount", "charges", "tax_amount", "social_security", "stamp_duty", "rounding", "total",
    "withholding_tax", "prepaid", "amount_due",
)  # fmt: skip
_PAYMENT: Final = (
    "payment_method",
    "due_date",
    "amount",
    "iban",
    "bic",
    "bank",
    "reference",
    "payment_terms",
)
_REFERENCE: Final = ("type_code", "number", "date", "cig", "cup")
Values = Mapping[str, object]


def invoice_parts(document: Document, options: Options) -> list[Part]:
    """The parts of every invoice that a document's XML holds.

    Headings and labels are in the language asked for, else that of the document, as far as it is one of ours.

    Raises:
        Unreadable: the XML is broken. UnsupportedFile: it is no invoice.
    """
    extraction = extract_xml(document, options)
    words = _words()
    wish = (options.locale, extraction.language, _FALLBACK)
    language = next(it for it in wish if it in words)
    return [part for reading in extraction.readings for part in _Writer(language).parts(reading.invoice)]


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("invoice.toml").read_text(encoding="utf-8"))


class _Writer:
    """Writes in one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = _words()[language]

    def parts(self, invoice: Invoice) -> Iterator[Part]:
        """An invoice from its title to its attachments."""
        header = invoice.invoice
        title = f"{self._words[header.type or 'invoice']} {header.number or ''}".strip()
        yield _heading(title, 1)
        for name in ("vendor", "buyer", "payee", "tax_representative", "issuer"):
            yield from self._party(name, getattr(invoice, name))
        period = "–".join(filter(None, (self._text(header.period_start), self._text(header.period_end))))
        yield from self._labelled("document", _HEADER, {**_values(header), "period": period})
        lines = ({**_values(it), "position": it.number} for it in invoice.line_items)
        yield from self._rows("lines", _LINE, lines)
        yield from self._rows("allowances", _ALLOWANCE, map(_signed, invoice.allowances))
        yield from self._rows(
            "taxes", _TAX, ({**_values(it), "tax": it.amount} for it in invoice.tax_breakdown)
        )
        yield from self._labelled("totals", _TOTALS, _values(invoice.financials))
        yield from self._rows("payments", _PAYMENT, (_payment(_values(it)) for it in invoice.payments))
        yield from self._rows(
            "references",
            _REFERENCE,
            ({**_values(it), "type_code": self._words[it.kind]} for it in invoice.references),
        )
        yield from self._lines("notes", invoice.notes)
        yield from self._lines("attachments", invoice.attachments)

    def _party(self, name: str, party: Party | None) -> Iterator[Part]:
        if party is None or party == Party():
            return
        town = " ".join(filter(None, (party.zip_code, party.city, party.province and f"({party.province})")))
        address = ", ".join(filter(None, (party.address, town, party.country)))
        yield from self._labelled(name, ("name", *_PARTY), {**_values(party), "address": address})

    def _labelled(self, section: str, names: Iterable[str], values: Values) -> Iterator[Part]:
        said = [(self._words[name], self._text(values.get(name))) for name in names]
        lines = [f"{label}: {text}" for label, text in said if text]
        if lines:
            yield _heading(self._words[section], 2)
            yield _text("\n".join(lines))

    def _lines(self, section: str, texts: Sequence[str]) -> Iterator[Part]:
        if texts:
            yield _heading(self._words[section], 2)
            yield _text(*texts)

    def _rows(self, section: str, names: Sequence[str], rows: Iterable[Values]) -> Iterator[Part]:
        """A table of the columns that any row has something in."""
        held = list(rows)
        kept = [name for name in names if any(self._text(row.get(name)) for row in held)]
        if not kept:
            return
        yield _heading(self._words[section], 2)
        heads = tuple(Cell(self._words[name], at) for at, name in enumerate(kept))
        body = (
            tuple(Cell(text, at) for at, name in enumerate(kept) if (text := self._text(row.get(name))))
            for row in held
        )
        right = tuple(any(isinstance(row.get(name), Decimal) for row in held) for name in kept)
        table = Table((heads, *body), len(kept), 1, right, tuple((0.0, 0.0) for _ in kept))
        yield Part(kind=SegmentType.TABLE, sheet=_SHEET, box=_NOWHERE, table=table)

    def _text(self, value: object) -> str:
        if isinstance(value, Decimal):
            exact = format(value, "f")
            digits = max(len(exact.partition(".")[2]), 0)
            return str(format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", self._language))
        if isinstance(value, dt.date):
            return str(format_date(value, "long", self._language))
        text = "" if value is None else str(value)
        return self._words.get(text, text) if value.__class__.__name__ == "PaymentMethod" else text


def _values(struct: object) -> dict[str, object]:
    return {name: getattr(struct, name) for name in getattr(struct, "__struct_fields__", ())}


def _signed(allowance: object) -> dict[str, object]:
    """An allowance lowers the total, a charge adds to it."""
    values = _values(allowance)
    amount = values["amount"]
    if isinstance(amount, Decimal) and not values["charge"]:
        values["amount"] = -amount
    return values


def _payment(values: dict[str, object]) -> dict[str, object]:
    return {
        **values,
        "payment_method": values["method"] or values["method_code"],
        "payment_terms": values["terms"],
    }


def _heading(text: str, level: int) -> Part:
    return Part(
        kind=SegmentType.SECTION_HEADER,
        sheet=_SHEET,
        box=_NOWHERE,
        paragraphs=(Paragraph(text),),
        level=level,
    )


def _text(*texts: str) -> Part:
    return Part(
        kind=SegmentType.TEXT, sheet=_SHEET, box=_NOWHERE, paragraphs=tuple(Paragraph(text) for text in texts)
    )
