"""What codes say, laid over what the page says: codes win, and where the two differ both are kept to show."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec
from rapidfuzz import fuzz

from app.extraction.qr.registry import understood
from app.extraction.qr.values import CodeValues, Value
from app.model.document import CodePayload, Page, TextOrigin
from app.model.evidence import Box, Evidence, Source
from app.model.extraction import Disagreement, Extraction, Reading
from app.model.invoice import Invoice
from app.model.paths import with_values

_EXACT: Final = 0.99
"""A code is read without error; what remains is that it may belong to another document on the page."""

# What print spells in its own way (names, streets, kinds of document) only fills gaps.
_COMPARED: Final = frozenset(
    {
        "vendor.iban",
        "vendor.vat_number",
        "buyer.vat_number",
        "invoice.number",
        "invoice.date",
        "invoice.due_date",
        "invoice.currency",
        "financials.subtotal",
        "financials.tax_amount",
        "financials.total",
        "financials.amount_due",
        "financials.stamp_duty",
        "financials.withholding_tax",
    }
)
_NOT_ALNUM: Final = re.compile(r"[^0-9A-Z]")
_SHORTEST_ID: Final = 6
_SURE: Final = 0.9
"""The confidence from which a printed name is kept although a code gives another."""
_ALIKE: Final = 80.0


def with_codes(
    reading: Reading, codes: Iterable[CodePayload], printed_as: TextOrigin = TextOrigin.TEXT_LAYER
) -> tuple[Reading, tuple[Disagreement, ...]]:
    """The reading completed and corrected by the codes on its pages, and where the two differ.

    Several codes of one kind (the slips of instalments) say whom to pay, but none says how much in all.
    """
    understood_codes = [(code, values) for code in codes if (values := understood(code.text)) is not None]
    disagreements: list[Disagreement] = []
    for code, values in understood_codes:
        several = sum(other.kind == values.kind for _, other in understood_codes) > 1
        reading, differing = _with_code(reading, code, _shared(values) if several else values, printed_as)
        disagreements += differing
    return reading, tuple(disagreements)


def _shared(values: CodeValues) -> CodeValues:
    """What the slips of one invoice have in common: the payee."""
    kept = {path: value for path, value in values.values.items() if path.startswith("vendor.")}
    return CodeValues(values.kind, kept)


def _with_code(
    reading: Reading, code: CodePayload, found: CodeValues, printed_as: TextOrigin
) -> tuple[Reading, list[Disagreement]]:
    printed = reading.invoice
    fields = dict(reading.fields)
    taken: dict[str, Value] = _parties(reading, found)
    fields |= {path: _evidence(code, value) for path, value in taken.items()}
    disagreements = []
    for path, value in found.values.items():
        if path in taken:
            continue
        at, there = _counterpart(printed, path)
        if there is not None and (path not in _COMPARED or same(path, there, value)):
            if at == path and path in _COMPARED and path in fields:
                fields[path] = msgspec.structs.replace(fields[path], confidence=_EXACT)
            continue
        taken[path] = value
        fields[path] = _evidence(code, value)
        if there is not None:
            disagreements.append(_disagreement(path, value, there, printed_as))
    invoice = with_values(printed, taken)
    if (
        found.tax_breakdown
        and not invoice.tax_breakdown
        and all(_is_whole(line) for line in found.tax_breakdown)
    ):
        invoice = msgspec.structs.replace(invoice, tax_breakdown=found.tax_breakdown)
        fields |= _tax_evidence(code, found)
    return Reading(invoice=invoice, fields=fields), disagreements


def _parties(reading: Reading, found: CodeValues) -> dict[str, Value]:
    """Name and address of the parties whose printed name is in doubt, all from the code.

    A name on which print and code agree stays as printed, and so does a sure one that differs: an account may
    be held under another name than the one an invoice is headed with.
    """
    taken: dict[str, Value] = {}
    for role in ("vendor", "buyer"):
        name = found.values.get(f"{role}.name")
        printed = getattr(reading.invoice, role).name
        if not isinstance(name, str) or not printed or _is_alike(name, printed):
            continue
        evidence = reading.fields.get(f"{role}.name")
        if evidence is None or evidence.confidence < _SURE:
            taken |= {path: value for path, value in found.values.items() if path in _blocks(role)}
    return taken


def _blocks(role: str) -> frozenset[str]:
    return frozenset(f"{role}.{leaf}" for leaf in ("name", "address", "zip_code", "city", "country"))


def _is_alike(name: str, other: str) -> bool:
    return fuzz.token_set_ratio(name.casefold(), other.casefold()) >= _ALIKE


def _counterpart(printed: Invoice, path: str) -> tuple[str, object]:
    """The printed value a code's value must equal: of an amount to pay that is not printed, the total.

    Only where nothing printed comes between the two.
    """
    section, leaf = path.split(".")
    there = getattr(getattr(printed, section), leaf)
    sums = printed.financials
    if there is None and leaf == "amount_due" and not (sums.prepaid or sums.withholding_tax or sums.rounding):
        return "financials.total", sums.total
    return path, there


def same(path: str, printed: object, coded: Value) -> bool:
    """Whether print and code mean the same: numbers by value, identifiers without their punctuation."""
    if isinstance(coded, Decimal) and isinstance(printed, Decimal):
        return abs(printed) == abs(coded)
    if isinstance(coded, dt.date):
        return printed == coded
    here, there = (_NOT_ALNUM.sub("", str(text).upper()) for text in (printed, coded))
    if path.endswith("vat_number"):  # one of the two may lack the country
        short, long = sorted((here, there), key=len)
        return len(short) >= _SHORTEST_ID and long.endswith(short)
    return here == there


def _evidence(code: CodePayload, value: Value | None) -> Evidence:
    box = Box(code.x0, code.top, code.x1, code.bottom)
    return Evidence(confidence=_EXACT, source=Source.CODE, page=code.page, bbox=box, text=str(value))


def _disagreement(path: str, coded: Value, printed: object, printed_as: TextOrigin) -> Disagreement:
    return Disagreement(
        path=path,
        preferred=str(coded),
        other=str(printed),
        preferred_source=Source.CODE.value,
        other_source=Source(printed_as.value).value,
    )


def _is_whole(line: object) -> bool:
    return None not in (getattr(line, "base", None), getattr(line, "amount", None))


def _tax_evidence(code: CodePayload, found: CodeValues) -> dict[str, Evidence]:
    return {
        f"tax_breakdown[{index}].{leaf}": _evidence(code, value)
        for index, line in enumerate(found.tax_breakdown)
        for leaf, value in (("rate", line.rate), ("base", line.base), ("amount", line.amount))
        if value is not None
    }


def complete(extraction: Extraction, pages: Iterable[Page]) -> Extraction:
    """The extraction of printed pages, each invoice completed by the codes on the pages it was read from."""
    readings, disagreements = [], list(extraction.observations.disagreements)
    several = len(extraction.readings) > 1
    coded = [page for page in pages if page.codes]
    if not coded:
        return extraction
    for reading in extraction.readings:
        own = {evidence.page for evidence in reading.fields.values()}
        mine = [page for page in coded if not several or page.number in own]
        codes = [code for page in mine for code in page.codes]
        completed, differing = with_codes(reading, codes, mine[0].origin if mine else TextOrigin.TEXT_LAYER)
        readings.append(completed)
        disagreements += differing
    noticed = msgspec.structs.replace(extraction.observations, disagreements=tuple(disagreements))
    return msgspec.structs.replace(extraction, readings=tuple(readings), observations=noticed)
