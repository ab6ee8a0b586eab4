"""A model's value looked up at the words it names, with the reader's own lexers.

What stands there decides: the value that is kept is the one read from the words, and an answer whose words do
not yield it is none.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

import msgspec

from app.extraction.llm.answers import Answer
from app.extraction.llm.fields import Kind, kind_of
from app.extraction.llm.numbering import Numbered
from app.extraction.page.text.amounts import CURRENCY_SIGNS, AmountHit, number_readings
from app.extraction.page.text.identifiers import compact, find_ibans, find_vat_numbers, vat_holds
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lines import Place, TextLine, fold, plain
from app.model.document import Word

_AROUND: Final = " \t.,;:|()[]\"'«»“”*"
_BEHIND: Final = " \t,;:|([\"'«“*"
"""What no name ends with; a point may be that of its legal form."""
_BEFORE_NUMBER: Final = r"(?:^|[\s(]|[:#°º№]|\b[^\W\d]{1,4}\.)"
_AFTER_NUMBER: Final = r"(?=$|[\s.,;:)\]])"
_NUMERIC: Final = re.compile(r"[-+]?[\d.,' ’]+")
_SIGN: Final = re.compile(r"[^\W\d]+\$?|[€$£¥₹₺]|[a-z]{1,2}\$")
_SHARED: Final = frozenset({"SEK", "NOK", "DKK", "ISK"})
_MOST_DIGITS: Final = 15
_FEWEST_ID: Final = 5
_HIGHEST_RATE: Final = 100

Value = str | Decimal | dt.date


class Span(msgspec.Struct, frozen=True):
    """Named words of one line: the characters from the first to the last."""

    line: TextLine
    start: int
    end: int

    @property
    def text(self) -> str:
        """As printed."""
        return self.line.text[self.start : self.end].replace("\t", " ")


class Grounded(msgspec.Struct, frozen=True):
    """An answer that stands on the page."""

    path: str
    kind: Kind
    value: Value
    place: Place
    spans: tuple[Span, ...]

    @property
    def line(self) -> TextLine:
        """Where it begins."""
        return self.spans[0].line

    @property
    def start(self) -> int:
        """The character of the line where it begins."""
        return self.spans[0].start


def grounded(answer: Answer, words: Numbered) -> Grounded | None:
    """The answer as read from its words; `None` when they do not yield it."""
    kind = kind_of(answer.path)
    spans = _spans(answer.word_ids, words)
    if kind is None or not spans:
        return None
    return _BY_KIND[kind](_Claim(answer.path, kind, answer.value, spans, words))


class _Claim(msgspec.Struct, frozen=True):
    """An answer with the words it names."""

    path: str
    kind: Kind
    text: str
    spans: tuple[Span, ...]
    words: Numbered

    def at(self, value: Value, line: TextLine, start: int, end: int) -> Grounded:
        """It stands between two characters of a line."""
        return Grounded(self.path, self.kind, value, line.place(start, end), (Span(line, start, end),))

    def over(self, value: Value, spans: tuple[Span, ...]) -> Grounded:
        """It stands in words of one line or of several."""
        places = [span.line.place(span.start, span.end) for span in spans]
        text = " ".join(place.text for place in places)
        first = places[0]
        certainty = min(place.certainty for place in places)
        box = box_of([place.box for place in places if place.page == first.page])
        return Grounded(
            self.path, self.kind, value, Place(first.page, box, text, first.origin, certainty), spans
        )


def _spans(ids: list[int], words: Numbered) -> tuple[Span, ...]:
    """The named words by line; nothing when one of them does not exist."""
    by_line: dict[int, list[int]] = {}
    for word_id in ids:
        line = words.line_of(word_id)
        if line is None:
            return ()
        by_line.setdefault(line.number, []).append(word_id)
    lines = words.found.lines
    return tuple(Span(lines[number], *words.span(lines[number], own)) for number, own in by_line.items())


def _money(claim: _Claim) -> Grounded | None:
    wanted = amount_of(claim.text)
    if wanted is None:
        return None
    for span, hit in _amounts(claim):
        if abs(wanted) in {abs(reading) for reading in hit.readings}:
            return claim.at(abs(wanted), span.line, hit.start, hit.end)
    return None


def _quantity(claim: _Claim) -> Grounded | None:
    found = _money(claim)
    if found is not None:
        return found
    wanted = amount_of(claim.text)
    for span in claim.spans:
        for match in re.finditer(r"(?<![\w.,])\d[\d.,]*(?![\d])", span.line.text[span.start : span.end]):
            if wanted in number_readings(match.group().rstrip(".,"), claim.words.found.decimal_mark):
                start = span.start + match.start()
                return claim.at(abs(wanted), span.line, start, start + len(match.group().rstrip(".,")))
    return None


def _rate(claim: _Claim) -> Grounded | None:
    wanted = amount_of(claim.text.rstrip("% "))
    if wanted is None or not 0 <= wanted <= _HIGHEST_RATE:
        return None
    for span in claim.spans:
        for hit in claim.words.found.percents[span.line.number]:
            if _touches(span, hit.start, hit.end) and hit.value == wanted:
                return claim.at(wanted, span.line, hit.start, hit.end)
    return _quantity(msgspec.structs.replace(claim, text=str(wanted)))


def _amounts(claim: _Claim) -> Iterator[tuple[Span, AmountHit]]:
    """The amounts all of whose digits are in named words."""
    for span in claim.spans:
        for hit in claim.words.found.amounts[span.line.number]:
            digits = [index for index in range(hit.start, hit.end) if span.line.text[index].isdigit()]
            if digits and span.start <= digits[0] and digits[-1] < span.end:
                yield span, hit


def _date(claim: _Claim) -> Grounded | None:
    try:
        wanted = dt.date.fromisoformat(claim.text)
    except ValueError:
        return None
    for span in claim.spans:
        for hit in claim.words.found.dates[span.line.number]:
            if _touches(span, hit.start, hit.end) and wanted in hit.readings:
                return claim.at(wanted, span.line, hit.start, hit.end)
    return None


def _number(claim: _Claim) -> Grounded | None:
    """A document number: whole words, or what follows a sign like `#` or `No.` in one."""
    signs = "".join(claim.text.split())
    if not any(map(str.isdigit, signs)):
        return None
    pattern = r"\s?".join(map(re.escape, signs))
    for span in claim.spans:
        match = re.search(_BEFORE_NUMBER + f"(?P<it>{pattern})" + _AFTER_NUMBER, span.text, re.IGNORECASE)
        if match:
            return claim.at(
                match["it"].strip(), span.line, span.start + match.start("it"), span.start + match.end("it")
            )
    return None


def _vat_number(claim: _Claim) -> Grounded | None:
    value, there = compact(claim.text), compact(" ".join(span.text for span in claim.spans))
    bare = value[2:] if value[:2].isalpha() and not value[2:3].isalpha() else value
    if not _inside(bare, there):
        return None
    printed = " ".join(span.text for span in claim.spans)
    prefixed = next((hit.value for hit in find_vat_numbers(printed) if hit.value.endswith(bare)), None)
    if prefixed:
        return claim.over(prefixed, claim.spans)
    return claim.over(value if value in there or vat_holds(value) else bare, claim.spans)


def _fiscal_code(claim: _Claim) -> Grounded | None:
    value, there = compact(claim.text), compact(" ".join(span.text for span in claim.spans))
    return claim.over(value, claim.spans) if _inside(value, there) else None


def _inside(value: str, there: str) -> bool:
    """Whether an identifier is among words, and not a part of a longer one."""
    if sum(map(str.isdigit, value)) < _FEWEST_ID:
        return False
    return re.search(rf"(?<!\d){re.escape(value)}(?![0-9A-Z])", there) is not None


def _iban(claim: _Claim) -> Grounded | None:
    wanted, printed = compact(claim.text), " ".join(span.text for span in claim.spans)
    for hit in find_ibans(printed):
        if hit.valid and hit.value == wanted:
            return claim.over(wanted, claim.spans)
    return None


def _currency(claim: _Claim) -> Grounded | None:
    wanted = claim.text.upper()
    for span in claim.spans:
        for match in _SIGN.finditer(fold(span.text)):
            meant = CURRENCY_SIGNS.get(match.group())
            if meant == wanted or (meant == "" and wanted in _SHARED):
                return claim.at(wanted, span.line, span.start + match.start(), span.start + match.end())
    return None


def _name(claim: _Claim) -> Grounded | None:
    """A text as printed: whole words in their order, on one line or going on below."""
    wanted = plain(fold(claim.text))
    if not wanted:
        return None
    run = [(span, start, word.text) for span in claim.spans for start, word in _words(span)]
    plains = [plain(fold(text)) for _, _, text in run]
    for first in range(len(run)):
        joined = ""
        for last in range(first, len(run)):
            joined += plains[last]
            if joined == wanted:
                return claim.over(*_printed(run[first : last + 1]))
            if not wanted.startswith(joined):
                break
    return None


def _words(span: Span) -> Iterator[tuple[int, Word]]:
    for start, word in zip(span.line.starts, span.line.words, strict=True):
        if span.start <= start < span.end:
            yield start, word


def _printed(run: list[tuple[Span, int, str]]) -> tuple[str, tuple[Span, ...]]:
    """Words as one text, and where they stand by line."""
    by_line: dict[int, list[tuple[Span, int, str]]] = {}
    for part in run:
        by_line.setdefault(part[0].line.number, []).append(part)
    spans = tuple(
        Span(parts[0][0].line, parts[0][1], parts[-1][1] + len(parts[-1][2])) for parts in by_line.values()
    )
    return " ".join(text for _, _, text in run).lstrip(_AROUND).rstrip(_BEHIND), spans


def _touches(span: Span, start: int, end: int) -> bool:
    """Whether a hit lies within the named words, but for a sign at its edge."""
    return span.start <= start + 1 and end - 1 <= span.end


def amount_of(text: str) -> Decimal | None:
    """An amount as a model writes it; `None` for what is none, or too large to be one."""
    bare = text.strip(_AROUND + "€$£%")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        if not _NUMERIC.fullmatch(bare) or not any(map(str.isdigit, bare)):
            return None
        value = number_readings(bare.strip(" +-").rstrip(".,"))[0]
    return value if value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS else None


_BY_KIND: Final[Mapping[Kind, Callable[[_Claim], Grounded | None]]] = MappingProxyType({
    Kind.NAME: _name, Kind.TEXT: _name, Kind.NUMBER: _number, Kind.DATE: _date, Kind.MONEY: _money,
    Kind.QUANTITY: _quantity, Kind.RATE: _rate, Kind.CURRENCY: _currency, Kind.VAT_NUMBER: _vat_number,
    Kind.FISCAL_CODE: _fiscal_code, Kind.IBAN: _iban,
})  # fmt: skip
