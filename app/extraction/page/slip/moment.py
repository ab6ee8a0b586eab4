"""When a till slip was printed: its date stands with the time of day, labelled or not, above or below."""

import re
from collections import Counter
from typing import Final

from app.extraction.page.heading.dating import all_dates
from app.extraction.page.text.candidates import Candidate, label_strength
from app.extraction.page.text.dates import DateHit
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan

_TIME: Final = re.compile(
    r"(?<![\d.,:])(?:[01]?\d|2[0-3])(?:[:.h]\s?[0-5]\d){1,2}(?![\d.,:]*\d)\s?(?:am|pm|uhr)?"
)
_OTHERS: Final = re.compile(
    r"\b(?:act|law|legge|loi|gesetz|since|depuis|seit|dal|valid|expir|until|scad)\w*\b"
)
_NAMED: Final = 0.45
_TIMED: Final = 0.35
_REPEATED: Final = 0.1
_ALONE: Final = 0.35
_FAR: Final = 24
"""Characters between a date and its label on one line."""


def moments(found: Scan) -> list[Candidate]:
    """Candidates for the date of the purchase, the best first."""
    hits = [(line, hit) for line, hit in all_dates(found) if not _is_of_something_else(line, hit, found)]
    times = Counter(hit.readings for _, hit in hits)
    ranked = []
    for line, hit in hits:
        score = _ALONE + _NAMED * _is_named(line, hit, found) + _TIMED * _is_timed(line, found)
        score += _REPEATED * (times[hit.readings] > 1)
        ranked.append(Candidate(hit, line.place(hit.start, hit.end), min(score, 1.0), None, line, hit.start))
    return sorted(ranked, key=lambda candidate: -candidate.score)


def _is_of_something_else(line: TextLine, hit: DateHit, found: Scan) -> bool:
    """Whether the date is a law's, an offer's or a delivery's."""
    if _OTHERS.search(line.folded[: hit.start]):
        return True
    before = [label for label in found.labels[line.number] if label.end <= hit.start]
    return bool(before) and before[-1].means("due_date") and not before[-1].means("date")


def _is_named(line: TextLine, hit: DateHit, found: Scan) -> float:
    """How strongly a label of the date stands before it, on its line or at the end of the line above."""
    beside = [
        label_strength(label, "date")
        for label in found.labels[line.number]
        if 0 <= hit.start - label.end <= _FAR and label.means("date")
    ]
    return max(beside, default=0.0)


def _is_timed(line: TextLine, found: Scan) -> bool:
    """Whether a time of day stands on the line, or alone on one of the lines next to it."""
    if _TIME.search(_without_dates(line, found)):
        return True
    near = found.lines[max(line.number - 1, 0) : line.number + 2]
    return any(_TIME.fullmatch(other.folded.strip()) for other in near)


def _without_dates(line: TextLine, found: Scan) -> str:
    text = line.folded
    for hit in found.dates[line.number]:
        text = text[: hit.start] + " " * (hit.end - hit.start) + text[hit.end :]
    return text
