"""The dates of the document make sense, by themselves and on the day of judgement."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from app.model.invoice import InvoiceHeader
from app.validation import Context, Problem, need, rule, skip
from rules.terms import parse_terms

_LAST_YEAR: Final = 9000
"""Beyond it the calendar itself ends before terms of payment do."""


@rule("DATE_INCOHERENCE", severity="warning", source="Directive 2011/7/EU art. 3(3); D.Lgs. 231/2002 art. 4")
def due_date_follows_issue_date(header: InvoiceHeader) -> Iterator[Problem]:
    """The due date must not be before the issue date.

    Why: terms of payment run from the invoice at the earliest, so one of the two dates is wrong or misread;
    a wrong due date pays too early, or makes a punctual payment look late.

    Do: compare both dates with the document, with an eye on day and month changing places.
    """
    issued, due = need(header.date, "invoice.date"), need(header.due_date, "invoice.due_date")
    if issued > due:
        yield Problem("due_date", expected=f"{issued} or later", actual=due, paths=("date",))


@rule(
    "FUTURE_DATE",
    severity="warning",
    source="Directive 2006/112/EC art. 222, 226(1); DPR 633/1972 art. 21(4)",
)
def issue_date_is_not_in_the_future(header: InvoiceHeader, context: Context) -> Iterator[Problem]:
    """The issue date must not be in the future.

    Why: an invoice is issued when it is sent; one from the future is misread, postdated to gain time, or
    would be booked into a period that has not begun.

    Do: compare the date with the document, with an eye on day and month changing places.
    """
    issued, today = need(header.date, "invoice.date"), need(context.today, "today")
    if (issued - today).days > context.parameters.future_days:
        yield Problem("date", expected=f"{today} or earlier", actual=issued)


@rule("OLD_INVOICE", severity="warning", source="Directive 2006/112/EC art. 179, 180")
def invoice_is_recent(header: InvoiceHeader, context: Context) -> Iterator[Problem]:
    """The issue date must not be longer ago than the policy allows, two years where it says nothing.

    Why: the right to deduct the tax ends with time; an old date is also a common misreading, and an old
    invoice that turns up again is often a duplicate.

    Do: compare the date with the document; see whether the invoice was booked before; ask a tax adviser
    about the deduction.
    """
    issued, today = need(header.date, "invoice.date"), need(context.today, "today")
    if (today - issued).days > context.parameters.maximum_age_days:
        yield Problem("date", actual=issued)


@rule("DUE_DATE_IMPLAUSIBLE", severity="warning", source="Directive 2011/7/EU art. 3(5)")
def due_date_is_near(header: InvoiceHeader, context: Context) -> Iterator[Problem]:
    """The due date must not be further from the issue date than the policy allows, a year otherwise.

    Why: nobody grants a year; the date is rather misread or that of something else.

    Do: compare both dates with the document.
    """
    issued, due = need(header.date, "invoice.date"), need(header.due_date, "invoice.due_date")
    if (due - issued).days > context.parameters.maximum_payment_days:
        yield Problem("due_date", actual=due, paths=("date",))


@rule("LONG_PAYMENT_TERM", severity="info", source="Directive 2011/7/EU art. 3(5); D.Lgs. 231/2002 art. 4(3)")
def payment_is_due_within_sixty_days(header: InvoiceHeader) -> Iterator[Problem]:
    """Between companies, payment should be due within sixty days unless a longer term was agreed.

    Why: a longer term must have been agreed expressly and not be grossly unfair, else interest runs from
    the sixtieth day.

    Do: nothing, where the contract has it so.
    """
    issued, due = need(header.date, "invoice.date"), need(header.due_date, "invoice.due_date")
    days = (due - issued).days
    if days > _LONGEST_TERM:
        yield Problem(
            "due_date", expected=f"at most {_LONGEST_TERM} days", actual=f"{days} days", paths=("date",)
        )


_LONGEST_TERM: Final = 62
"""Two months by the calendar may be sixty-two days."""


@rule("DUE_DATE_MISMATCH", severity="warning", source="Directive 2011/7/EU art. 3; EN 16931 BT-9, BT-20")
def due_date_follows_the_stated_terms(header: InvoiceHeader) -> Iterator[Problem]:
    """The due date must be the one that the stated terms of payment give.

    Understood are days, also to the end of the month, in six languages. Thirty days may be a month, and the
    end of the month may be counted before the days or after them; two days more are tolerated for holidays.

    Why: the terms were agreed, the date was computed; if they differ, one of them is wrong or misread.

    Do: pay by the terms of the contract, and correct the date.
    """
    issued, due = need(header.date, "invoice.date"), need(header.due_date, "invoice.due_date")
    terms = parse_terms(need(header.payment_terms, "invoice.payment_terms"))
    if terms is None or issued.year > _LAST_YEAR:
        skip("the terms of payment state no number of days")
    possible = terms.due(issued)
    if not any(dt.timedelta() <= due - day <= _HOLIDAYS for day in possible):
        wanted = " or ".join(day.isoformat() for day in sorted(possible))
        yield Problem("due_date", expected=wanted, actual=due, paths=("date", "payment_terms"))


_HOLIDAYS: Final = dt.timedelta(days=2)


@rule("PERIOD_INCOHERENT", severity="warning", source="EN 16931 BR-29")
def period_ends_after_it_begins(header: InvoiceHeader) -> Iterator[Problem]:
    """The period invoiced must not end before it begins.

    Why: the cost is booked into this period; turned around, it has no length.

    Do: compare both dates with the document.
    """
    start, end = (
        need(header.period_start, "invoice.period_start"),
        need(header.period_end, "invoice.period_end"),
    )
    if end < start:
        yield Problem("period_end", expected=f"{start} or later", actual=end, paths=("period_start",))


RULES: Final = (
    due_date_follows_issue_date,
    issue_date_is_not_in_the_future,
    invoice_is_recent,
    due_date_is_near,
    payment_is_due_within_sixty_days,
    due_date_follows_the_stated_terms,
    period_ends_after_it_begins,
)
