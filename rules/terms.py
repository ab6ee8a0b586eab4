"""Terms of payment as they are written: "30 gg d.f.f.m.", "net 30", "à 45 jours fin de mois"."""

import datetime as dt
import re
from calendar import monthrange
from typing import Final

import msgspec

_DAYS: Final = re.compile(
    r"\b(\d{1,3})\s*(?:gg|giorni|g|days?|d|tage?n?|jours?|j|d[ií]as|dias|dagen)\b"
    r"|\b(?:net(?:to)?|within|entro|innerhalb(?:\s+von)?|binnen)\s*:?\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_END_OF_MONTH: Final = re.compile(
    r"\bd\.?\s?f\.?\s?f\.?\s?m\b|\bf\.?\s?m\.?(?:\s|$)|\bfine\s+mese\b|\bend\s+of\s+(?:the\s+)?month\b|\beom\b"
    r"|\bmonatsende\b|\bfin\s+(?:de\s+)?mois\b|\bfin\s+de\s+mes\b|\bfim\s+do\s+m[eê]s\b|\beinde\s+maand\b",
    re.IGNORECASE,
)
_LONGEST: Final = 300
"""Characters of the terms that are looked at; longer ones are a page of conditions."""
_DISCOUNT: Final = re.compile(r"%|skonto|sconto|discount|escompte|korting|descuento|desconto", re.IGNORECASE)


class Terms(msgspec.Struct, frozen=True):
    """A number of days from the issue date, perhaps counted on to the end of a month."""

    days: int
    end_of_month: bool

    def due(self, issued: dt.date) -> frozenset[dt.date]:
        """The due dates that these terms can mean for an invoice of a day.

        Thirty days are a month in practice as often as they are thirty days, and "end of month" is counted
        after the days by some and before them by others.
        """
        counted = {issued + dt.timedelta(days=self.days)}
        if self.days % 30 == 0:
            counted.add(_months_later(issued, self.days // 30))
        if not self.end_of_month:
            return frozenset(counted)
        ends = {_month_end(day) for day in counted}
        from_end = _month_end(issued)
        return frozenset(ends | {from_end + dt.timedelta(days=self.days)})


def parse_terms(text: str) -> Terms | None:
    """The terms that a text states; `None` where it states none, several, or a discount for paying early."""
    text = text[:_LONGEST]
    if _DISCOUNT.search(text):
        return None
    found = {int(first or second) for first, second in _DAYS.findall(text)}
    if len(found) != 1:
        return None
    return Terms(found.pop(), bool(_END_OF_MONTH.search(text)))


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return dt.date(day.year + years, month + 1, min(day.day, last))
