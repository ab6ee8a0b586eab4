"""The name of a party in its block: the first line that is no address, number, label or salutation."""

import re
from collections.abc import Sequence
from typing import Final

from app.extraction.page.parties.areas import LONG_ENOUGH, SAME_SIZE, says_other
from app.extraction.page.text.addresses import find_city, looks_like_street, names_street
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.dates import find_dates
from app.extraction.page.text.identifiers import EMAIL
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.legal_forms import has_legal_form, is_legal_form, legal_form_end
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, fold, has_digit
from app.extraction.page.text.scan import ALIGNED, Scan, Seg, Target, targets

_NAME_MAX: Final = 90
_PERSON: Final = re.compile(r"(?i)^(?:m|mme|mr|mrs|ms|herrn?|frau|sig|sig\.ra|sr|sra|dr|ing|dott)\.? \w")
_COURTESY: Final = re.compile(
    r"(?i)^(?:mr|mrs|ms|miss|mr\.? (?:&|and) mrs|herrn?|frau|eheleute|familie|m|mme|mlle|"
    r"m\.? (?:et|ou) mme|monsieur|madame|sig|sig\.ra|sigg|egr\. sig|gent(?:ile|\.ma)|sr|sra|sres|d\.|dª|"
    r"de heer|dhr|mevr(?:ouw)?|fam|pan|pani|exmo|exma)\.?(?: \S|$)"
)
"""How letters call the persons they go to."""
_TAIL: Final = re.compile(
    r"(?:&|und|et|y) Co\.?(?: KG| KGaA)?|\((?:haftungsbeschr[äa]nkt|mbH)\)|unipersonale|Şti\.?|o\. ?o\."
)
_FOREIGN: Final = 0.7  # of the trust in a name in letters that none of the languages read has
_LETTERS: Final = 2  # that a name has at least
_SENTENCE: Final = 3  # lower-case words that no name has
PARTICLES: Final = frozenset({
    "di", "de", "da", "del", "dei", "della", "delle", "degli", "d", "la", "le", "lo", "il", "e",
    "ed", "&", "a", "al", "von", "vom", "zu", "zum", "zur", "und", "der", "die", "das", "van",
    "den", "ter", "et", "du", "des", "les", "of", "the", "and", "for", "y", "el", "los", "las", "i",
    "w", "z", "ul",
})  # fmt: skip
"""Lower-case words that names have inside them."""
_HOUSE: Final = re.compile(r"^\D{3,} \d{1,4} ?[a-zA-Z]?(?:[-/]\d{1,4})?$")
_NUMBERED: Final = re.compile(
    r"\*{3}|\d{5,}|[:#]\s*\d|^\W*\w+\s*[.:#]+\s*\d|^[^\W\d]+(?:nr|nummer)\b|^[^\W\d]+[.-](?:nr|no)\b",
    re.IGNORECASE,
)
_SALUTATION: Final = re.compile(
    r"(?i)^\W*(?:z\.? ?hd\.?|att(?:n|ention)?\b|c/o|herrn?|frau|mr|mrs|ms|m\.|mme|sig\.?(?:ra)?|dr|"
    r"spett\.?(?: ?le)?|egr|(?:egr(?:egi[ao])?|gent(?:ile|\.?m[ao])|ill\.?m[ao])\.? ?(?:sig|dott)\.?(?:r?a)?|"
    r"eheleute|familie|an|to|t\.a\.v|an die|firma|kundennummer)\W*$"
)
_LONGEST_FIRST: Final = 6  # words of the first of two lines of a name
_FULL_NAME: Final = 2  # words of a person's name
_BLANK: Final = 0.3  # of the size of letters
_MANY: Final = 6  # digits
_TERM: Final = re.compile(r"\b\d{1,3} (?:days|tagen?|giorni|gg|jours|dias|dagen|dni|dagar)\b")
_DATED: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[ ,;]+(?=[^\W\d])")
"""A date with which the line of a name begins."""
_PRICE: Final = re.compile(r"(?:[€$£]|[A-Z]{3} )?-?[\d.,' ]*\d[.,]\d\d(?: ?(?:[€$£]|[A-Z]{3}))?")
_SEPARATORS: Final = re.compile(r"\s*(?:[,;|·•*∙●▪]|\s[-–—/]\s|\s{2,})\s*")


def labelled_name(segs: Sequence[Seg], found: Scan) -> Text | None:
    """The name that a label announces in an area."""
    for seg in segs:
        for label in seg.labels:
            if label.means("name") and label.closes and label.leads:
                for target in targets(label, found):
                    if any(
                        part.line is target.line and part.start <= target.start <= part.end for part in segs
                    ):
                        return _from_above(_joined_name(target, segs), label, found)
    return None


def _from_above(name: Text | None, label: Label, found: Scan) -> Text | None:
    """A labelled name whose first line stands above the height of its label, with no label of its own."""
    if name is None or name.place.box.x0 < label.box.x1:
        return name
    box = name.place.box
    for number in range(label.line.number - 1, max(label.line.number - 3, -1), -1):
        segs = found.segs[number]
        if not segs:
            return name
        gap = box.top - segs[0].box.bottom
        alone = len(segs) == 1 and not segs[0].labels and not has_digit(segs[0].text)
        if alone and abs(segs[0].box.x0 - box.x0) < ALIGNED and -1 < gap < (box.bottom - box.top) / 2:
            text, place = f"{segs[0].text} {name.value}", name.place
            hull = box_of([segs[0].box, box])
            return Text(text, Place(place.page, hull, text, place.origin, place.certainty), name.score)
    return name


def _without_stop(text: str) -> str:
    """A name without the full stop of a sentence; that of a legal form stays."""
    return text if legal_form_end(text) == len(text) else text.rstrip(" .")


def _joined_name(target: Target, segs: Sequence[Seg]) -> Text | None:
    """A labelled name with the lines it wraps onto."""
    text, end_line = _without_stop(target.text.lstrip(" :.-").rstrip(" :-")), target.line
    at = next(
        index
        for index, seg in enumerate(segs)
        if seg.line is target.line and seg.start <= target.start <= seg.end
    )
    box = target.line.box_of(target.start, target.end)
    lead = target.line.box_of(*target.line.segment_at(target.start)).x0
    for seg in segs[at + 1 : at + 3]:
        wraps = seg.line.box.top - end_line.box.bottom < (box.bottom - box.top) and seg.line is not end_line
        if (
            not wraps
            or min(abs(seg.box.x0 - left) for left in (box.x0, lead)) > ALIGNED
            or seg.text.endswith(":")
            or seg.labels
            or has_digit(seg.text)
            or seg.box.x1 > box.x1 + 4
        ):
            break
        text, end_line = f"{text} {seg.text}", seg.line
        place = target.line.place(target.start, target.end)
        hull = box_of([box, seg.box])
        return Text(text, Place(place.page, hull, text, place.origin, place.certainty))
    return Text(text, target.line.place(target.start, target.end)) if any(map(str.isalpha, text)) else None


def name_from(segs: Sequence[Seg], start: int | None) -> Text | None:
    """The name in an area: the first line that is no address, no number, no label and no salutation."""
    if start is not None and any(char.isalpha() for char in segs[0].line.text[start : segs[0].end]):
        if _SALUTATION.match(segs[0].line.text[start : segs[0].end]):
            return name_from(segs[1:], None)
        labelled = _name_text(segs[0], start, segs[0].end)
        return with_tail(_with_last_words(labelled, segs[:2]), segs[1:2]) if labelled else None
    for index, seg in enumerate(segs[:5]):
        if says_other(seg):
            continue
        if seg.labels and seg.labels[0].means("title_invoice", "title_credit_note") and seg.labels[0].leads:
            return None
        if any(label.closes and label.names_paper for label in seg.labels) and not has_legal_form(seg.text):
            continue
        if _house_number(segs, index) or _is_date(seg) or has_price(seg):
            continue
        if (
            _SALUTATION.match(seg.text)
            or _SALUTATION.match(seg.text.replace(" ", ""))
            or _is_address(seg)
            or EMAIL.search(seg.text)
            or _NUMBERED.search(seg.text)
        ):
            continue
        name = _name_text(seg, seg.start, seg.end)
        if name and not _is_caption(segs[index : index + 2]):
            return with_tail(_with_second_line(name, segs[index : index + 2]), segs[index + 1 : index + 2])
    return None


def goes_to_person(segs: Sequence[Seg]) -> bool:
    """Whether a block begins as letters do that go to a person: `Mr & Mrs O'Connor`, `Herrn` over a name."""
    if not segs:
        return False
    told = segs[0].labels[:1]
    attended = any(label.leads and label.means("attention", "addressee") for label in told)
    return attended or _COURTESY.match(segs[0].text) is not None


def has_price(seg: Seg) -> bool:
    """Whether nothing but an amount with decimals stands beside a text, as beside what is sold."""
    return _PRICE.fullmatch(seg.line.text[seg.end :].strip()) is not None


def _with_last_words(name: Text, segs: Sequence[Seg]) -> Text:
    """A name behind its label that ends on the next line, with its legal form: `… Holding B.V.`."""
    if len(segs) == 1 or has_legal_form(name.value) or segs[1].labels:
        return name
    first, second = segs
    text = second.text.strip()
    tight = second.box.top - first.box.bottom < first.box.bottom - first.box.top
    if not tight or len(text.split()) > LONG_ENOUGH or legal_form_end(text) != len(text):
        return name
    place = name.place
    whole, hull = f"{name.value} {text}", box_of([place.box, second.box])
    return Text(whole, Place(place.page, hull, whole, place.origin, place.certainty), name.score)


def _is_caption(segs: Sequence[Seg]) -> bool:
    """Whether the first of two lines is no name but says something of the company on the second."""
    if len(segs) == 1 or has_legal_form(segs[0].text) or segs[1].labels:
        return False
    first, second = (seg.line.words_of(seg.start, seg.end)[0] for seg in segs)
    end = legal_form_end(segs[1].text)
    smaller = first.size < second.size - SAME_SIZE
    return end == len(segs[1].text.rstrip()) and (smaller or (second.bold and not first.bold))


def with_tail(name: Text, following: Sequence[Seg]) -> Text:
    """A name whose legal form, or the rest of it, stands alone on the next line."""
    for seg in following:
        tail = seg.text.strip()
        height = name.place.box.bottom - name.place.box.top
        near = -1 < seg.box.top - name.place.box.bottom < height and seg.line.page == name.place.page
        form = is_legal_form(tail) or bool(_TAIL.fullmatch(tail))
        if near and form and len(tail.split()) <= LONG_ENOUGH and not name.value.endswith(tail):
            place = name.place
            text = f"{name.value} {tail}"
            hull = box_of([place.box, seg.box])
            return Text(text, Place(place.page, hull, text, place.origin, place.certainty), name.score)
    return name


def _is_date(seg: Seg) -> bool:
    """Whether a date is all that a line says."""
    if not has_digit(seg.text):
        return False
    return any(hit.end - hit.start >= len(seg.text.strip(" .,")) for hit in find_dates(fold(seg.text)))


def _house_number(segs: Sequence[Seg], index: int) -> bool:
    """Whether a line ends as a street does and the city follows."""
    following = segs[index + 1].city if index + 1 < len(segs) else None
    return following is not None and bool(_HOUSE.search(segs[index].text))


def _with_second_line(name: Text, segs: Sequence[Seg]) -> Text:
    """A company's name over two lines of one style: the legal form stands on the second."""
    if len(segs) > 1 and _is_person_over_company(segs[0], segs[1]):
        return _name_text(segs[1], segs[1].start, segs[1].end) or name
    if len(segs) == 1 or has_legal_form(name.value) or len(name.value.split()) > _LONGEST_FIRST:
        return name
    first, second = (
        segs[0].line.words_of(segs[0].start, segs[0].end)[0],
        segs[1].line.words_of(segs[1].start, segs[1].end)[0],
    )
    end = legal_form_end(segs[1].text)
    if (
        end != len(segs[1].text.rstrip())
        or first.bold != second.bold
        or abs(first.size - second.size) > SAME_SIZE
    ):
        return name
    if segs[1].box.top - segs[0].box.bottom > segs[0].box.bottom - segs[0].box.top:
        return name
    place = name.place
    text = f"{name.value} {segs[1].text.strip()}"
    return Text(
        text, Place(place.page, box_of([place.box, segs[1].box]), text, place.origin, place.certainty), 0.85
    )


def _is_person_over_company(first: Seg, second: Seg) -> bool:
    """Whether a person stands over a company: titled, or where the company's name had no need to wrap."""
    if not has_legal_form(second.text):
        return False
    if _PERSON.match(first.text):
        return True
    words, under = first.text.split(), second.line.words_of(second.start, second.end)
    if len(words) != _FULL_NAME or not all(map(str.istitle, words)) or len(under) <= _FULL_NAME:
        return False
    room = second.box.x1 - second.box.x0 - (first.box.x1 - first.box.x0)
    return under[0].x1 - under[0].x0 + _BLANK * under[0].size < room


def _name_text(seg: Seg, start: int, end: int) -> Text | None:
    if dated := _DATED.match(seg.line.text, start, end):
        start = dated.end()
    text = seg.line.text[start:end]
    form_end = legal_form_end(text)
    cut = _SEPARATORS.search(text, form_end or 0)
    if cut and (form_end or find_city(text) or looks_like_street(text[cut.end() :])):
        text = text[: cut.start()]
    text = text.rstrip(" ,;:|-–")
    if (
        seg.line.text[start:end].rstrip().endswith(":")
        or sum(char.isalpha() for char in text) < _LETTERS
        or len(text) > _NAME_MAX
    ):
        return None
    words = text.split()
    if is_legal_form(text) or (words[0][0].isdigit() and find_city(text)) or text[0] in "/&":
        return None
    if not form_end and (names_street(text) or _TERM.search(fold(text)) or _is_number(text)):
        return None
    if (
        not form_end
        and text.endswith(".")
        and not text.isupper()
        and len(words) >= _SENTENCE
        and len(words[-1]) > _SENTENCE
    ):
        return None  # a slogan
    if not form_end and (has_digit(words[0]) or sum(map(_is_plain_word, words)) >= _SENTENCE):
        return None
    score = 1.0 if any("a" <= char <= "z" for char in fold(text)) else _FOREIGN
    return Text(text, seg.line.place(start, start + len(text)), score)


def _is_number(text: str) -> bool:
    """Whether a text is more of a number than of a name: `GB VAT GB 357 3550 98`."""
    digits = sum(map(str.isdigit, text))
    return digits >= _MANY and digits >= sum(map(str.isalpha, text))


def _is_plain_word(word: str) -> bool:
    """Whether a word is of a sentence rather than of a name."""
    return word[0].islower() and fold(word) not in PARTICLES


def _is_address(seg: Seg) -> bool:
    return seg.city is not None or seg.is_street or seg.country is not None
