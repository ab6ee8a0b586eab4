"""What identifies the document: number, dates, order references, type, currency."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from app.extraction.page.dates import DateHit
from app.extraction.page.lexicon import Label
from app.extraction.page.scan import Scan, Target, targets
from app.extraction.page.text import Place, TextLine

_NUMBER: Final = re.compile(
    r"[\s#:.,°º№-]*(?:(?:n|nr|no|num|numero)[.:°º]+\s*)?"
    r"(?P<number>(?:[A-Z]{1,6}[ ](?=\S*\d))?[#]?(?=\S*\d)[^\W_][\w/\\.\-_|+]*(?:[ ]?/[ ]?[\w\-]+)?)",
    re.UNICODE,
)
_MONEY: Final = re.compile(r"[€$£]|\d[.,]\d\d(?!\d)")
_MAX_LEAD: Final = 14  # characters that may stand between a label and its date


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """A value that could be a field's, where it stands, and how well it fits."""

    value: object
    place: Place
    score: float
    label: Label | None = None
    line: TextLine | None = None
    start: int = 0


def label_strength(label: Label, kind: str) -> float:
    """How much a label's wording and position say that it labels."""
    strength = label.weight(kind)
    if not label.leads:
        strength *= 0.75
    if not label.closes:
        strength *= 0.9
    return strength


def numbers(found: Scan, kind: str) -> list[Candidate]:
    """Candidates for a document number of a kind (`number`, `po_number`, …), the best first."""
    hits = []
    for label in found.all_labels(kind):
        strength = label_strength(label, kind)
        for target in targets(label, found):
            candidate = _number_in(target, found, label, strength)
            if candidate:
                hits.append(candidate)
                break
    hits.sort(key=lambda candidate: -candidate.score)
    return hits


def _number_in(target: Target, found: Scan, label: Label, strength: float) -> Candidate | None:
    match = _NUMBER.match(target.text)
    if not match:
        return None
    start, end = target.start + match.start("number"), target.start + match.end("number")
    text = target.line.text[start:end].rstrip(".,;:-_/|)")
    end = start + len(text)
    if text.startswith("#"):
        text, start = text[1:], start + 1
    if not any(char.isdigit() for char in text) or _is_date(found.dates[target.line.number], start, end):
        return None
    if _MONEY.fullmatch(text) or re.fullmatch(r"\d+[.,]\d\d", text):
        return None
    score = strength * target.nearness * (1.0 if label.line.page == 1 else 0.8)
    return Candidate(text, target.line.place(start, end), score, label, target.line, start)


def _is_date(dates: tuple[DateHit, ...], start: int, end: int) -> bool:
    return any(hit.start < end and start < hit.end for hit in dates)


def dated(found: Scan, kind: str) -> list[Candidate]:
    """Candidates for a date of a kind (`date`, `due_date`): the value is its `DateHit`; the best first."""
    hits = []
    for label in found.all_labels(kind):
        strength = label_strength(label, kind)
        for target in targets(label, found):
            hit = _date_in(target, found)
            if hit:
                score = strength * target.nearness * (1.0 if label.line.page == 1 else 0.85)
                place = target.line.place(hit.start, hit.end)
                hits.append(Candidate(hit, place, score, label, target.line, hit.start))
                break
    hits.sort(key=lambda candidate: -candidate.score)
    return hits


def _date_in(target: Target, found: Scan) -> DateHit | None:
    for hit in found.dates[target.line.number]:
        if target.start <= hit.start and hit.end <= target.end + 1:
            return hit if hit.start - target.start <= _MAX_LEAD else None
    return None


def all_dates(found: Scan) -> Iterator[tuple[TextLine, DateHit]]:
    """Every date of the document in reading order."""
    for line, hits in zip(found.lines, found.dates, strict=True):
        for hit in hits:
            yield line, hit


def only_reading(hit: DateHit) -> date | None:
    """The date when it has one reading."""
    return hit.readings[0] if not hit.ambiguous else None
