"""Which lines under a head are items, which continue them, and where the table ends."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

import msgspec

from app.extraction.page.tables.arithmetic import Parts, check_row, choose_parts
from app.extraction.page.tables.cells import Cell, Strip
from app.extraction.page.tables.factors import factors_of
from app.extraction.page.tables.lexicon import AMOUNTS, PRICES, Kind
from app.extraction.page.tables.table import Table
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import GAP
from app.extraction.page.text.scan import Scan
from app.model.money import CENT

_SUMS: Final = (
    "net",
    "tax",
    "total",
    "due",
    "prepaid",
    "withholding",
    "stamp_duty",
    "social_security",
    "rounding",
)
_FAR: Final = 1.6  # line heights of empty paper that end a description
_APART: Final = 1.35  # times: a strip that is so much wider than the others parts two rows
_PAGE_BREAK: Final = 10_000.0  # points
_SAID: Final = 0.5  # of the letters of a segment that are the label of a sum
_AFTER: Final = (
    "payment_terms", "payment_method", "due_date", "iban", "bic", "bank", "email", "phone", "fax", "vat_id",
)  # fmt: skip
_BOXES: Final = 3  # labels
_NUMBERED: Final = re.compile(rf"\d{{1,3}}(?:\.\d{{1,3}})*\.?(?={GAP}|$)")
_RULE: Final = re.compile(r"[-=_.*~\s]{4,}")


class Body(msgspec.Struct, frozen=True, eq=False):
    """The items of a table: per item its anchor (the line with the amount), and all of its lines."""

    table: Table
    parts: Parts
    anchors: tuple[int, ...]
    """Positions of strips."""
    members: tuple[tuple[int, ...], ...]
    """Per anchor the positions of all its strips, itself among them, top to bottom."""


def find_body(table: Table, found: Scan) -> Body:
    """Tell the items of a table from what stands between and under them."""
    likely = [strip for strip in table.strips if _is_likely_row(strip, table)]
    if not likely:
        likely = [strip for strip in table.strips if strip.cells and not _is_sum(strip, found, full=False)]
    parts = choose_parts(table, likely)
    anchors, end = _anchors(table, parts, found)
    members = _members(table, parts, anchors, end, found)
    return Body(table, parts, tuple(anchors), members)


def _is_likely_row(strip: Strip, table: Table) -> bool:
    """Whether a line has numbers in two columns of a priced thing."""
    valued = [
        at for at in strip.cells if not table.columns[at].kinds or table.columns[at].may_be(*PRICES, *AMOUNTS)
    ]
    counted = [at for at in strip.cells if table.columns[at].may_be(Kind.QUANTITY)]
    return len(valued) > 1 or bool(valued and counted)


def _anchors(table: Table, parts: Parts, found: Scan) -> tuple[list[int], int]:
    """Positions of the strips that are items, and of the first strip that is none of the table any more."""
    anchors: list[int] = []
    end = len(table.strips)
    total = Decimal(0)
    for at, strip in enumerate(table.strips):
        value = check_row(strip.cells, parts, strip.shares)
        full = value.holds or _is_full(strip.cells, parts) or _is_told(strip, parts)
        if anchors and not strip.cells and (_is_of_payment(strip, found) or _heads_boxes(strip, found)):
            end = min(end, at)
        if (
            _is_sum(strip, found, full=full)
            or (anchors and not full and _is_running_sum(strip, total))
            or (
                len(anchors) > 1
                and not value.holds
                and value.amount == total
                and _begins_as_sum(strip, found)
            )
        ):
            end = min(end, at)
            continue
        if end <= at and not (
            value.holds and anchors and set(strip.cells) >= set(table.strips[anchors[0]].cells)
        ):
            continue
        if _is_item(strip, table, parts, anchors, full=full):
            anchors.append(at)
            total += value.amount or 0
            end = len(table.strips)
    return anchors, end


def _is_of_payment(strip: Strip, found: Scan) -> bool:
    """Whether the line begins with a label of how, where or when to pay, or of whom to ask."""
    labels = found.labels[strip.line.number]
    return any(label.start == 0 and label.closes and label.means(*_AFTER) for label in labels)


def _heads_boxes(strip: Strip, found: Scan) -> bool:
    """Whether the line is of labels side by side, those of the boxes below a table."""
    return sum(label.leads for label in found.labels[strip.line.number]) >= _BOXES


def _is_full(cells: Mapping[int, Cell], parts: Parts) -> bool:
    """Whether the line has a price or a quantity beside its amount."""
    return parts.amount in cells and (parts.price in cells or parts.quantity in cells)


def _is_told(strip: Strip, parts: Parts) -> bool:
    """Whether words on the line tell the quantity and the price that make its amount."""
    amount = strip.cells.get(parts.amount) if parts.amount is not None else None
    return amount is not None and factors_of((strip.line,), amount) is not None


def _is_sum(strip: Strip, found: Scan, *, full: bool) -> bool:
    """Whether the line is one of the document's sums, by a label that makes up most of a segment."""
    named = [label for label in found.labels[strip.line.number] if label.means(*_SUMS)]
    if not (strip.cells or found.amounts[strip.line.number]):
        return sum(label.leads for label in named) > 1  # the heads of sums that stand below
    if full:
        return False
    return any(_is_most_of_segment(label, named, strip) for label in named if label.leads)


def _begins_as_sum(strip: Strip, found: Scan) -> bool:
    """Whether a line begins as sums do, whatever it goes on with: `TOTAL FOB SHENZHEN`."""
    return any(label.leads and label.means(*_SUMS) for label in found.labels[strip.line.number])


def _is_most_of_segment(first: Label, named: Sequence[Label], strip: Strip) -> bool:
    start, end = strip.line.segment_at(first.start)
    said = sum(label.end - label.start for label in named if start <= label.start < end)
    return said >= _SAID * sum(map(str.isalpha, strip.line.text[start:end]))


def _is_running_sum(strip: Strip, total: Decimal) -> bool:
    """Whether the only amount of a line is the sum of the items above it."""
    return len(strip.cells) == 1 and any(
        abs(reading - total) <= CENT for cell in strip.cells.values() for reading in cell.readings
    )


def _is_item(strip: Strip, table: Table, parts: Parts, anchors: Sequence[int], *, full: bool) -> bool:
    value = parts.amount if parts.amount is not None else parts.price
    if value not in strip.cells or not (full or strip.texts):
        return False
    if full or not anchors:
        return True
    if parts.quantity is None and parts.price is None and _begins_under_head(strip, table):
        return True
    first = table.strips[anchors[0]]
    return _starts_like(strip, first) or (len(strip.cells) > 1 and set(strip.cells) == set(first.cells))


def _begins_under_head(strip: Strip, table: Table) -> bool:
    """Whether the text begins where the head of the descriptions does."""
    at = next(iter(table.of(Kind.DESCRIPTION)), None)
    if at is None or not strip.texts:
        return False
    return abs(strip.text_box(strip.texts[0]).x0 - table.columns[at].x0) < _height(strip) / 2


def _starts_like(strip: Strip, first: Strip) -> bool:
    """Whether the text begins where that of the first item does."""
    height = strip.line.box.bottom - strip.line.box.top
    left = strip.text_box(strip.texts[0]).x0
    return any(abs(first.text_box(span).x0 - left) < height / 2 for span in first.texts)


def _members(
    table: Table, parts: Parts, anchors: Sequence[int], end: int, found: Scan
) -> tuple[tuple[int, ...], ...]:
    """The lines of each item."""
    groups: list[list[int]] = [[at] for at in anchors]
    above = _reads_downwards(table, parts, anchors, found)
    for index, at in enumerate(anchors):
        if index == 0:
            groups[0][:0] = _above(table, range(at), found) if above else []
        last = index + 1 == len(anchors)
        following = end if last else anchors[index + 1]
        between = [
            position
            for position in range(at + 1, max(following, at + 1))
            if _continues(table.strips[position], table, found)
            and parts.amount not in table.strips[position].cells
        ]
        cut = _cut(table, at, between, None if last else following, above=above)
        groups[index].extend(between[:cut])
        if not last:
            groups[index + 1][:0] = between[cut:]
    return tuple(
        tuple(sorted(_without_titles(table, at, group))) for at, group in zip(anchors, groups, strict=True)
    )


def _without_titles(table: Table, anchor: int, group: Sequence[int]) -> Iterator[int]:
    """The lines of an item but for those with a position of their own: titles of parts, `2  Attic`."""
    own = _is_numbered(table.strips[anchor], table)
    for at in group:
        if at == anchor or not (own and _is_numbered(table.strips[at], table)):
            yield at


def _is_numbered(strip: Strip, table: Table) -> bool:
    """Whether a line begins with a number where the positions stand."""
    number = _NUMBERED.match(strip.line.text)
    left = strip.line.box_of(*number.span()).x0 if number else 0.0
    columns = [table.columns[at] for at in table.of(Kind.POSITION)]
    return number is not None and any(column.x0 - 1 <= left <= column.x1 for column in columns)


def _reads_downwards(table: Table, parts: Parts, anchors: Sequence[int], found: Scan) -> bool:
    """Whether descriptions begin above the line with the amount."""
    if not anchors or not anchors[0]:
        return False
    first = table.strips[anchors[0]]
    if not _describes(first, table) or _is_told(first, parts):
        return True
    above = _above(table, range(anchors[0]), found)
    if above and _goes_on(table.strips[above[-1]], table.strips[anchors[0]]):
        return True
    spaced = len(anchors) > 1 and anchors[1] - anchors[0] > 1
    return bool(above) and spaced and not _tight_below(table, anchors, found)


def _goes_on(upper: Strip, lower: Strip) -> bool:
    """Whether a text is plainly unfinished on one line and goes on on the next."""
    words = lower.line.text[slice(*lower.texts[0])] if lower.texts else ""
    return upper.line.text.rstrip().endswith((",", "-", "/", "&")) or words[:1].islower()


def _tight_below(table: Table, anchors: Sequence[int], found: Scan) -> bool:
    """Whether a line under the first item stands nearer to it than the line above does."""
    first = anchors[0]
    if not _continues(table.strips[first + 1], table, found):
        return False
    return _gap(table.strips[first], table.strips[first + 1]) <= _gap(
        table.strips[first - 1], table.strips[first]
    )


def _describes(strip: Strip, table: Table) -> bool:
    """Whether the line itself has words where descriptions stand."""
    zone = description_zone(table)
    return any(
        zone[0] <= strip.text_box(span).x0 < zone[1]
        and any(map(str.isalpha, strip.line.text[span[0] : span[1]]))
        for span in strip.texts
    )


def description_zone(table: Table) -> tuple[float, float]:
    """Where descriptions begin, from left to right: after the columns before them, up to the next head."""
    at = next(iter(table.of(Kind.DESCRIPTION)), None)
    if at is None:
        unknown = [i for i, column in enumerate(table.columns) if not column.kinds]
        at = unknown[0] if unknown else 0
    column = table.columns[at]
    left = table.columns[at - 1].x1 if at else 0.0
    right = table.columns[at + 1].x0 if at + 1 < len(table.columns) else float("inf")
    return min(left, column.x0), max(right, column.x1)


def _above(table: Table, positions: range, found: Scan) -> list[int]:
    """The lines right over the first item that are part of it."""
    kept: list[int] = []
    for at in reversed(positions):
        strip, below = table.strips[at], table.strips[at + 1]
        if not _continues(strip, table, found) or _gap(strip, below) > _FAR * _height(strip):
            break
        kept.insert(0, at)
    return kept


def _continues(strip: Strip, table: Table, found: Scan) -> bool:
    """Whether a line without an amount can be part of a description."""
    if not strip.texts or _RULE.fullmatch(strip.line.text) or _is_sum(strip, found, full=False):
        return False
    if any(label.means("carry") and label.leads for label in found.labels[strip.line.number]):
        return False
    left, right = description_zone(table)
    left -= _height(strip)  # a head may stand a little to the right of its column
    return any(left <= strip.text_box(span).x0 < right for span in strip.texts)


def _cut(table: Table, anchor: int, between: Sequence[int], following: int | None, *, above: bool) -> int:
    """How many of the lines between two items belong to the upper one."""
    chain = [anchor, *between, *([following] if following is not None else [])]
    gaps = [_gap(table.strips[a], table.strips[b]) for a, b in pairwise(chain)]
    height = _height(table.strips[anchor])
    if following is None:
        far = next((index for index, gap in enumerate(gaps) if gap > _FAR * height), len(between))
        return min(far, len(between))
    if not between:
        return 0
    widest = max(range(len(gaps)), key=lambda index: gaps[index])
    rest = [gap for index, gap in enumerate(gaps) if index != widest]
    if gaps[widest] > _APART * max(*rest, 0.0) + 1:
        return widest
    return 0 if above else len(between)


def _gap(upper: Strip, lower: Strip) -> float:
    """Points of empty paper between two lines; a page break is the widest gap."""
    if upper.line.page != lower.line.page:
        return _PAGE_BREAK
    return lower.line.box.top - upper.line.box.bottom


def _height(strip: Strip) -> float:
    return max(strip.line.box.bottom - strip.line.box.top, 1.0)
