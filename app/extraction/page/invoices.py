"""Which pages make which invoice: several are told apart, copies read once, other papers not at all."""

from collections.abc import Sequence
from typing import Final

from app.extraction.page.heading.kind import INVOICES, titles, type_code
from app.extraction.page.heading.numbering import numbers, titled_number
from app.extraction.page.page_signs import NAMED, OTHER, STRONG, TITLE, Sheet, is_named
from app.extraction.page.sums.cast import Totals
from app.extraction.page.text.candidates import Candidate
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import GAP, has_digit
from app.extraction.page.text.scan import Scan

_SAME: Final = 0.9  # of the words: two pages are copies of one
_MARKS: Final = 6  # words by which a copy may differ
_NUMBERED: Final = 0.4  # score of a number that may be an invoice's
_SIGNS: Final = 2  # of four, that make an invoice
_HEADS: Final = 3  # segments of a line that is the head of a list


def page_groups(pages: Sequence[Sheet]) -> list[tuple[int, ...]]:
    """Page numbers by invoice, in order; copies of earlier pages belong to none."""
    groups: list[list[Sheet]] = []
    kept: list[Sheet] = []
    for sheet in pages:
        if any(_alike(sheet.words, other.words) for other in kept):
            continue
        kept.append(sheet)
        own = groups[-1] if groups else None
        if own is None or _begins(sheet, own):
            own = _mentioned(sheet, groups)
        if own is None:
            groups.append(own := [])
        own.append(sheet)
    return [tuple(sheet.page.number for sheet in group) for group in _once(groups)]


def _mentioned(sheet: Sheet, groups: Sequence[list[Sheet]]) -> list[Sheet] | None:
    """The document whose number a page without a number of its own names: it is an annex to it."""
    if sheet.number is not None:
        return None
    return next(
        (group for group in groups if (known := _number(group)) is not None and sheet.mentions(known)), None
    )


def _begins(sheet: Sheet, before: Sequence[Sheet]) -> bool:
    """Whether a page begins another document than the pages before it."""
    number = _number(before)
    if sheet.place is not None and sheet.place[0] > 1:
        return _differs(sheet, number) and sheet.is_titled and sheet.total is not None
    if _differs(sheet, number):
        return sheet.place is not None or sheet.is_titled or sheet.total is not None
    if sheet.number is not None and sheet.number == number:
        return sheet.place is not None and sheet.is_titled  # another copy, or a part that counts anew
    return _begins_unnumbered(sheet, before, number)


def _begins_unnumbered(sheet: Sheet, before: Sequence[Sheet], number: str | None) -> bool:
    """The same where the page or those before it have no number that is beyond doubt."""
    known = number or next((page.maybe for page in before if page.maybe), None)
    if known is not None and sheet.mentions(known):
        return False
    if sheet.place is not None or sheet.is_other:
        return sheet.is_titled or sheet.is_other or sheet.maybe is not None
    if sheet.is_titled and sheet.number is not None and known is not None:
        return True
    return (sheet.is_titled or sheet.number is not None) and _is_summed_apart(sheet, before)


def _differs(sheet: Sheet, number: str | None) -> bool:
    return sheet.number is not None and number is not None and sheet.number != number


def _is_summed_apart(sheet: Sheet, before: Sequence[Sheet]) -> bool:
    """Whether a page has a total of its own, after pages that had theirs or another number."""
    if sheet.total is None or any(page.total == sheet.total for page in before):
        return False
    complete = any(page.total is not None for page in before)
    numbered = any(page.maybe not in {None, sheet.maybe} for page in before)
    own = sheet.number is not None or sheet.maybe is not None
    return (complete and (sheet.closed or own)) or (numbered and own)


def _once(groups: Sequence[Sequence[Sheet]]) -> list[list[Sheet]]:
    """Without further copies: documents with the number of another, and its total where they have one."""
    kept: list[list[Sheet]] = []
    for group in groups:
        same = next((other for other in kept if _number(other) and _number(other) == _number(group)), None)
        if same is None:
            kept.append(list(group))
        elif _is_rest(group, same):
            same.extend(group)
    return kept


def _number(group: Sequence[Sheet]) -> str | None:
    return next((page.number for page in group if page.number), None)


def _is_rest(group: Sequence[Sheet], first: Sequence[Sheet]) -> bool:
    """Whether a group with another's number is a part of it rather than a copy."""
    totals = {page.total for page in first} - {None}
    return not any(page.total in totals for page in group)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two pages say the same but for a word like `copy`."""
    return bool(one) and len(one & other) >= _SAME * len(one | other) and len(one ^ other) <= _MARKS


def is_invoice(found: Scan, totals: Totals, *, slip: bool = False) -> bool:
    """Whether there are two of what makes an invoice (title, number, total, taxed sum), no other title.

    The form of a till slip is a title of its own, and what was paid is found by more than its name.
    """
    prominent = titles(found)
    other = bool(prominent) and prominent[0].kind not in INVOICES and prominent[0].score >= OTHER
    if slip and other and totals.total is not None and totals.total.place is not None:
        other = prominent[0].label.box.top < totals.total.place.box.top  # below it stand terms of sale
    title = any(
        candidate.kind in INVOICES
        and candidate.score >= TITLE
        and not (other and heads_column(candidate.label))
        for candidate in prominent
    )
    title = title or (slip and not other) or type_code(found) is not None
    own = numbers(found, "number")
    certain = any(
        candidate.score >= STRONG and is_named(candidate) and not _heads_column_of(candidate)
        for candidate in own
    )
    if other and not title and not certain:
        return False
    number = any(candidate.score >= _NUMBERED for candidate in own) or titled_number(found) is not None
    total = totals.total is not None and (totals.total.label >= NAMED or totals.closed or slip)
    taxed = totals.closed and totals.tax is not None and totals.tax.label > 0
    return title + number + total + taxed >= _SIGNS


def heads_column(label: Label) -> bool:
    """Whether a phrase stands over a column: accounts and reminders list invoices and are none."""
    text = label.line.text
    return text.count(GAP) >= _HEADS - 1 and not has_digit(text)


def _heads_column_of(candidate: Candidate) -> bool:
    """Whether a number stands in a column of its label, as those of a list of invoices do."""
    return (
        candidate.label is not None
        and candidate.line is not candidate.label.line
        and heads_column(candidate.label)
    )
