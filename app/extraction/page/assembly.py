"""The pieces put together: an invoice with the evidence for each of its values."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.credited import turned_positive
from app.extraction.page.findings import Findings
from app.extraction.page.heading.dating import date_order, days_to_pay, issue_and_due
from app.extraction.page.heading.kind import document_type, type_code
from app.extraction.page.heading.numbering import (
    bare_references,
    doubted,
    is_mere_reference,
    numbered_as_well,
    numbers,
    titled_number,
)
from app.extraction.page.heading.payment import currency_of, payment_method, payment_terms
from app.extraction.page.invoices import is_invoice
from app.extraction.page.parties.areas import columns, told_of
from app.extraction.page.parties.casting import Cast, cast_parties
from app.extraction.page.slip.form import is_slip
from app.extraction.page.slip.moment import moments
from app.extraction.page.slip.parties import cast_slip
from app.extraction.page.slip.taxed import slip_totals
from app.extraction.page.sums import certainty
from app.extraction.page.sums.cast import Sum, Totals
from app.extraction.page.sums.completed import proved_by_tables
from app.extraction.page.sums.totals import choose_totals
from app.extraction.page.tables.outside import without
from app.extraction.page.tables.result import Tabled
from app.extraction.page.text.candidates import Candidate
from app.extraction.page.text.candidates import certainty as certainty_of
from app.extraction.page.text.dates import DateHit
from app.extraction.page.text.language import language_of
from app.extraction.page.text.layout import Block
from app.extraction.page.text.lines import Place
from app.extraction.page.text.scan import Scan, Seg
from app.model.extraction import AmbiguousDate, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, InvoiceType, Party
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


_OF_ITEMS: Final = 0.85  # of the trust in the rate of an item


_OF_FORM: Final = 0.9  # the trust in a till slip's being a receipt, though no title says so


class Assembled(msgspec.Struct, frozen=True):
    """One invoice as read, with what was noticed on the way."""

    reading: Reading
    language: str | None
    ambiguous: tuple[AmbiguousDate, ...]
    doubts: dict[str, float]
    """How sure the words of a value are, by path, where recognition left a doubt."""


def assemble(found: Scan, blocks: Sequence[Block], options: Options) -> Assembled | None:
    """Read scanned pages as one invoice; `None` when they are none."""
    slip = is_slip(found)
    totals = (slip_totals(found) if slip else None) or choose_totals(found)
    if not is_invoice(found, totals, slip=slip):
        return None
    findings = Findings()
    tabled = (
        None
        if options.mode is Mode.BASIC
        else Tabled(found, _known(totals.net), _known(totals.tax), _rate(totals))
    )
    if tabled:
        totals = proved_by_tables(totals, tabled)
    _add_totals(findings, totals)
    cast = cast_slip if slip else cast_parties
    outside = without(found, tabled.covered) if tabled and not slip else found
    seller, buyer = cast(outside, columns(outside, blocks), options)
    _add_party(findings, "vendor", seller)
    _add_party(findings, "buyer", buyer)
    _add_domestic(findings)
    language = language_of(found, options)
    number = _add_numbers(findings, found, _segments(seller, buyer))
    _add_words(findings, found, totals)
    if slip and "invoice.type" not in findings.values:
        findings.add("invoice.type", InvoiceType.RECEIPT, None, _OF_FORM)
    dates = (moments(found), []) if slip else issue_and_due(found, number)
    ambiguous = _add_dates(findings, found, dates, _order(findings, found, options, language))
    for path, value in tabled.values() if tabled else ():
        findings.add(path, value.value, value.place, value.confidence)
    if tabled and totals.rate is None:
        _add_rate_of_items(findings, totals, tabled)
    return Assembled(
        Reading(invoice=_invoice(findings, tabled), fields=findings.evidence),
        language,
        ambiguous,
        findings.doubts,
    )


def _invoice(findings: Findings, tabled: Tabled | None) -> Invoice:
    read = Invoice(
        vendor=msgspec.convert(findings.section("vendor"), Party),
        buyer=msgspec.convert(findings.section("buyer"), Party),
        invoice=msgspec.convert(findings.section("invoice"), InvoiceHeader),
        financials=msgspec.convert(findings.section("financials"), Financials),
        line_items=tabled.items if tabled else (),
        tax_breakdown=tabled.taxes if tabled else (),
    )
    return turned_positive(read)


def _known(chosen: Sum | None) -> tuple[Decimal, Place] | None:
    return (chosen.value, chosen.place) if chosen and chosen.place else None


def _rate(totals: Totals) -> tuple[Decimal, Place] | None:
    return (totals.rate, totals.rate_place) if totals.rate is not None and totals.rate_place else None


_SUMS: Final = {
    "subtotal": "net", "tax_amount": "tax", "total": "total", "discount": "discount",
    "stamp_duty": "stamp_duty", "withholding_tax": "withholding", "social_security": "social_security",
    "rounding": "rounding", "prepaid": "prepaid", "amount_due": "due",
}  # fmt: skip


def _add_totals(findings: Findings, totals: Totals) -> None:
    for field, name in _SUMS.items():
        chosen: Sum | None = getattr(totals, name)
        if chosen is not None:
            findings.add(f"financials.{field}", chosen.value, chosen.place, certainty.of_sum(chosen, totals))
    if totals.rate is not None and totals.rate_place is not None:
        findings.add("financials.tax_rate", totals.rate, totals.rate_place, certainty.of_rate(totals))


def _add_rate_of_items(findings: Findings, totals: Totals, tabled: Tabled) -> None:
    """The one rate that every item bears, where the sums do not contradict it."""
    rates = [row.values.get("tax_rate") for row in tabled.rows.rows]
    first = rates[0] if rates else None
    if first is None or any(rate is None or rate.value != first.value for rate in rates):
        return
    tax = totals.tax.value if totals.tax else None
    if isinstance(first.value, Decimal) and first.value == 0 and not tax:
        findings.add("financials.tax_rate", first.value, first.place, _OF_ITEMS * first.confidence)


def _add_party(findings: Findings, name: str, party: Cast) -> None:
    for field, text in party.values.items():
        findings.add(f"{name}.{field}", text.value, text.place, 0.95 * text.score)


def _segments(*casts: Cast) -> list[Seg]:
    """The blocks of the parties, as far down as they tell of a party."""
    return [seg for cast in casts if cast.area for seg in told_of(cast.area)]


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


def _add_numbers(findings: Findings, found: Scan, parties: Sequence[Seg]) -> Candidate | None:
    """The document's number, which is handed on, and those of order and tender."""
    own = doubted(numbers(found, "number", parties), found)
    titled = titled_number(found)
    if titled and (not own or (own[0].score < titled.score and _is_weak(own[0]))):
        own = [titled, *own]
    if not own or is_mere_reference(own[0]):
        own = numbered_as_well(own) or bare_references(found) or own
    for path, ranked in (
        ("invoice.number", own),
        *((f"invoice.{kind}", numbers(found, kind)) for kind in ("po_number", "cig", "cup")),
    ):
        if ranked:
            findings.add(path, ranked[0].value, ranked[0].place, certainty_of(ranked))
    return own[0] if own else None


def _is_weak(candidate: Candidate) -> bool:
    return candidate.label is None or candidate.label.weight("number") < 1


def _add_words(findings: Findings, found: Scan, totals: Totals) -> None:
    country, there = (findings.values.get(f"{party}.country") for party in ("vendor", "buyer"))
    home = str(country) if country and there in {None, country} else None
    currency = currency_of(found, totals, home)
    for path, text in (
        ("invoice.type", document_type(found)),
        ("invoice.type_code", type_code(found)),
        ("invoice.currency", currency),
        ("financials.currency", currency),
        ("invoice.payment_method", payment_method(found)),
        ("invoice.payment_terms", payment_terms(found)),
    ):
        if text:
            findings.add(path, text.value, text.place, min(text.score, 0.97))


def _order(findings: Findings, found: Scan, options: Options, language: str | None) -> DateOrder | None:
    country, currency = findings.values.get("vendor.country"), findings.values.get("invoice.currency")
    return date_order(
        found, options, language, str(country) if country else None, str(currency) if currency else None
    )


def _add_dates(
    findings: Findings,
    found: Scan,
    dates: tuple[list[Candidate], list[Candidate]],
    order: DateOrder | None,
) -> tuple[AmbiguousDate, ...]:
    ambiguous = []
    for path, ranked in zip(("invoice.date", "invoice.due_date"), dates, strict=True):
        hit = ranked[0].value if ranked else None
        if not isinstance(hit, DateHit):
            continue
        unsure = hit.ambiguous and order is None
        place = ranked[0].place
        findings.add(
            path, hit.read(order or DateOrder.DMY), place, certainty_of(ranked) * (0.6 if unsure else 1.0)
        )
        if unsure:
            ambiguous.append(AmbiguousDate(path=path, text=place.text, readings=hit.readings))
    _add_term(findings, found)
    return tuple(ambiguous)


def _add_term(findings: Findings, found: Scan) -> None:
    """The day of payment that an explicit number of days from the date makes, where none is printed."""
    issued, days = findings.values.get("invoice.date"), days_to_pay(found)
    if isinstance(issued, date) and days is not None and "invoice.due_date" not in findings.values:
        sure = findings.evidence["invoice.date"].confidence
        findings.add("invoice.due_date", issued + timedelta(days=days), None, 0.8 * sure)
