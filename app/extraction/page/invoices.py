"""Which pages make which invoice: several are told apart, copies read once, other papers not at all."""

from typing import Final

from app.extraction.page.candidates import Candidate
from app.extraction.page.kind import INVOICES, titles, type_code
from app.extraction.page.numbering import numbers, titled_number
from app.extraction.page.scan import Scan
from app.extraction.page.sums import Totals

_STRONG: Final = 0.55  # score of a number that begins an invoice of its own
_SAME: Final = 0.9  # of the words: two pages are copies of one
_NUMBERED: Final = 0.4  # score of a number that may be an invoice's
_NAMED: Final = 0.2  # strength of a label that names a total, if weakly
_OTHER: Final = 1.5  # prominence of the title of another paper
_MARKS: Final = 6  # words by which a copy may differ
_SIGNS: Final = 2  # of four, that make an invoice
_TITLE: Final = 1.2  # prominence of a phrase that is a title and no mention


def page_groups(found: Scan) -> list[tuple[int, ...]]:
    """Page numbers by invoice, in order; copies of earlier pages belong to none."""
    own = _numbers_by_page(found)
    titled = {
        title.label.line.page for title in titles(found) if title.kind in INVOICES and title.score >= _TITLE
    }
    groups: list[list[int]] = []
    current: str | None = None
    seen: list[frozenset[str]] = []
    for page in sorted({line.page for line in found.lines}):
        words = frozenset(word.text for line in found.lines if line.page == page for word in line.words)
        if any(_alike(words, other) for other in seen):
            continue
        seen.append(words)
        number = own.get(page)
        if not groups or (number and current and number != current and page in titled):
            groups.append([])
            current = number
        groups[-1].append(page)
        current = current or number
    return [tuple(group) for group in groups]


def _numbers_by_page(found: Scan) -> dict[int, str]:
    """The best number of each page, where it is beyond doubt."""
    best: dict[int, str] = {}
    for candidate in numbers(found, "number"):
        if candidate.score >= _STRONG and _is_strong(candidate):
            best.setdefault(candidate.place.page, str(candidate.value))
    return best


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two pages say the same but for a word like `copy`."""
    return bool(one) and len(one & other) >= _SAME * len(one | other) and len(one ^ other) <= _MARKS


def is_invoice(found: Scan, totals: Totals, *, slip: bool = False) -> bool:
    """Whether there are two of what makes an invoice (title, number, total, taxed sum), no other title.

    The form of a till slip is a title of its own.
    """
    prominent = titles(found)
    title = any(candidate.kind in INVOICES and candidate.score >= _TITLE for candidate in prominent)
    title = title or slip or type_code(found) is not None
    own = numbers(found, "number")
    certain = any(candidate.score >= _STRONG and _is_strong(candidate) for candidate in own)
    other = bool(prominent) and prominent[0].kind not in INVOICES and prominent[0].score >= _OTHER
    if other and not title and not certain:
        return False
    number = any(candidate.score >= _NUMBERED for candidate in own) or titled_number(found) is not None
    total = totals.total is not None and (totals.total.label >= _NAMED or totals.closed)
    taxed = totals.closed and totals.tax is not None and totals.tax.label > 0
    return title + number + total + taxed >= _SIGNS


def _is_strong(candidate: Candidate) -> bool:
    return candidate.label is not None and candidate.label.weight("number") >= 1
