"""Numbers of documents: the invoice's own, the order's, the tender's."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from app.extraction.page.heading.kind import heads_a_list
from app.extraction.page.text.addresses import find_city
from app.extraction.page.text.candidates import Candidate, label_strength
from app.extraction.page.text.dates import DateHit
from app.extraction.page.text.identifiers import find_ibans
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import TextLine, has_digit
from app.extraction.page.text.scan import ALIGNED, Scan, Seg, Target, once, targets

LATER_PAGE: Final = 0.8
"""Of the score of a number on another page than the first."""
_NUMBER: Final = re.compile(
    r"[\s#:.,°º№-]*(?:(?:n|nr|no|num|numero)[.:°º]+\s*)?"
    r"(?P<number>(?:[A-Z]{1,4}[ ](?=\S*\d))?[#]?(?=\S*\d)[^\W_][\w/\\.\-‐_|+]*(?:[ ]?/[ ]?[\w\-‐]+)?)",
    re.UNICODE,
)
_SERIES: Final = re.compile(r"[A-Z]{1,4}")
"""What a number begins with in some books: `FV 12/2024`."""
_BY_MONTH: Final = re.compile(r"\d{1,4}/\d{1,2}/\d{4}")
"""What counts by month and year, though it might be read as a date: `3/01/2026`."""
_IN_GROUPS: Final = re.compile(r"\d{1,4}(?: \d{2,4}){2,}")
"""A long number that is printed in groups."""
_CUT: Final = re.compile(r"[.,]\d|%| ?[€$£%]")
_HYPHEN: Final = "\N{HYPHEN}"  # which some fonts name the sign of a keyboard's hyphen
_OTHERS: Final = ("bic", "iban", "phone", "vat_id", "fiscal_code", "title_other")
_OF_OTHERS: Final = ("number", "date", "due_date", "other_date", "po_number", "other_number")
_RECEIPT: Final = re.compile(
    r"receipt|recu\b|bonnum|quittung|ricevuta|recibo|paragon|pokwitowan|bon\b|ticket|till|scontrino|kasse"
)
_PRICED: Final = 2  # amounts of money on a line that make it an item
_TITLE_WORDS: Final = 5  # words of a title after the first, its number among them
_DIGITS: Final = 3  # of a number that only follows a title
_TITLED: Final = 0.9  # strength of a mere `No.` right of the document's title
_UNDER_TITLE: Final = 0.85  # strength of a mere `No.` there
_BESIDE: Final = 0.8  # nearness of places beside and right below
_SHORT: Final = 2  # characters of a number that may be a count of anything
_FEW: Final = 0.6  # of the trust in it
_COUNT: Final = 0.3  # of the trust in one that only a mere `No.` names: the second claim, the third reminder
_STARTS_ANEW: Final = re.compile(
    r"[-–—:|] ?[^\W\d_]{2}"
)  # `Invoice - Claim no. 2`: the number is not the title's
_PROSE: Final = 10  # words of a segment that is a sentence
_ANY_OF_SEVERAL: Final = 0.2  # the most that one of several references may score: nothing is booked on it
_RIVALLED: Final = 0.4  # the most a number scores that another one rivals
_TIED: Final = 0.9  # of its score
_FLUSH: Final = 2.0  # points between the edges of a label and of what stands under it
_BEHIND: Final = 3  # characters between a label and the value right behind it
_LEADING: Final = 1.8  # of a line's height: how far the next line begins
_ACCOUNT: Final = 16  # digits of an account's number at home
_LONGEST: Final = 30  # characters of a number; more is a reference for machines


def numbers(found: Scan, kind: str, parties: Sequence[Seg] = ()) -> list[Candidate]:
    """Candidates for a document number of a kind (`number`, `po_number`, …), the best first.

    A number inside the block of a party (`parties`) is that party's.
    """
    ranked = _invoice_numbers(found) if kind == "number" else _ranked(found, kind)
    if not parties:
        return ranked
    taken = {(seg.line.number, seg.start) for seg in parties}
    return [candidate for candidate in ranked if not _belongs_to(taken, candidate, kind, found)]


@once
def _invoice_numbers(found: Scan) -> list[Candidate]:
    return _ranked(found, "number")


def _belongs_to(taken: set[tuple[int, int]], candidate: Candidate, kind: str, found: Scan) -> bool:
    label = candidate.label
    if label is None or label.weight(kind) >= 1 or (kind == "number" and _is_under_title(label, found)):
        return False
    return (label.line.number, label.line.segment_at(label.start)[0]) in taken


def _ranked(found: Scan, kind: str) -> list[Candidate]:
    hits = []
    for label in found.all_labels(kind):
        if (label.weight(kind) < 1 and _is_prose(label)) or _is_word(label, kind):
            continue
        strength = max(label_strength(label, kind), _after_title(label, found))
        for target in targets(label, found):
            if label.means("iban") and _is_account(target.text):
                break
            candidate = number_in(target, found, label, strength)
            if candidate and not (label.weight(kind) < 1 and _is_under_another(target, label, found)):
                hits.append(candidate)
                break
    hits.sort(key=lambda candidate: -candidate.score)
    if kind != "number":
        return hits
    return sorted(hits, key=lambda hit: _names_a_receipt(hit) or _is_charged_off(hit, found))


def _is_account(text: str) -> bool:
    """Whether it is the number of an account, with its country or without: `22 1526 3184 …`."""
    return next(find_ibans(text), None) is not None or sum(map(str.isdigit, text)) >= _ACCOUNT


def doubted(ranked: Sequence[Candidate], found: Scan) -> list[Candidate]:
    """The ranked numbers: the best is trusted less where it is a receipt's or another label gives another."""
    return [replace(hit, score=_trust(hit, ranked[1:], found)) for hit in ranked[:1]] + list(ranked[1:])


def _trust(hit: Candidate, others: Sequence[Candidate], found: Scan) -> float:
    rivals = [other for other in others if other.value != hit.value and other.label is not None]
    titled = any(_is_beside_title(other) for other in rivals)
    weak = hit.label is not None and hit.label.weight("number") < 1
    tied = weak and any(other.score > _TIED * hit.score for other in rivals[:1])
    own = hit.label is not None and hit.label.names_paper
    receipt = _names_a_receipt(hit) and "title_invoice" in found.by_kind
    doubt = _ANY_OF_SEVERAL if tied or receipt else _RIVALLED if titled and not own else hit.score
    return min(hit.score, doubt)


def _is_beside_title(candidate: Candidate) -> bool:
    label = candidate.label
    return label is not None and label.names_paper and label.closes and candidate.line is label.line


def _is_under_another(target: Target, label: Label, found: Scan) -> bool:
    """Whether what stands beside a mere title is right under a label of its own, as in boxes of a form."""
    if target.start <= label.end and target.line is label.line:
        return False
    box = target.line.box_of(target.start, target.end)
    height = box.bottom - box.top
    return target.line is label.line and any(
        seg.headed
        and seg.labels[0].line is not label.line
        and abs(seg.box.x0 - box.x0) < _FLUSH
        and -height / 2 < box.top - seg.box.bottom < height
        for number in range(max(target.line.number - 2, 0), target.line.number)
        for seg in found.segs[number]
        if seg.line.page == target.line.page
    )


def _names_a_receipt(candidate: Candidate) -> bool:
    """Whether the label speaks of the receipt for a payment: its number gives way to the invoice's."""
    label = candidate.label
    return label is not None and bool(_RECEIPT.search(label.line.folded, label.start, label.end))


def _is_charged_off(candidate: Candidate, found: Scan) -> bool:
    """Whether label, number and an amount make one line: that of another invoice, taken into account here."""
    label, place = candidate.label, candidate.place
    if label is None or place.page != label.line.page or abs(place.box.top - label.box.top) >= 1:
        return False
    return any(hit.money for hit in found.amounts[label.line.number])


def _is_prose(label: Label) -> bool:
    """Whether a mere `document` or `invoice` is a word of a sentence."""
    start, end = label.line.segment_at(label.start)
    return not label.leads and len(label.line.text[start:end].split()) >= _PROSE


def _is_word(label: Label, kind: str) -> bool:
    """Whether an abbreviation is set as a word inside a text: the river in `Via Po 3`."""
    text = label.line.text[label.start : label.end]
    return kind == "po_number" and text == "Po" and not (label.leads or label.colon)


def _segment(label: Label) -> tuple[int, int]:
    return label.line.number, label.line.segment_at(label.start)[0]


def _among_amounts(label: Label, found: Scan) -> bool:
    """Whether the phrase stands in the row of an item, where `NR` is a unit."""
    return sum(hit.money for hit in found.amounts[label.line.number]) >= _PRICED


def _after_title(label: Label, found: Scan) -> float:
    """A mere `No.` right of the document's title is the document's number."""
    titled = any(
        other.end <= label.start
        and any(sense.kind.startswith("title_") for sense in other.senses)
        and not _STARTS_ANEW.search(between := label.line.text[other.end : label.start])
        and not has_digit(between)
        for other in found.labels[label.line.number]
    )
    if not label.weight("number"):
        return 0.0
    return _TITLED if titled else _UNDER_TITLE * _is_under_title(label, found)


def _is_under_title(label: Label, found: Scan) -> bool:
    """Whether a mere `No.` begins the line right under a title that says nothing else."""
    height = label.box.bottom - label.box.top
    return label.leads and any(
        seg.headed
        and seg.labels[0].names_paper
        and abs(seg.box.x0 - label.box.x0) < ALIGNED
        and -height / 2 < label.box.top - seg.box.bottom < height
        for number in range(max(label.line.number - 2, 0), label.line.number)
        for seg in found.segs[number]
        if seg.line.page == label.line.page
    )


def titled_number(found: Scan) -> Candidate | None:
    """The number right after the document's title, when no label names one."""
    return next(titled_numbers(found), None)


def titled_numbers(found: Scan) -> Iterator[Candidate]:
    """The numbers right after titles, in reading order."""
    papers = ("title_invoice", "title_credit_note", "title_proforma", "title_debit_note")
    strong = any(label.weight("number") >= 1 for label in found.all_labels("number"))
    named = strong or any(kind in found.by_kind for kind in papers)  # then a `Bon 4711` is the till's
    for label in found.all_labels(*papers, *(() if named else ("title_receipt",))):
        for target in () if heads_a_list(label, found) else targets(label, found):
            candidate = number_in(target, found, label, 0.6) or _after_words(label, found)
            if (
                candidate
                and sum(char.isdigit() for char in str(candidate.value)) >= _DIGITS
                and target.nearness > _BESIDE
                and not _is_charged_off(candidate, found)
                and not _is_under_another(target, label, found)
                and not _answers_another(candidate, label, found)
            ):
                yield candidate
            break


def _answers_another(candidate: Candidate, label: Label, found: Scan) -> bool:
    """Whether the number stands right of a label of its own that is not the title: `Nº albarán: LS-53366`."""
    if candidate.line is None or candidate.line is label.line:
        return False
    before = [seg for seg in found.segs[candidate.line.number] if seg.end <= candidate.start]
    return bool(before) and before[-1].headed and not before[-1].labels[0].means("number")


def is_mere_reference(candidate: Candidate) -> bool:
    """Whether a number is only called a reference, or counts something: another may be the document's."""
    label = candidate.label
    if label is None or label.weight("number") >= 1:
        return False
    return label.means("reference") or len(str(candidate.value)) <= _SHORT


def numbered_as_well(own: Sequence[Candidate]) -> list[Candidate]:
    """The candidates behind a mere reference that are called numbers and are nearly as likely."""
    return [one for one in own if not is_mere_reference(one) and one.score > _TIED * own[0].score]


def bare_references(found: Scan) -> list[Candidate]:
    """Numbers under a mere `Ref.`, which some papers give as their only one; of several none is sure."""
    hits = []
    for label in found.all_labels("reference"):
        for target in targets(label, found) if label.leads else ():
            candidate = number_in(target, found, label, 0.5)
            if candidate:
                hits.append((not _beside_date(label, found), candidate))
            break
    hits.sort(key=lambda hit: hit[0])
    several = len({candidate.value for _, candidate in hits}) > 1
    doubted = _ANY_OF_SEVERAL if several else 1.0
    return [replace(candidate, score=min(candidate.score, doubted)) for _, candidate in hits]


def _beside_date(label: Label, found: Scan) -> bool:
    """Whether the date of the document stands right above or below: a reference there is the document's."""
    height = label.box.bottom - label.box.top
    return any(
        other.line.page == label.line.page
        and abs(other.box.top - label.box.top) < _LEADING * height
        and abs(other.box.x0 - label.box.x0) < height
        for other in found.all_labels("date")
        if other.weight("date") == 1
    )


def _after_words(label: Label, found: Scan) -> Candidate | None:
    """The number with which a title ends that first goes on to say what for: `Invoice for transport 4711`."""
    _, end = label.line.segment_at(label.start)
    words = label.line.text[label.end : end].split()
    if not label.leads or not 1 < len(words) <= _TITLE_WORDS or has_digit("".join(words[:-1])):
        return None
    labels = found.labels[label.line.number]
    if any(label.end <= other.start < end and other.means(*_OTHERS, *_OF_OTHERS) for other in labels):
        return None
    start = end - len(words[-1])
    if len(words) > _SHORT and _SERIES.fullmatch(words[-2]):
        start -= len(words[-2]) + 1
    return number_in(Target(label.line, start, end, 0.9), found, label, 0.6)


def number_in(target: Target, found: Scan, label: Label, strength: float) -> Candidate | None:
    """The document number with which a target begins."""
    match = _NUMBER.match(target.text)
    if not match or _CUT.match(target.text, match.end("number")):
        return None
    start, end = target.start + match.start("number"), target.start + match.end("number")
    if _IN_GROUPS.fullmatch(target.text.strip()):
        end = target.start + len(target.text.rstrip())
    start = _after_caption(start, target.line, found)
    text = target.line.text[start:end].rstrip(".,;:-_/|)")
    end = start + len(text)
    if text.startswith("#"):
        text, start = text[1:], start + 1
    told = target.line is label.line and start - label.end <= _BEHIND and max(label.weights.values()) == 1
    counted = told and _BY_MONTH.fullmatch(text) is not None and _is_counted(label, found)
    if not has_digit(text) or (not counted and _is_other(text, target.line, start, end, found)):
        return None
    if not told and (city := find_city(target.line.text[start:])) is not None and city.start == 0:
        return None
    position = 1.0 - 0.25 * label.box.top / label.line.height
    score = strength * target.nearness * position * (1.0 if label.line.page == 1 else LATER_PAGE)
    named = label.weight("number") == 1 or strength >= _TITLED
    if len(text) <= _SHORT and not named and target.line is not label.line:
        return None  # the first row of a column that counts
    if len(text) <= _SHORT:
        score *= _FEW if named else _COUNT
    return Candidate(
        text.replace(_HYPHEN, "-"), target.line.place(start, end), score, label, target.line, start
    )


def _is_counted(label: Label, found: Scan) -> bool:
    """Whether what could be a date is called a number, or follows a title and the date is told elsewhere."""
    if label.weight("number") == 1:
        return True
    dated = (other for other in found.all_labels("date") if other.weight("date") == 1)
    return label.names_paper and any(
        found.dates[other.line.number] for other in dated if other.line is not label.line
    )


def _after_caption(start: int, line: TextLine, found: Scan) -> int:
    """Where a number begins that a mere `Ref` announces once more."""
    for other in found.labels[line.number]:
        if other.start == start and other.means("reference", "number") and line.text[other.end :][:1] == " ":
            return other.end + 1
    return start


def _is_other(text: str, line: TextLine, start: int, end: int, found: Scan) -> bool:
    """Whether a text is a date, an account, an amount or what another label names."""
    return (
        len(text) > _LONGEST
        or re.fullmatch(r"\d+[.,]\d\d|[A-Z]{2}\d{2}\w{11,}|\d+%", text) is not None
        or _is_date(found.dates[line.number], start, end, prefixed=text[:1].isupper())
        or any(hit.start < end and start < hit.end for hit in find_ibans(line.text))
        or any(start <= other.start < end and other.means(*_OTHERS) for other in found.labels[line.number])
        or any(other.start == start and _is_of_another(other) for other in found.labels[line.number])
    )


def _is_of_another(label: Label) -> bool:
    """Whether a number's own first word says that it is another's, or a date: `KRS 0000345678`."""
    others = label.means("other_number", "date", "due_date", "other_date")
    return others and not label.means("number", "reference", "po_number")


def _is_date(dates: tuple[DateHit, ...], start: int, end: int, *, prefixed: bool) -> bool:
    """Whether the text is a date; `FV 14/05/2024` is a number that counts by month and year."""
    return any(hit.start < end and start < hit.end and not (prefixed and start < hit.start) for hit in dates)
