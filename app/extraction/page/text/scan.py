"""A document as lines, segments, labels and lexical values: what every later step looks at, found once."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, wraps
from typing import Final, TypeVar, cast

import msgspec

from app.extraction.page.text.addresses import (
    LONGEST_POSTCODE,
    CityLine,
    country_of,
    find_city,
    is_postcode,
    looks_like_street,
    names_county,
    split_city,
    stands_under_town,
)
from app.extraction.page.text.amounts import (
    AmountHit,
    PercentHit,
    decimal_habit,
    exchange_rate,
    find_amounts,
    find_percents,
    groups_by_marks,
)
from app.extraction.page.text.dates import DateHit, find_dates
from app.extraction.page.text.layout import Line
from app.extraction.page.text.lexicon import Label, find_labels
from app.extraction.page.text.lines import GAP, TextLine, has_digit, plain, text_line
from app.extraction.page.text.wrapped import joined
from app.model.document import Page
from app.model.evidence import Box

_SAME_ROW: Final = 0.5  # of the lower height: vertical overlap of two segments of one row
ALIGNED: Final = 4.0
"""Points that edges of one column may differ."""
_DEPTH: Final = 2  # segments under a label that may be its value
_SHORTEST: Final = 3  # letters of a label that ends the value before it
_WRAPPING: Final = ("vat_id", "fiscal_code", "iban", "bic")  # whose values follow in running text
_WRAPPED: Final = 0.6  # nearness of a value at the start of the next line
_CELL: Final = 0.6  # nearness of what stands at the other side of the cell under a head
_HEADS: Final = 3  # segments on a line that may be the heads of cells
_REACH_DOWN: Final = 3.2  # line heights under a label where its value may begin


T = TypeVar("T")


class Seg(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A segment of a text line with the labels in it; what it says of an address is worked out once."""

    line: TextLine
    start: int
    end: int
    box: Box
    labels: tuple[Label, ...]
    text: str
    """As printed."""
    town: "Seg | None" = None
    """The line with the town, where this one is its postcode and nothing else."""

    @cached_property
    def city(self) -> CityLine | None:
        """The postcode and city in it, or of which it is the postcode."""
        return split_city(self.text, self.town.text) if self.town else find_city(self.text)

    @cached_property
    def country(self) -> str | None:
        """The country that it names (ISO 3166-1 alpha-2)."""
        return country_of(self.text)

    @cached_property
    def is_street(self) -> bool:
        """Whether it looks like a street."""
        return looks_like_street(self.text)

    @property
    def headed(self) -> bool:
        """Whether it begins with a label that a value follows (or that is all it says)."""
        return bool(self.labels) and self.labels[0].leads and (self.labels[0].closes or self.bilingual)

    @property
    def bilingual(self) -> bool:
        """Whether it is one label in two languages and nothing else: `Vervaldag / Echéance`."""
        end = self.start
        for label in self.labels:
            if self.line.text[end : label.start].strip(" /|·-"):
                return False
            end = label.end
        return len(self.labels) > 1 and end >= self.end - 2

    @property
    def labelled(self) -> bool:
        """Whether labels in it are labels and not the words of a name: `Van der Laan`, `De Luca`, `N.V.`."""
        return any((label.leads or label.closes) and not label.begins_words for label in self.labels)


class Scan(msgspec.Struct, frozen=True):
    """Everything lexical of the pages that are read as one document."""

    lines: tuple[TextLine, ...]
    segs: tuple[tuple[Seg, ...], ...]
    """Segments by line number."""
    labels: tuple[tuple[Label, ...], ...]
    dates: tuple[tuple[DateHit, ...], ...]
    amounts: tuple[tuple[AmountHit, ...], ...]
    percents: tuple[tuple[PercentHit, ...], ...]
    decimal_mark: str | None

    by_kind: dict[str, tuple[Label, ...]]
    """Labels by what they may mean, in reading order."""
    plain: tuple[str, ...]
    """Lines without spaces and punctuation, to look names up in."""
    kept: dict[object, object] = msgspec.field(default_factory=dict)
    """What was worked out of it and is asked for more than once, by the question."""

    @property
    def numeric(self) -> Iterator[TextLine]:
        """Lines on which a digit stands."""
        return (line for line in self.lines if line.numeric)

    def all_labels(self, *kinds: str) -> Iterator[Label]:
        """Labels that may mean one of the kinds, in reading order."""
        if len(kinds) == 1:
            return iter(self.by_kind.get(kinds[0], ()))
        found = {id(label): label for kind in kinds for label in self.by_kind.get(kind, ())}
        return iter(sorted(found.values(), key=lambda label: (label.line.number, label.start)))


def once(question: Callable[[Scan], T]) -> Callable[[Scan], T]:
    """Have a question about a scan worked out once, however many steps ask it."""

    @wraps(question)
    def ask(found: Scan) -> T:
        if question not in found.kept:
            found.kept[question] = question(found)
        return cast("T", found.kept[question])

    return ask


def scan(pages: Sequence[tuple[Page, Sequence[Line]]]) -> Scan:
    """Find labels, dates, amounts and percentages on laid-out pages."""
    lines = tuple(
        text_line(number, line, page)
        for number, (page, line) in enumerate(
            (page, line) for page, page_lines in pages for line in page_lines
        )
    )
    numeric = [line.text for line in lines if line.numeric]
    mark = decimal_habit(numeric)
    spaced = not groups_by_marks(numeric)
    labels = joined(lines, tuple(tuple(find_labels(line)) for line in lines))
    dates = tuple(tuple(find_dates(line.folded)) if line.numeric else () for line in lines)
    return Scan(
        lines=lines,
        segs=_with_towns([tuple(_segs(line, found)) for line, found in zip(lines, labels, strict=True)]),
        labels=labels,
        dates=dates,
        amounts=tuple(
            _amounts(line, taken, mark, spaced=spaced) if line.numeric else ()
            for line, taken in zip(lines, dates, strict=True)
        ),
        percents=tuple(tuple(find_percents(line.folded)) if line.numeric else () for line in lines),
        decimal_mark=mark,
        by_kind=by_kind(labels),
        plain=tuple(plain(line.folded) for line in lines),
    )


def by_kind(labels: Iterable[Iterable[Label]]) -> dict[str, tuple[Label, ...]]:
    """Labels by what they may mean, in reading order."""
    found: dict[str, list[Label]] = {}
    for label in (label for on_line in labels for label in on_line):
        for kind in label.weights:
            found.setdefault(kind, []).append(label)
    return {kind: tuple(of_kind) for kind, of_kind in found.items()}


def _segs(line: TextLine, labels: Sequence[Label]) -> Iterator[Seg]:
    start = 0
    for text, box in zip(line.text.split(GAP), line.boxes, strict=True):
        end = start + len(text)
        inside = tuple([label for label in labels if start <= label.start < end]) if labels else ()
        yield Seg(line, start, end, box, inside, text)
        start = end + 1


def _with_towns(segs: list[tuple[Seg, ...]]) -> tuple[tuple[Seg, ...], ...]:
    """The segments, postcodes that stand alone in an address with the line of their town."""
    for number, on_line in enumerate(segs):
        for at, seg in enumerate(on_line):
            if len(seg.text) > LONGEST_POSTCODE or not is_postcode(seg.text) or seg.headed:
                continue
            if not (town := _town_of(seg, segs)):
                continue
            whole = msgspec.structs.replace(seg, town=town)
            segs[number] = (*segs[number][:at], whole, *segs[number][at + 1 :])
    return tuple(segs)


def _town_of(code: Seg, segs: Sequence[tuple[Seg, ...]]) -> Seg | None:
    """The town over a postcode of the British islands, or under another that stands below a street."""
    above = _next_in_column(code, segs, -1)
    if above is None:
        return None
    below = _next_in_column(code, segs, 1)
    if stands_under_town(code.text):
        county = names_county(above.text)
        town = _next_in_column(above, segs, -1) if county else above
    else:
        town = below if above.is_street else None
    is_town = town is not None and not town.labelled and town.country is None and not town.is_street
    return town if is_town and town and split_city(code.text, town.text) else None


def _next_in_column(seg: Seg, segs: Sequence[tuple[Seg, ...]], step: int) -> Seg | None:
    """The line right above (`step` -1) or below (1) another, set flush left or right with it."""
    height = seg.box.bottom - seg.box.top
    last = seg.line.number + 4 * step
    for number in range(seg.line.number + step, min(max(last, -1), len(segs)), step):
        for other in segs[number]:
            gap = (other.box.top - seg.box.bottom) if step > 0 else (seg.box.top - other.box.bottom)
            apart = min(abs(other.box.x0 - seg.box.x0), abs(other.box.x1 - seg.box.x1))
            if other.line.page == seg.line.page and apart < ALIGNED and -1 < gap < height:
                return other
    return None


def _amounts(
    line: TextLine, dates: Sequence[DateHit], mark: str | None, *, spaced: bool
) -> tuple[AmountHit, ...]:
    exchange = exchange_rate(line.folded)
    return tuple(
        hit
        for hit in find_amounts(line.folded, mark, spaced=spaced)
        if not any(date.start < hit.end and hit.start < date.end for date in dates)
        and (exchange is None or hit.start < exchange)
    )


class Target(msgspec.Struct, frozen=True, eq=False):
    """A span where the value of a label may stand."""

    line: TextLine
    start: int
    end: int
    nearness: float
    """1 directly after the label, less the less usual the place is."""

    @property
    def text(self) -> str:
        """As printed."""
        return self.line.text[self.start : self.end]


def targets(label: Label, found: Scan) -> Iterator[Target]:
    """The places where a label's value may stand, the usual ones first: after it, right of it, below it."""
    inline = _after(label, found)
    if inline:
        yield inline
        if label.closes or label.leads:
            return
    beside = _beside(label, found)
    below = list(_below(label, found))
    right = _right(label, beside, found) if beside is not None and not beside.headed else None
    under = [
        Target(seg.line, seg.start, _until_label(seg, found), 0.85 - 0.2 * n) for n, seg in enumerate(below)
    ]
    if right is None:
        yield from under
    elif right.line is not label.line and below and abs(below[0].box.x0 - label.box.x0) < ALIGNED:
        yield from (*under, right)  # what stands a little higher or lower is another column's
    else:
        yield from (right, *under)
    across = None if below else _in_cell(label, found)
    if across:
        yield Target(across.line, across.start, _until_label(across, found), _CELL)
    if not label.leads and inline is None and (label.colon or (label.closes and label.means(*_WRAPPING))):
        yield from _on_next_line(label, found)
    raised = None if beside is not None else _beside_wrapped(label, found)
    if raised is not None:
        yield Target(raised.line, raised.start, raised.end, 0.9)


def _right(label: Label, beside: Seg, found: Scan) -> Target:
    near = beside.box.x0 - label.box.x1 < label.line.width / 3
    return Target(beside.line, beside.start, _until_label(beside, found), 0.95 if near else 0.8)


def _on_next_line(label: Label, found: Scan) -> Iterator[Target]:
    """The value of a label at the end of a line of running text, which begins the line below."""
    start, end = label.line.segment_at(label.start)
    box = label.line.box_of(start, end)
    own = Seg(label.line, start, end, box, (), label.line.text[start:end])
    for seg in segs_under(own, found):
        if abs(seg.box.x0 - own.box.x0) < ALIGNED and not seg.headed:
            yield Target(seg.line, seg.start, _until_label(seg, found), _WRAPPED)


def _after(label: Label, found: Scan) -> Target | None:
    """The rest of the label's own segment, up to the next label that a colon follows."""
    _, end = label.line.segment_at(label.start)
    inside = [other for other in found.labels[label.line.number] if label.end <= other.start < end]
    if any(label.is_said_again_by(other) and other.end >= end - 2 for other in inside):
        return None
    stop = next((other.start for other in inside if _parts(other)), end)
    start = label.end
    while start < stop and not label.line.folded[start].isalnum() and label.line.text[start] not in "(€$£#-":
        start += 1
    if not any(char.isalnum() for char in label.line.text[start:stop]):
        return None
    return Target(label.line, start, stop, 1.0)


def _until_label(seg: Seg, _found: Scan) -> int:
    return next((label.start for label in seg.labels if label.start > seg.start and _parts(label)), seg.end)


def _parts(label: Label) -> bool:
    """Whether a label in the middle of a segment ends what stands before it."""
    return label.colon and label.end - label.start >= _SHORTEST and any(s.weight >= 1 for s in label.senses)


def row_segments(label: Label, found: Scan) -> list[Seg]:
    """Segments to the right of a label on the same height, also where the line was split, left to right."""
    box, number = label.box, label.line.number
    right = []
    for other in range(max(number - 2, 0), min(number + 3, len(found.lines))):
        line = found.lines[other]
        if line.page != label.line.page or min(line.box.bottom, box.bottom) <= max(line.box.top, box.top):
            continue
        for seg in found.segs[other]:
            overlap = min(seg.box.bottom, box.bottom) - max(seg.box.top, box.top)
            height = min(seg.box.bottom - seg.box.top, box.bottom - box.top)
            if overlap >= _SAME_ROW * height and (
                seg.start > label.end if other == number else seg.box.x0 >= box.x1 - 1
            ):
                right.append(seg)
    right.sort(key=lambda seg: seg.box.x0)
    return right


def _beside(label: Label, found: Scan) -> Seg | None:
    return next(iter(row_segments(label, found)), None)


def _beside_wrapped(label: Label, found: Scan) -> Seg | None:
    """What stands right of the first line of a label that wraps onto a second."""
    if not label.leads:
        return None
    height = max(label.box.bottom - label.box.top, 6.0)
    for number in range(label.line.number - 1, max(label.line.number - 4, -1), -1):
        line = found.lines[number]
        if line.page != label.line.page or label.box.top - line.box.bottom > height:
            return None
        segs = found.segs[number]
        for index, seg in enumerate(segs):
            first_half = (
                abs(seg.box.x0 - label.box.x0) < ALIGNED
                and -1 < label.box.top - seg.box.bottom < 0.8 * height
            )
            if first_half and not seg.headed and not has_digit(seg.text) and index + 1 < len(segs):
                return None if segs[index + 1].headed else segs[index + 1]
    return None


def _below(label: Label, found: Scan) -> Iterator[Seg]:
    """Up to two segments under a label, in its column; a label in between ends the search."""
    box = label.box
    height = max(box.bottom - box.top, 6.0)
    count = 0
    for number in range(max(label.line.number - 1, 0), len(found.lines)):
        line = found.lines[number]
        if line.page != label.line.page or line.box.top > box.bottom + _REACH_DOWN * height:
            if line.page != label.line.page and line.page < label.line.page:
                continue
            return
        if line.box.top < box.top + height / 2:
            continue
        for seg in found.segs[number]:
            if _under(seg.box, box):
                if seg.headed:
                    if _is_second_half(seg, box):
                        break
                    return
                yield seg
                count += 1
                if count == _DEPTH:
                    return
                break


def _in_cell(label: Label, found: Scan) -> Seg | None:
    """What stands in the cell under a head, though set to its other side."""
    heads = found.segs[label.line.number]
    own = next((at for at, seg in enumerate(heads) if label.start == seg.start), None)
    if own is None or len(heads) < _HEADS or label.end < heads[own].end - 1:
        return None
    right = heads[own + 1].box.x0 if own + 1 < len(heads) else label.line.width
    reach = label.box.bottom + _REACH_DOWN * max(label.box.bottom - label.box.top, 6.0)
    for line in found.lines[label.line.number + 1 :]:
        if line.page != label.line.page or line.box.top > reach:
            return None
        inside = [
            seg
            for seg in found.segs[line.number]
            if label.box.x0 - ALIGNED < seg.box.x0 and seg.box.x1 < right + ALIGNED
        ]
        if inside:
            return None if inside[0].headed or len(inside) > 1 else inside[0]
    return None


def segs_under(seg: Seg, found: Scan) -> list[Seg]:
    """The segment right under another, aligned with it left, right or in the middle."""
    height = seg.box.bottom - seg.box.top
    for number in range(seg.line.number + 1, min(seg.line.number + 4, len(found.lines))):
        for other in found.segs[number]:
            middle = abs(other.box.x0 + other.box.x1 - seg.box.x0 - seg.box.x1) / 2
            aligned = min(abs(other.box.x0 - seg.box.x0), abs(other.box.x1 - seg.box.x1), middle) < ALIGNED
            if other.line.page == seg.line.page and aligned and -1 < other.box.top - seg.box.bottom < height:
                return [other]
    return []


def segments_below(target: Target, found: Scan) -> list[Seg]:
    """The two segments that follow a target in its column, line by line."""
    box = target.line.box_of(target.start, target.end)
    height, bottom, column = box.bottom - box.top, box.bottom, []
    for number in range(target.line.number + 1, min(target.line.number + 6, len(found.lines))):
        for seg in found.segs[number]:
            left = min(
                abs(seg.box.x0 - box.x0),
                abs(seg.box.x0 - target.line.box_of(*target.line.segment_at(target.start)).x0),
            )
            if seg.line.page == target.line.page and left < ALIGNED and seg.box.top - bottom < height:
                column.append(seg)
                bottom = seg.box.bottom
                break
    return column[:2]


def _is_second_half(seg: Seg, label: Box) -> bool:
    """Whether a weak label right under another is only the rest of its wording."""
    touches = seg.box.top - label.bottom < 0.35 * (label.bottom - label.top)
    return touches and not seg.labels[0].colon and all(sense.weight < 1 for sense in seg.labels[0].senses)


def _under(value: Box, label: Box) -> bool:
    """Whether a box stands in the column of a label."""
    overlap = min(value.x1, label.x1) - max(value.x0, label.x0)
    narrow = min(value.x1 - value.x0, label.x1 - label.x0)
    return overlap > 0.5 * narrow or abs(value.x0 - label.x0) < ALIGNED or abs(value.x1 - label.x1) < ALIGNED


def nearest_line(found: Scan, page: int, top: float) -> int:
    """The number of the first line of a page at or under a height."""
    return bisect_left(found.lines, (page, top), key=lambda line: (line.page, line.box.top))
