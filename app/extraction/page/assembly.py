"""The pieces put together: an invoice with the evidence for each of its values."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from app.extraction.page.casting import Cast, cast_parties
from app.extraction.page.dates import DateHit
from app.extraction.page.findings import Findings
from app.extraction.page.heading import Candidate, dated, numbers, titled_number, unlabelled_date
from app.extraction.page.kind import document_type, type_code
from app.extraction.page.language import language_of
from app.extraction.page.layout import Line, blocks
from app.extraction.page.parties import columns
from app.extraction.page.payment import currency_of, payment_method, payment_terms
from app.extraction.page.scan import Scan, Seg, scan
from app.extraction.page.tables_result import Tabled
from app.extraction.page.text import Place
from app.extraction.page.totals import Sum, Totals, choose_totals, proved_by_tables
from app.model.document import Document, Page
from app.model.extraction import AmbiguousDate, Extraction, Observations, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, Party
from app.model.options import DateOrder, Mode, Options

_ZIP: Final = {
    "DE": r"\d{5}",
    "IT": r"\d{5}",
    "FR": r"\d{5}",
    "ES": r"\d{5}",
    "AT": r"\d{4}",
    "CH": r"\d{4}",
    "BE": r"\d{4}",
}
_HIDDEN_SAMPLES: Final = 20

try:
    VERSION: Final = version("spunta")
except PackageNotFoundError:  # run from a tree that was never installed
    VERSION = "0"


def assemble(
    document: Document, pages: Sequence[tuple[Page, Sequence[Line]]], options: Options
) -> Extraction:
    """Read laid-out pages as one invoice."""
    found = scan(pages)
    grid = columns(found, [block for _, page_lines in pages for block in blocks(page_lines)])
    findings = Findings()
    totals = choose_totals(found)
    tabled = None if options.mode is Mode.BASIC else Tabled(found, _known(totals.net), _known(totals.tax))
    if tabled:
        totals = proved_by_tables(totals, tabled)
    _add_totals(findings, totals)
    seller, buyer = cast_parties(found, grid, options)
    _add_party(findings, "vendor", seller)
    _add_party(findings, "buyer", buyer)
    _add_domestic(findings)
    language = language_of(found, options)
    ambiguous = _add_heading(findings, found, totals, options, language, _segments(seller, buyer))
    invoice = Invoice(
        vendor=Party(**findings.section("vendor")),  # type: ignore[arg-type] - each value was read for its field
        buyer=Party(**findings.section("buyer")),  # type: ignore[arg-type] - as above
        invoice=InvoiceHeader(**findings.section("invoice")),  # type: ignore[arg-type] - as above
        financials=Financials(**findings.section("financials")),  # type: ignore[arg-type] - as above
        line_items=tabled.items if tabled else (),
        tax_breakdown=tabled.taxes if tabled else (),
    )
    for path, value in tabled.values() if tabled else ():
        findings.add(path, value.value, value.place, value.confidence)
    hidden = tuple(word.text for page, _ in pages for word in page.hidden)[:_HIDDEN_SAMPLES]
    return Extraction(
        readings=(Reading(invoice=invoice, fields=findings.evidence),),
        file_type=document.file_type,
        page_count=document.page_count,
        language=language,
        confidence=0.0,
        model=f"deterministic@{VERSION}",
        observations=Observations(hidden_text=hidden, ambiguous_dates=ambiguous),
    )


def _known(chosen: Sum | None) -> tuple[Decimal, Place] | None:
    return (chosen.value, chosen.place) if chosen and chosen.place else None


_SUMS: Final = {
    "subtotal": "net", "tax_amount": "tax", "total": "total", "discount": "discount", "stamp_duty": "stamp_duty",
    "withholding_tax": "withholding", "social_security": "social_security", "rounding": "rounding",
    "prepaid": "prepaid", "amount_due": "due",
}  # fmt: skip


def _add_totals(findings: Findings, totals: Totals) -> None:
    for field, name in _SUMS.items():
        chosen: Sum | None = getattr(totals, name)
        if chosen is not None:
            sure = (0.95 if totals.closed else 0.6) * (1.0 if totals.margin > 0.3 else 0.7)  # noqa: PLR2004
            findings.add(f"financials.{field}", chosen.value, chosen.place, sure)
    if totals.rate is not None and totals.rate_place is not None:
        findings.add("financials.tax_rate", Decimal(totals.rate), totals.rate_place, 0.9)


def _add_party(findings: Findings, name: str, party: Cast) -> None:
    for field, text in party.values.items():
        findings.add(f"{name}.{field}", text.value, text.place, 0.9 * text.score)


def _segments(*casts: Cast) -> list[Seg]:
    return [seg for cast in casts if cast.area for seg in cast.area.segs]


def _add_domestic(findings: Findings) -> None:
    """An address without a country is in the country of the other party, as the post reads it."""
    for one, other in (("buyer", "vendor"), ("vendor", "buyer")):
        zip_code, there = findings.values.get(f"{one}.zip_code"), findings.values.get(f"{other}.zip_code")
        country = findings.values.get(f"{other}.country")
        if f"{one}.country" not in findings.values and country and zip_code:
            shape, known = (re.sub(r"\d", "0", str(code)) for code in (zip_code, there or ""))
            if shape == known or (
                there is None and country in _ZIP and re.fullmatch(_ZIP[str(country)], str(zip_code))
            ):
                findings.add(f"{one}.country", country, None, 0.85)


def _add_heading(  # noqa: PLR0913 - everything the heading depends on, read before it
    findings: Findings,
    found: Scan,
    totals: Totals,
    options: Options,
    language: str | None,
    parties: Sequence[Seg],
) -> tuple[AmbiguousDate, ...]:
    number = next(iter(numbers(found, "number", parties)), None) or titled_number(found)
    for path, best in (
        ("invoice.number", number),
        *(
            (f"invoice.{kind}", next(iter(numbers(found, kind)), None))
            for kind in ("po_number", "cig", "cup")
        ),
    ):
        if best:
            findings.add(path, best.value, best.place, min(best.score, 0.95))
    for path, text in (
        ("invoice.type", document_type(found)),
        ("invoice.type_code", type_code(found)),
        ("invoice.currency", currency_of(found, totals)),
        ("financials.currency", currency_of(found, totals)),
        ("invoice.payment_method", payment_method(found)),
        ("invoice.payment_terms", payment_terms(found)),
    ):
        if text:
            findings.add(path, text.value, text.place, min(text.score, 0.97))
    order = _date_order(found, options, language, findings)
    return tuple(_add_dates(findings, found, order, number))


def _add_dates(
    findings: Findings, found: Scan, order: DateOrder | None, number: Candidate | None
) -> list[AmbiguousDate]:
    issued, due = dated(found, "date", number), dated(found, "due_date")
    best = {"invoice.date": next(iter(issued), None), "invoice.due_date": next(iter(due), None)}
    if best["invoice.date"] is None:
        taken = {
            (hit.line.number, hit.start)
            for kind in ("due_date", "other_date")
            for hit in dated(found, kind)
            if hit.line
        }
        best["invoice.date"] = unlabelled_date(found, taken)
    ambiguous = []
    for path, chosen in best.items():
        if chosen is None or not isinstance(chosen.value, DateHit):
            continue
        value: date = chosen.value.read(order or DateOrder.DMY)
        unsure = chosen.value.ambiguous and order is None
        findings.add(path, value, chosen.place, min(chosen.score, 0.95) * (0.6 if unsure else 1.0))
        if unsure:
            ambiguous.append(AmbiguousDate(path=path, text=chosen.place.text, readings=chosen.value.readings))
    return ambiguous


def _date_order(found: Scan, options: Options, language: str | None, findings: Findings) -> DateOrder | None:
    """How numeric dates of this document are to be read; `None` when nothing tells."""
    if options.date_order:
        return options.date_order
    for hits in found.dates:
        for hit in hits:
            if hit.order is not None:
                return hit.order
    if language and language != "en":
        return DateOrder.DMY
    country = findings.values.get("vendor.country")
    if country == "US":
        return DateOrder.MDY
    if isinstance(country, str):
        return DateOrder.DMY
    return DateOrder.MDY if findings.values.get("invoice.currency") == "USD" else None
