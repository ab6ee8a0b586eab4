"""Dates in running text: every order and language, with all the readings that a date can have."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from app.extraction.page.text.lines import has_digit
from app.extraction.page.text.months import MONTHS
from app.model.options import DateOrder

_CENTURY: Final = 100
_PIVOT: Final = 70  # two-digit years from 70 are of the last century
_EARLIEST: Final = 1970
_LATEST: Final = 2100
_MONTHS_A_YEAR: Final = 12

_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR: Final = r"(?P<y>(?:19|20)\d\d|['’]?\d\d(?!\d))"
_NUMERIC: Final = re.compile(
    r"(?<![\d.,/-])(?:"
    r"(?P<y1>(?:19|20)\d\d) ?(?P<s1>[-/.]) ?(?P<m1>0?[1-9]|1[0-2]) ?(?P=s1) ?"
    r"(?P<d1>3[01]|[12]\d|0?[1-9])(?:T[\d:.]+Z?)?"
    r"|(?P<a>\d{1,2})(?P<s2> ?[-/.] ?)(?P<b>\d{1,2})(?P=s2)(?P<y2>(?:19|20)\d\d|\d\d(?!\d))"
    r")(?![\d]|[.,/-]\d)"
)
_SPELT: Final = re.compile(
    rf"(?<![\w.,])(?:"
    rf"(?P<d1>3[01]|[12]\d|0?[1-9])(?:\.|st|nd|rd|th|er|o)?(?:[-/ ]|of |de |di )*(?P<n1>{_NAMES})\b\.?"
    rf"(?:[-/ ,.]|de |del |of |do )*(?P<y1>(?:19|20)\d\d|'?\d\d)(?![\d:])"
    rf"|(?P<n2>{_NAMES})\b\.?[ -]*(?P<d2>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
    rf"(?:, ?| |-)(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<y3>(?:19|20)\d\d)[-/. ](?P<n3>{_NAMES})\b\.?[-/. ](?P<d3>3[01]|[12]\d|0?[1-9])(?!\d)"
    rf")"
)
_NUMBERS: Final = re.compile(r"\d ?[-/.] ?\d\d? ?[-/.] ?\d")
"""In every numeric date; sooner found out than a date."""


def _beginnings(names: Iterable[str]) -> str:
    """A pattern of the first three letters of names, the first told at once."""
    by_first: dict[str, set[str]] = {}
    for name in names:
        by_first.setdefault(name[0], set()).add(name[1:3])
    return "|".join(f"{first}(?:{'|'.join(sorted(more))})" for first, more in sorted(by_first.items()))


_MONTH: Final = re.compile(_beginnings(MONTHS))
"""In every date that spells its month."""


class DateHit(msgspec.Struct, frozen=True, gc=False):
    """A date in a text, with one reading, or two where day and month may be exchanged, day first."""

    start: int
    end: int
    readings: tuple[date, ...]
    order: DateOrder | None = None
    """The order it must have been written in, where it is numeric and shows."""

    @property
    def ambiguous(self) -> bool:
        """Whether the text alone does not settle which is the month."""
        return len(self.readings) > 1

    def read(self, order: DateOrder) -> date:
        """The reading under an order of day and month."""
        return self.readings[-1] if order is DateOrder.MDY else self.readings[0]


def find_dates(folded: str) -> list[DateHit]:
    """All dates of a folded text, left to right."""
    if not has_digit(folded):
        return []
    hits = _numeric(folded) if _NUMBERS.search(folded) else []
    if _MONTH.search(folded):
        hits += _spelt(folded)
        hits.sort(key=lambda hit: hit.start)
    return hits


def _numeric(folded: str) -> list[DateHit]:
    hits = []
    for match in _NUMERIC.finditer(folded):
        if match["y1"]:
            readings: tuple[date | None, ...] = (_valid(match["y1"], match["m1"], match["d1"]),)
        else:
            readings = _both_orders(match["y2"], match["a"], match["b"], match["s2"].strip())
        known = tuple(reading for reading in readings if reading)
        if known:
            hits.append(DateHit(match.start(), match.end(), known, _shown_order(match)))
    return hits


def _shown_order(match: re.Match[str]) -> DateOrder | None:
    if match["y1"] or match["s2"].strip() == ".":
        return None
    first, second = int(match["a"]), int(match["b"])
    if first > _MONTHS_A_YEAR >= second:
        return DateOrder.DMY
    return DateOrder.MDY if second > _MONTHS_A_YEAR >= first else None


def _both_orders(year: str, first: str, second: str, separator: str) -> tuple[date | None, ...]:
    """Day first and month first; dots are written with the day first everywhere."""
    day_first = _valid(year, second, first)
    if separator == "." and day_first:
        return (day_first,)
    month_first = _valid(year, first, second)
    return (day_first,) if day_first == month_first else (day_first, month_first)


def _spelt(folded: str) -> list[DateHit]:
    hits = []
    for match in _SPELT.finditer(folded):
        part = next(index for index in "123" if match["n" + index])
        found = _valid(match["y" + part], str(MONTHS[match["n" + part]]), match["d" + part])
        if found:
            hits.append(DateHit(match.start(), match.end(), (found,)))
    return hits


def _valid(year: str, month: str, day: str) -> date | None:
    number = int(year.lstrip("'"))
    if number < _CENTURY:
        number += 1900 if number >= _PIVOT else 2000
    if not _EARLIEST <= number < _LATEST:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
