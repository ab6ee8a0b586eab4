"""The dates of the document make sense, by themselves and on the day of judgement."""

from collections.abc import Iterator
from typing import Final

from app.model.invoice import InvoiceHeader
from app.validation import Problem, need, rule


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


RULES: Final = (due_date_follows_issue_date,)
