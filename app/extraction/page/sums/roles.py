"""The amounts of a document with the parts they could play, by the labels beside and above them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.text.amounts import AmountHit
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import GAP, Place, TextLine, has_digit
from app.extraction.page.text.scan import Scan, Seg, Target, row_segments
from app.model.evidence import Box
from app.model.money import CENT, HUNDRED, ZERO

ROLES: Final = (
    "net", "tax", "total", "due", "prepaid", "withholding", "stamp_duty", "social_security", "rounding",
    "discount", "charge", "carry",
)  # fmt: skip

_HEAD_REACH: Final = 4.0  # line heights between a column head and its first amount
_FAR_HEAD: Final = 220.0  # points above a row of sums where its column heads may stand
_TABLE_ROWS: Final = 5  # more rows under one head are items, not sums
_SUMMED: Final = 3  # amounts: two and their sum
_PART: Final = 0.3  # of the trust in a sum that an amount of a list of items deserves
_HEADS: Final = 2  # labels of sums on one line that make it the head of a table
_HIGHEST_RATE: Final = 30  # percent: no tax on sales is higher
_ENOUGH: Final = 20  # rows that tell all rates
_MODIFIER: Final = re.compile(r"\(?\b(?:incl?|excl?|including|excluding|inkl|zzgl|ink|iva|tva)\b\.?")
_INCLUDES: Final = re.compile(r"inc|inkl|dont|compris|di cui|enthal|waarvan|w tym|davon|ink")
_TOUCHES: Final = 0.1  # of a label's height: what the line of its amount has in common with it
_ADJACENT: Final = 4  # characters between two phrases that make one
_NEXT_WORD: Final = 8  # characters between a label and an amount that belong together
_CENTS: Final = 2  # decimals of money
_HABIT: Final = 3  # amounts with decimals, among which one without is a count
_PROSE: Final = 7  # words in a segment that make it a sentence


class Role(msgspec.Struct, frozen=True, eq=False):
    """One amount in one part, as one label has it."""

    kind: str
    value: Decimal
    score: float
    line: TextLine
    hit: AmountHit
    label: Label | None

    @property
    def place(self) -> Place:
        """Where the amount stands."""
        return self.line.place(self.hit.start, self.hit.end)


def roles(found: Scan) -> list[Role]:
    """Every amount that a label gives a part to."""
    cast: list[Role] = []
    exact = sum(hit.decimals == _CENTS for hits in found.amounts for hit in hits) >= _HABIT
    for label in found.all_labels(*ROLES):
        if _is_prose(label) or _continues(label, found):
            continue
        beside = list(_included(label, found)) or list(_beside(label, found))
        under = _taxed_under(label, beside, found) if beside and label.means("tax") else None
        if under:
            cast.extend(under)
        elif beside:
            cast.extend(_row_roles(label, beside, found))
        else:
            cast.extend(_column_roles(label, found))
    return [role for role in cast if role.hit.money or not exact]


def _continues(label: Label, found: Scan) -> bool:
    """Whether the phrase only adds to another of a sum right before it: `Total € incl. VAT`."""
    return any(
        other.end < label.start
        and len(_MODIFIER.sub("", label.line.folded[other.end : label.start])) <= _ADJACENT
        and _adds_to(label, other)
        for other in found.labels[label.line.number]
        if GAP not in label.line.text[other.end : label.start]
        and not has_digit(label.line.text[other.end : label.start])
    )


def _adds_to(label: Label, other: Label) -> bool:
    if label.means("tax"):
        return other.means("total", "net", "due")
    return other.means(*ROLES) and all(sense.weight < 1 for sense in label.senses)


def _is_prose(label: Label) -> bool:
    """Whether the label stands inside a sentence."""
    start, end = label.line.segment_at(label.start)
    words = label.line.text[start:end].split()
    return len(words) >= _PROSE and not label.leads


def _beside(label: Label, found: Scan) -> Iterator[tuple[TextLine, AmountHit]]:
    """Amounts right of a label on its row, up to the next label of a sum."""
    _, end = label.line.segment_at(label.start)
    later = [other for other in found.labels[label.line.number] if not _continues(other, found)]
    stop = _next_label(later, label.end, end)
    yield from _inside(found, label.line, label.end, stop)
    if stop < end:
        return
    beside = row_segments(label, found)
    for seg in beside or _set_off(label, found):
        limit = _next_label(seg.labels, seg.start, seg.end)
        yield from _inside(found, seg.line, seg.start, limit)
        if limit < seg.end:
            return


def _in_brackets(line: TextLine, hit: AmountHit) -> bool:
    """Whether an amount only explains another: `48.45 (includes 8.08 VAT)`."""
    start, _ = line.segment_at(hit.start)
    return line.text.rfind("(", start, hit.start) > line.text.rfind(")", start, hit.start)


def _included(label: Label, found: Scan) -> Iterator[tuple[TextLine, AmountHit]]:
    """The tax that brackets say an amount includes, its label behind it: `(includes 8.08 VAT)`."""
    for hit in found.amounts[label.line.number] if label.means("tax") else ():
        between = label.line.text[hit.end : label.start]
        opened = label.line.folded.rfind("(", 0, hit.start)
        behind = hit.end <= label.start and not between.strip() and _in_brackets(label.line, hit)
        if behind and _INCLUDES.search(label.line.folded, opened, hit.start):
            yield label.line, hit


def _set_off(label: Label, found: Scan) -> list[Seg]:
    """The amount right of a label that has none on its row, printed a little higher or lower than it.

    Forms are filled in so: the amount is alone on its line, which the label's own still touches.
    """
    box, number = label.box, label.line.number
    near = []
    for other in (number - 1, number + 1):
        segs = found.segs[other] if 0 <= other < len(found.segs) else ()
        if len(segs) == 1 and segs[0].line.page == label.line.page and not segs[0].labels:
            overlap = min(segs[0].box.bottom, box.bottom) - max(segs[0].box.top, box.top)
            if overlap > _TOUCHES * (box.bottom - box.top) and segs[0].box.x0 >= box.x1:
                near.append(segs[0])
    return near if len(near) == 1 else []


def _next_label(labels: Sequence[Label], start: int, end: int) -> int:
    return next((other.start for other in labels if start <= other.start < end and other.means(*ROLES)), end)


def _inside(found: Scan, line: TextLine, start: int, end: int) -> Iterator[tuple[TextLine, AmountHit]]:
    for hit in found.amounts[line.number]:
        if start <= hit.start and hit.end <= end:
            yield line, hit


def _row_roles(label: Label, amounts: list[tuple[TextLine, AmountHit]], found: Scan) -> Iterator[Role]:
    strength = 1.0 if label.leads else 0.7
    money = [pair for pair in amounts if pair[1].money] or amounts
    money = [pair for pair in money if not _in_brackets(*pair)] or money
    base = _base_of_tax(label, money, found) if label.means("tax") else None
    for index, (line, hit) in enumerate(money):
        if hit is base:
            yield Role("base", hit.readings[0], 0.9, line, hit, label)
            continue
        share = 1.0 if index == len(money) - 1 else 0.55
        plain = 1.0 if hit.money else 0.8
        heads = list(_heads(line, hit, label, found)) if len(money) > 1 and base is None else []
        for sense in label.senses:
            if sense.kind not in ROLES:
                continue
            kept = share * (0.4 if heads and all(head.weight(sense.kind) == 0 for head in heads) else 1.0)
            for reading in hit.readings:
                yield Role(sense.kind, reading, sense.weight * strength * kept * plain, line, hit, label)
        for head in heads:
            for sense in head.senses:
                if sense.kind in ROLES:
                    yield Role(sense.kind, hit.readings[0], 0.85 * sense.weight, line, hit, head)


def _taxed_under(
    label: Label, beside: Sequence[tuple[TextLine, AmountHit]], found: Scan
) -> list[Role] | None:
    """Base and tax of a head that gives the base (`VAT 21 % of 980.20`), the tax in the column under it."""
    if len(beside) != 1:
        return None
    base = beside[0][1]
    for line, hit in _column(label, found):
        for percent in found.percents[label.line.number]:
            if label.end <= percent.start <= base.start and percent.value:
                share = base.readings[0] * percent.value / HUNDRED
                if abs(share - hit.readings[0]) <= CENT:
                    return [
                        Role("base", base.readings[0], 0.9, beside[0][0], base, label),
                        Role("tax", hit.readings[0], 0.9, line, hit, label),
                    ]
    return None


def _base_of_tax(label: Label, money: list[tuple[TextLine, AmountHit]], found: Scan) -> AmountHit | None:
    """The amount on a row of tax of which another on it is the printed percentage."""
    shares = [hit.value for hit in found.percents[label.line.number]]
    for _, base in money:
        for _, tax in money:
            if base is not tax and any(
                abs(base.readings[0] * share / HUNDRED - tax.readings[0]) <= CENT for share in shares if share
            ):
                return base
    return None


def _heads(line: TextLine, hit: AmountHit, row_label: Label, found: Scan) -> Iterator[Label]:
    """The nearest label of a sum above an amount, in its column."""
    box = line.box_of(hit.start, hit.end)
    for number in range(line.number - 1, -1, -1):
        above = found.lines[number]
        if above.page != line.page:
            return
        summing = [label for label in found.labels[number] if label.means("net", "tax", "total")]
        if box.top - above.box.bottom > _FAR_HEAD and len(summing) < _HEADS:
            continue
        for label in summing:
            if label is not row_label and _over(label.box, box):
                yield label
                return


def _over(head: Box, value: Box) -> bool:
    overlap = min(head.x1, value.x1) - max(head.x0, value.x0)
    return overlap > 0.4 * min(head.x1 - head.x0, value.x1 - value.x0)


def _column_roles(label: Label, found: Scan) -> Iterator[Role]:
    """The amounts under a label: one, the rows of a small table, or the last where it is their sum."""
    column = list(_column(label, found))
    if not column:
        return
    summed = _sum_in([hit.readings[0] for _, hit in column])
    listed = summed is None and len(column) > _TABLE_ROWS
    for index, (line, hit) in enumerate(column[:1] if listed else column[: summed and summed + 1]):
        share = (
            (1.0 if index == summed else _PART)
            if summed
            else (_PART if listed else 1.0 if index == 0 else 0.7)
        )
        weight = share * (0.8 if hit.money else 0.5)
        for sense in label.senses:
            if sense.kind in ROLES and (index == 0 or summed or sense.kind in {"net", "tax"}):
                yield Role(sense.kind, hit.readings[0], sense.weight * weight, line, hit, label)


def _sum_in(values: Sequence[Decimal]) -> int | None:
    """Where in a column the sum of all above it stands; `None` where it does not."""
    above = ZERO
    for index, value in enumerate(values):
        if index >= _SUMMED - 1 and value == above:
            return index
        above += value
    return None


def _column(label: Label, found: Scan) -> Iterator[tuple[TextLine, AmountHit]]:
    """Amounts under a label, row by row, until the column is interrupted."""
    bounds = column_bounds(label, found)
    bottom, height, money = label.box.bottom, max(label.box.bottom - label.box.top, 6.0), False
    for number in range(label.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != label.line.page or line.box.top > bottom + _HEAD_REACH * height:
            return
        if any(other.means(*ROLES) and other.leads and other.closes for other in found.labels[number]):
            return
        fitting = [
            hit
            for hit in found.amounts[number]
            if hit.money >= money and in_column(label.box, line.box_of(hit.start, hit.end), bounds)
        ]
        if fitting:
            best = min(
                fitting, key=lambda hit: _off_column(label.box, line.box_of(hit.start, hit.end), bounds)
            )
            yield line, best
            bottom, money = line.box.bottom, best.money


def column_bounds(label: Label, found: Scan) -> tuple[float, float]:
    """From the end of the head left of a label to the beginning of the head right of it."""
    left, right = 0.0, label.line.width
    for number in range(max(label.line.number - 2, 0), min(label.line.number + 3, len(found.lines))):
        line = found.lines[number]
        if line.page != label.line.page or min(line.box.bottom, label.box.bottom) <= max(
            line.box.top, label.box.top
        ):
            continue
        for seg in found.segs[number]:
            if seg.box.x1 <= label.box.x0:
                left = max(left, seg.box.x1)
            elif seg.box.x0 >= label.box.x1:
                right = min(right, seg.box.x0)
    return left, right


def in_column(head: Box, value: Box, bounds: tuple[float, float]) -> bool:
    """Whether a value stands under a head, or at least between the heads beside it."""
    return _over(head, value) or (bounds[0] - 1 <= value.x0 and value.x1 <= bounds[1] + 1)


def _off_column(head: Box, value: Box, bounds: tuple[float, float]) -> int:
    """How loosely a value stands under its head: right under it, in its cell, or between the heads beside."""
    if _over(head, value):
        return 0
    return 1 if head.x0 - 1 <= value.x0 and value.x1 <= bounds[1] + 1 else 2


def printed(found: Scan) -> Iterator[tuple[TextLine, AmountHit]]:
    """Every amount written as money, in reading order, but for what is told of a company: its capital."""
    for line, hits in zip(found.lines, found.amounts, strict=True):
        for hit in hits:
            if hit.money and not _is_capital(hit, found.labels[line.number]):
                yield line, hit


def _is_capital(hit: AmountHit, labels: Sequence[Label]) -> bool:
    """Whether an amount follows right after a label of something that is no sum."""
    before = [label for label in labels if label.end <= hit.start]
    return bool(before) and before[-1].means("other_number") and hit.start - before[-1].end <= _NEXT_WORD


def rates(found: Scan) -> dict[Decimal, Target]:
    """The percentages that could be tax rates, with a place each: with a sign, or under a head of rates."""
    known: dict[Decimal, Target] = {}
    for line, hits in zip(found.lines, found.percents, strict=True):
        for percent in hits:
            known.setdefault(percent.value.normalize(), Target(line, percent.start, percent.end, 1.0))
    for label in found.all_labels("tax_rate"):
        for line, hit in _under_head(label, found):
            known.setdefault(hit.readings[0].normalize(), Target(line, hit.start, hit.end, 0.9))
    return known


def _under_head(label: Label, found: Scan) -> Iterator[tuple[TextLine, AmountHit]]:
    count = 0
    bounds = column_bounds(label, found)
    for number in range(label.line.number, len(found.lines)):
        line = found.lines[number]
        if line.page != label.line.page or line.box.top > label.box.bottom + _FAR_HEAD:
            return
        for hit in found.amounts[number]:
            after = number == label.line.number and hit.start >= label.end
            if (
                0 <= hit.readings[0] <= _HIGHEST_RATE
                and hit.currency is None
                and (
                    after
                    or (
                        number > label.line.number
                        and in_column(label.box, line.box_of(hit.start, hit.end), bounds)
                    )
                )
            ):
                yield line, hit
                count += 1
        if count > _ENOUGH:
            return


def segment_of(found: Scan, line: TextLine, position: int) -> Seg | None:
    """The segment in which a character of a line stands."""
    return next((seg for seg in found.segs[line.number] if seg.start <= position <= seg.end), None)
