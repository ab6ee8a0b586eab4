"""When the document was issued and when it is to be paid, and in which order its dates are written."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.extraction.page.text.candidates import Candidate, label_strength
from app.extraction.page.text.dates import DateHit, find_dates
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, TextLine
from app.extraction.page.text.scan import Scan, Target, segments_below, targets
from app.model.options import DateOrder, Options

_DOUBTFUL: Final = 0.45  # score under which a date that stands alone at the head is likelier
_SAME_PHRASE: Final = 45  # characters from a number to its date in one phrase
_BEFORE_DATE: Final = (",", " den", " le", " am", " il", " li", " dnia", " el", " a")  # after a place
_ADJACENT: Final = 2  # characters between two words of one phrase
_ASKED: Final = 0.7  # score of a date that a sentence asks to pay by
_SEVERAL: Final = 0.8  # of the trust in one of several dates
_DAYS: Final = re.compile(r"(?<![\d.,/])(\d{1,3}) ?(?:days?|giorni|gg|tagen?|jours|dias|dagen|dni)\b")
_OTHERWISE: Final = re.compile(
    r"fine mese|f\.?m\.?\b|fin de m|end of|eom|monatsende|einde|"
    r"skonto|discount|sconto|escompte|korting|rabat|desconto|descuento"
)
_UP_TO: Final = re.compile(
    r" ?(?:[-–—]|al|a|to|bis|bis zum|au|tot|tot en met|t/m|do|ate|till|through|until) ?"
)
"""Between the first and the last day of a period."""
_DATES: Final = ("date", "other_date", "due_date")
_BARS: Final = "|·•"  # between the pieces of a line
_ROW: Final = 4  # segments on a line that make it a row of a table
_IN_ROWS: Final = 0.4  # of the trust in a date that stands in one
_MAX_LEAD: Final = 14  # characters that may stand between a label and its date


def dated(found: Scan, kind: str, near: Candidate | None = None) -> list[Candidate]:
    """Candidates for a date of a kind (`date`, `due_date`): the value is its `DateHit`; the best first.

    A date beside the document's number (`near`) is likelier its date than another with the same label.
    """
    hits = []
    for label in found.all_labels(kind):
        if kind == "date" and label.weight(kind) < 1 and _of_another(label, found):
            continue
        strength = max(label_strength(label, kind), 0.8 * (kind == "date" and _titled(label, found)))
        for near_by in targets(label, found):
            target, hit = near_by, _date_in(near_by, found, _end_of_pair(label, found))
            if hit and kind == "date" and label.weight(kind) < 1 and _begins_period(target.line, hit, found):
                break
            if hit and kind == "due_date" and target.line is not label.line:
                target, hit = _last_in_column(target, hit, found)
            if hit and kind == "due_date":
                hit = _without_discount(target.line, hit, found)
            if hit:
                score = strength * target.nearness * (1.0 if label.line.page == 1 else 0.85)
                score += _beside_number(target.line, hit, near) if kind == "date" else 0.0
                score *= _IN_ROWS if _is_in_rows(label, target, found) else 1.0
                score *= 0.4 if kind == "due_date" and _discounted(target.line, hit, found) else 1.0
                place = target.line.place(hit.start, hit.end)
                hits.append(Candidate(hit, place, score, label, target.line, hit.start))
                break
            wrapped = _wrapped_date(target, found)
            if wrapped:
                hits.append(
                    Candidate(
                        wrapped[0],
                        wrapped[1],
                        strength * target.nearness * 0.9,
                        label,
                        target.line,
                        target.start,
                    )
                )
                break
    hits.sort(key=lambda candidate: -candidate.score)
    return hits


def _is_in_rows(label: Label, target: Target, found: Scan) -> bool:
    """Whether a mere `Date` heads a column, and the date is that of the first row, which has a price."""
    below = target.line is not label.line and max(label.weights.values()) < 1
    priced = any(hit.money for hit in found.amounts[target.line.number])
    return below and priced and min(len(label.line.boxes), len(target.line.boxes)) >= _ROW


def _of_another(label: Label, found: Scan) -> bool:
    """Whether a mere `le` or `am` only goes on what another label begins: `Livraison le`."""
    start, _ = label.line.segment_at(label.start)
    return any(
        start <= other.start < label.start and other.leads and not other.means("date", "number", "reference")
        for other in found.labels[label.line.number]
        if not _is_title(other)
    )


def asked_until(found: Scan) -> Iterator[Candidate]:
    """Dates until which a sentence asks to pay: `Please remit 40.00 by 3 May quoting 4711`."""
    for label in found.all_labels("until"):
        start, _ = label.line.segment_at(label.start)
        asked = any(
            other.means("pays") and start <= other.start <= label.start
            for other in found.labels[label.line.number]
        )
        hit = next((hit for hit in found.dates[label.line.number] if hit.start >= label.end), None)
        discount = hit is not None and _discounted(label.line, hit, found)
        if asked and hit and not discount and not label.line.text[label.end : hit.start].strip(" :.,"):
            place = label.line.place(hit.start, hit.end)
            yield Candidate(hit, place, _ASKED, label, label.line, hit.start)


def _titled(label: Label, found: Scan) -> bool:
    """Whether the label follows the document's title in one phrase: `Facture du`, `Rechnung vom`."""
    start, _ = label.line.segment_at(label.start)
    return any(
        start <= other.start and 0 < label.start - other.end <= _ADJACENT and other.leads and _is_title(other)
        for other in found.labels[label.line.number]
    )


def _last_in_column(target: Target, hit: DateHit, found: Scan) -> tuple[Target, DateHit]:
    """Of several dates under one head the last to come: those before it are terms of discounts or parts."""
    for seg in segments_below(target, found):
        below = Target(seg.line, seg.start, seg.end, target.nearness * _SEVERAL)
        later = _date_in(below, found)
        if later and min(later.readings) > max(hit.readings):
            return below, later
    return target, hit


def _is_title(label: Label) -> bool:
    return any(sense.kind.startswith("title_") for sense in label.senses)


def _begins_period(line: TextLine, hit: DateHit, found: Scan) -> bool:
    """Whether the date is the first day of a period: `Del 01-10-2023 al 28-10-2023`."""
    later = next((other for other in found.dates[line.number] if other.start >= hit.end), None)
    return later is not None and bool(_UP_TO.fullmatch(line.folded, hit.end, later.start))


def _without_discount(line: TextLine, hit: DateHit, found: Scan) -> DateHit:
    """The later date of a line that offers a discount until the earlier one."""
    if not _discounted(line, hit, found):
        return hit
    later = [other for other in found.dates[line.number] if min(other.readings) > max(hit.readings)]
    return max(later, key=lambda other: min(other.readings), default=hit)


def _discounted(line: TextLine, hit: DateHit, found: Scan) -> bool:
    """Whether the date is that until which a discount may be taken: the discount is named beside it."""
    start, end = line.segment_at(hit.start)
    others = [other for other in found.dates[line.number] if other is not hit]
    if any(max(other.readings) < min(hit.readings) for other in others):
        return False  # a discount is for the earlier
    before = max((other.end for other in others if other.end <= hit.start), default=start)
    return any(label.means("discount") and before <= label.start < end for label in found.labels[line.number])


def _wrapped_date(target: Target, found: Scan) -> tuple[DateHit, Place] | None:
    """A date that begins at the end of one line and ends on the next."""
    first = target.line.folded[target.start : target.end].rstrip()
    for seg in segments_below(target, found)[:1]:
        for hit in find_dates(f"{first} {seg.line.folded[seg.start : seg.end]}"):
            if not hit.start < len(first) < hit.end:
                continue
            place = target.line.place(target.start + hit.start, target.start + len(first))
            end = seg.start + hit.end - len(first) - 1
            box = box_of([place.box, seg.line.box_of(seg.start, end)])
            text = f"{place.text} {seg.line.text[seg.start : end]}"
            return hit, Place(place.page, box, text, place.origin, place.certainty)
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
        if (
            len(line.boxes) >= _ROW
            or line.page > 1
            or line.box.top > line.height * 0.6
            or (line.number, hit.start) in taken
            or _begins_period(line, hit, found)
        ):
            continue
        start, _ = line.segment_at(hit.start)
        start = max(start, *(line.text.rfind(mark, start, hit.start) + 1 for mark in _BARS))
        around = line.text[start : hit.start].rstrip()
        if around and not around.endswith(_BEFORE_DATE):
            continue
        if not any(label.leads and label.start < hit.start for label in _labels(found, line, start)):
            hits.append(Candidate(hit, line.place(hit.start, hit.end), 0.5, None, line, hit.start))
    values = {candidate.value.readings for candidate in hits if isinstance(candidate.value, DateHit)}
    shared = set.intersection(*map(set, values)) if values else set()
    return hits[0] if shared else None


def _labels(found: Scan, line: TextLine, start: int) -> list[Label]:
    return [label for label in found.labels[line.number] if label.start >= start]


def _end_of_pair(label: Label, found: Scan) -> int:
    """Where a label ends that names two dates in one: `Invoice date / Delivery date`."""
    return max(
        (
            other.end
            for other in found.labels[label.line.number]
            if label.line.text[label.end : other.start].strip() == "/" and other.means(*_DATES)
        ),
        default=label.end,
    )


def _date_in(target: Target, found: Scan, after: int = 0) -> DateHit | None:
    lead = max(after, target.start) if after <= target.end else target.start
    for hit in found.dates[target.line.number]:
        if target.start <= hit.start and hit.end <= target.end + 1:
            return hit if hit.start - lead <= _MAX_LEAD else None
    return None


def all_dates(found: Scan) -> Iterator[tuple[TextLine, DateHit]]:
    """Every date of the document in reading order."""
    for line, hits in zip(found.lines, found.dates, strict=True):
        for hit in hits:
            yield line, hit


def issue_and_due(found: Scan, number: Candidate | None) -> tuple[list[Candidate], list[Candidate]]:
    """Ranked candidates for the date of issue and of payment; what is due before it was issued comes last."""
    issued, due = dated(found, "date", number), dated(found, "due_date")
    if not issued or issued[0].score < _DOUBTFUL:
        taken = {
            (hit.line.number, hit.start)
            for kind in ("due_date", "other_date")
            for hit in dated(found, kind)
            if hit.line
        }
        alone = unlabelled_date(found, taken)
        issued = [alone, *issued] if alone else issued
    due = due or list(asked_until(found))
    if issued:
        due = sorted(due, key=lambda candidate: (_latest(candidate) < _earliest(issued[0]), -candidate.score))
    return issued, due


def _latest(candidate: Candidate) -> date:
    return max(candidate.value.readings) if isinstance(candidate.value, DateHit) else date.max


def _earliest(candidate: Candidate) -> date:
    return min(candidate.value.readings) if isinstance(candidate.value, DateHit) else date.min


def date_order(
    found: Scan, options: Options, language: str | None, country: str | None, currency: str | None
) -> DateOrder | None:
    """How numeric dates of this document are to be read; `None` when nothing tells."""
    if options.date_order:
        return options.date_order
    shown = next((hit.order for _, hit in all_dates(found) if hit.order is not None), None)
    if shown is not None:
        return shown
    if country == "US":
        return DateOrder.MDY
    if country or (language and language != "en"):
        return DateOrder.DMY
    return DateOrder.MDY if currency == "USD" else None


def days_to_pay(found: Scan) -> int | None:
    """The days of an explicit term of payment; `None` for none, several, or one that ends with a month."""
    terms: set[int] = set()
    for label in found.all_labels("payment_terms"):
        for target in targets(label, found):
            text = target.line.folded[target.start : target.end]
            if not _OTHERWISE.search(text):
                terms.update(int(match[1]) for match in _DAYS.finditer(text))
            break
    return terms.pop() if len(terms) == 1 else None
