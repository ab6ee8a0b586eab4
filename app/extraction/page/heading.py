"""What identifies the document: number, dates, order references, type, currency."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.dates import DateHit, find_dates
from app.extraction.page.identifiers import find_ibans
from app.extraction.page.layout import box_of
from app.extraction.page.lexicon import Label
from app.extraction.page.scan import Scan, Seg, Target, segments_below, targets
from app.extraction.page.text import Place, TextLine

_NUMBER: Final = re.compile(
    r"[\s#:.,°º№-]*(?:(?:n|nr|no|num|numero)[.:°º]+\s*)?"
    r"(?P<number>(?:[A-Z]{1,6}[ ](?=\S*\d))?[#]?(?=\S*\d)[^\W_][\w/\\.\-_|+]*(?:[ ]?/[ ]?[\w\-]+)?)",
    re.UNICODE,
)
_CUT: Final = re.compile(r"[.,]\d|%| ?[€$£%]")
_LONGEST: Final = 30  # characters of a number; more is a reference for machines
_SAME_PHRASE: Final = 45  # characters from a number to its date in one phrase
_NO_YEAR: Final = re.compile(r"\d{1,2}\.? (?:de )?[a-z]{3,}\.?(?: de)?$")
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


def numbers(found: Scan, kind: str, parties: Sequence[Seg] = ()) -> list[Candidate]:
    """Candidates for a document number of a kind (`number`, `po_number`, …), the best first.

    A number inside the block of a party (`parties`) is that party's.
    """
    taken = {(seg.line.number, seg.start) for seg in parties}
    hits = []
    for label in found.all_labels(kind):
        if label.weight(kind) < 1 and (label.line.number, label.line.segment_at(label.start)[0]) in taken:
            continue
        strength = max(label_strength(label, kind), _after_title(label, found))
        for target in targets(label, found):
            candidate = number_in(target, found, label, strength)
            if candidate:
                hits.append(candidate)
                break
    hits.sort(key=lambda candidate: -candidate.score)
    return hits


def _after_title(label: Label, found: Scan) -> float:
    """A mere `No.` right of the document's title is the document's number."""
    titled = any(
        other.end <= label.start and any(sense.kind.startswith("title_") for sense in other.senses)
        for other in found.labels[label.line.number]
    )
    return 0.9 if titled and label.weight("number") else 0.0


def titled_number(found: Scan) -> Candidate | None:
    """The number right after the document's title, when no label names one."""
    for label in found.all_labels("title_invoice", "title_credit_note", "title_proforma", "title_receipt", "title_debit_note"):
        for target in targets(label, found):
            candidate = number_in(target, found, label, 0.6)
            if candidate and sum(char.isdigit() for char in str(candidate.value)) > 2 and target.nearness > 0.9:  # noqa: PLR2004
                return candidate
            break
    return None


def number_in(target: Target, found: Scan, label: Label, strength: float) -> Candidate | None:
    """The document number with which a target begins."""
    match = _NUMBER.match(target.text)
    if not match or _CUT.match(target.text, match.end("number")):
        return None
    start, end = target.start + match.start("number"), target.start + match.end("number")
    text = target.line.text[start:end].rstrip(".,;:-_/|)")
    end = start + len(text)
    if text.startswith("#"):
        text, start = text[1:], start + 1
    if not any(char.isdigit() for char in text) or _is_date(found.dates[target.line.number], start, end):
        return None
    if any(hit.start < end and start < hit.end for hit in find_ibans(target.line.text)):
        return None
    if len(text) > _LONGEST or re.fullmatch(r"\d+[.,]\d\d|[A-Z]{2}\d{2}\w{11,}|\d+%", text):
        return None
    position = 1.0 - 0.25 * label.box.top / label.line.height
    score = strength * target.nearness * position * (1.0 if label.line.page == 1 else 0.8)
    return Candidate(text, target.line.place(start, end), score, label, target.line, start)


def _is_date(dates: tuple[DateHit, ...], start: int, end: int) -> bool:
    return any(hit.start < end and start < hit.end for hit in dates)


def dated(found: Scan, kind: str, near: Candidate | None = None) -> list[Candidate]:
    """Candidates for a date of a kind (`date`, `due_date`): the value is its `DateHit`; the best first.

    A date beside the document's number (`near`) is likelier its date than another with the same label.
    """
    hits = []
    for label in found.all_labels(kind):
        strength = label_strength(label, kind)
        for target in targets(label, found):
            hit = _date_in(target, found)
            if hit:
                score = strength * target.nearness * (1.0 if label.line.page == 1 else 0.85)
                score += _beside_number(target.line, hit, near) if kind == "date" else 0.0
                place = target.line.place(hit.start, hit.end)
                hits.append(Candidate(hit, place, score, label, target.line, hit.start))
                break
            wrapped = _wrapped_date(target, found)
            if wrapped:
                hits.append(Candidate(wrapped[0], wrapped[1], strength * target.nearness * 0.9, label, target.line, target.start))
                break
    hits.sort(key=lambda candidate: -candidate.score)
    return hits


def _wrapped_date(target: Target, found: Scan) -> tuple[DateHit, Place] | None:
    """A date whose year stands on the next line."""
    if not _NO_YEAR.search(target.line.folded[target.start : target.end]):
        return None
    for seg in segments_below(target, found)[:1]:
        hits = find_dates(f"{target.line.folded[target.start : target.end]} {seg.line.folded[seg.start : seg.end]}")
        if hits and seg.text[:4].isdigit():
            place = target.line.place(target.start, target.end)
            end = min(seg.start + 4, seg.end)
            box = box_of([place.box, seg.line.box_of(seg.start, end)])
            text = f"{place.text} {seg.line.text[seg.start : end]}"
            return hits[0], Place(place.page, box, text, place.origin, place.certainty)
    return None


def _beside_number(line: TextLine, hit: DateHit, near: Candidate | None) -> float:
    if near is None or near.line is None or near.line.page != line.page:
        return 0.0
    if near.line is line and 0 < hit.start - near.start < _SAME_PHRASE:
        return 0.5
    return 0.15 if abs(near.line.box.top - line.box.top) < 3 * (line.box.bottom - line.box.top) else 0.0


def unlabelled_date(found: Scan, taken: set[tuple[int, int]]) -> Candidate | None:
    """A date that stands alone, or after a place, in the upper part of the first page."""
    hits = []
    for line, hit in all_dates(found):
        if line.page > 1 or line.box.top > line.height * 0.6 or (line.number, hit.start) in taken:
            continue
        start, end = line.segment_at(hit.start)
        around = line.text[start : hit.start] + line.text[hit.end : end]
        if len(around.split()) <= 4 and not any(label.leads and label.start < hit.start for label in _labels(found, line, start)):  # noqa: PLR2004
            hits.append(Candidate(hit, line.place(hit.start, hit.end), 0.5, None, line, hit.start))
    values = {candidate.place.text for candidate in hits}
    return hits[0] if len(values) == 1 else None


def _labels(found: Scan, line: TextLine, start: int) -> list[Label]:
    return [label for label in found.labels[line.number] if label.start >= start]


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
