"""The invoice beside those that came before it; the history is handed in, never fetched."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import Final, Self

import msgspec

from app.model.invoice import Invoice, Party
from app.validation import Context, PastInvoice, Problem, need, rule, skip
from rules.identity import same_party, trusted


class SellersPast(msgspec.Struct, frozen=True, gc=False):
    """What is known of the seller."""

    invoices: tuple[PastInvoice, ...]
    """Earlier invoices, without those that are this very file."""

    @classmethod
    def derive(cls, invoice: Invoice, context: Context) -> Self:
        """Look through the history once for all rules."""
        return cls(tuple(_past_of_vendor(invoice, context)))


def _past_of_vendor(invoice: Invoice, context: Context) -> list[PastInvoice]:
    """Earlier invoices of the same seller, without those that are this very file."""
    history = need(context.history, "the history")
    vendor = invoice.vendor
    need(vendor.vat_number or vendor.name, "vendor")
    return [past for past in history if _of_vendor(past, vendor) and not _same_file(past, context)]


def _of_vendor(past: PastInvoice, vendor: Party) -> bool:
    if vendor.vat_number and past.vendor_vat_number:
        return same_party(vendor.vat_number, past.vendor_vat_number)
    return same_party(vendor.name, past.vendor_name)


def _same_file(past: PastInvoice, context: Context) -> bool:
    return context.sha256 is not None and past.sha256 == context.sha256


def _named(jobs: Sequence[PastInvoice]) -> str:
    """The latest of the jobs, and how many more there are: one flag tells of them all."""
    more = len(jobs) - 1
    return f"{jobs[0].job_id}{f' and {more} more' if more else ''}"


@rule("DUPLICATE_FILE", severity="warning", source="ISA 240; D.P.R. 633/1972 art. 25")
def file_is_new(_invoice: Invoice, context: Context) -> Iterator[Problem]:
    """The same file must not come twice.

    Why: a file that was sent again will be paid again if nobody notices.

    Do: see what was done with the other job, which is named here, and leave this one out.
    """
    need(context.sha256, "the file's digest")
    same = [past for past in need(context.history, "the history") if _same_file(past, context)]
    if same:
        sentence = f"The same file was processed as job {_named(same)}."
        yield Problem("", actual=same[0].job_id, message=sentence)


@rule(
    "DUPLICATE_INVOICE",
    severity="error",
    source="Directive 2006/112/EC art. 226(2); DPR 633/1972 art. 21(2)(b), 25",
)
def number_is_new_for_its_seller(invoice: Invoice, known: SellersPast) -> Iterator[Problem]:
    """A seller must not send the same invoice number twice in a year.

    Compared are seller, number, year and kind of document; another file with the same number counts.

    Why: booked twice, its tax is deducted twice and it is paid twice.

    Do: compare with the other job, which is named here. A corrected version replaces it; a copy is left
    out.
    """
    header = invoice.invoice
    number = need(header.number, "invoice.number")
    same = [
        past
        for past in known.invoices
        if same_party(number, past.number) and _same_year(past, invoice) and _same_kind(past, invoice)
    ]
    if same:
        sentence = f"The seller's invoice {same[0].number} was processed as job {_named(same)}."
        yield Problem("invoice.number", actual=same[0].job_id, message=sentence)


def _same_year(past: PastInvoice, invoice: Invoice) -> bool:
    day = invoice.invoice.date
    return day is None or past.date is None or day.year == past.date.year


def _same_kind(past: PastInvoice, invoice: Invoice) -> bool:
    kind = invoice.invoice.type
    return kind is None or past.type is None or kind == past.type


@rule("POSSIBLE_DUPLICATE", severity="warning", source="ISA 240")
def amount_and_date_are_new_for_their_seller(invoice: Invoice, known: SellersPast) -> Iterator[Problem]:
    """A seller should not invoice the same amount twice on one day under two numbers.

    Why: a number is easily misread or written in two ways, and the second copy then looks new.

    Do: compare with the other job, which is named here.
    """
    day, total = (
        need(invoice.invoice.date, "invoice.date"),
        need(invoice.financials.total, "financials.total"),
    )
    number = invoice.invoice.number
    alike = [
        past
        for past in known.invoices
        if (past.date, past.total) == (day, total) and not same_party(number, past.number)
    ]
    if alike:
        sentence = f"The seller invoiced the same amount on the same day; see job {_named(alike)}."
        yield Problem("financials.total", actual=alike[0].job_id, message=sentence, paths=("invoice.date",))


@rule("IBAN_CHANGED", severity="warning", source="Directive (EU) 2015/2366 art. 88; ISA 240")
def account_is_the_sellers_usual_one(invoice: Invoice, known: SellersPast) -> Iterator[Problem]:
    """The seller's account should be one that earlier invoices had.

    Why: a changed account is how forged invoices take money, and a bank does not compare it with the name.

    Do: call the seller on a number that is not on this invoice, and ask.
    """
    account = need(invoice.vendor.iban, "vendor.iban")
    used = [past.iban for past in known.invoices if past.iban]
    if not used:
        skip("no earlier account of the seller is known")
    if not any(same_party(account, one) for one in used):
        yield Problem("vendor.iban", expected=used[-1], actual=account)


@rule("UNUSUAL_AMOUNT", severity="warning", source="ISA 520 (analytical procedures)")
def total_is_within_the_sellers_range(
    invoice: Invoice, context: Context, known: SellersPast
) -> Iterator[Problem]:
    """The total should be within the seller's usual range.

    The range reaches from the median of the earlier totals divided by the policy's factor to the median
    times it; below the policy's number of earlier invoices there is no range. Sellers the policy trusts are
    left alone.

    Why: a shifted decimal point, a wrong unit and an invented invoice all show here.

    Do: compare the total with the order and with the earlier invoices.
    """
    total = need(invoice.financials.total, "financials.total")
    parameters = context.parameters
    if trusted(invoice.vendor, context):
        skip("the policy trusts the seller")
    past = [abs(one.total) for one in known.invoices if _comparable(one, invoice) and one.total]
    if len(past) < parameters.usual_sample:
        skip("too few earlier invoices of the seller are known")
    usual: Decimal = median(past)
    low, high = usual / parameters.unusual_factor, usual * parameters.unusual_factor
    if not low <= abs(total) <= high:
        expected = f"{low:.2f} to {high:.2f}"
        yield Problem("financials.total", expected=expected, actual=total)


def _comparable(past: PastInvoice, invoice: Invoice) -> bool:
    return past.currency == invoice.financials.currency and _same_kind(past, invoice)


@rule("NEW_VENDOR", severity="info", source="ISA 240")
def seller_is_known(invoice: Invoice, known: SellersPast) -> Iterator[Problem]:
    """The seller should have sent an invoice before.

    Why: invoices of companies nobody ordered from are a common fraud.

    Do: see that there is an order.
    """
    if not known.invoices:
        yield Problem("vendor.name", actual=invoice.vendor.name or invoice.vendor.vat_number)


RULES: Final = (
    file_is_new,
    number_is_new_for_its_seller,
    amount_and_date_are_new_for_their_seller,
    account_is_the_sellers_usual_one,
    total_is_within_the_sellers_range,
    seller_is_known,
)
