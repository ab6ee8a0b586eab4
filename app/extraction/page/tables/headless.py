"""Items that stand under no head: told by their own arithmetic, or by adding up to the sum below them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import Final

import msgspec

from app.extraction.page.tables.cells import Cell, amounts_on
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan
from app.model.money import CENT, HUNDRED

_SUMS: Final = ("net", "total", "due", "tax")
_TIMES: Final = re.compile(r"[x×*@]|\ba\b|\bje\b|\bà\b")
_COUNTED: Final = re.compile(r" ?[x×*] (?=\S)")
_FEW: Final = 3  # words that name a sum
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_FILLING: Final = re.compile(r"[\W_]*")
_UNIT: Final = re.compile(r"\s*([^\W\d_]{1,8}\.?)\s+(?=\S)")
_EDGE: Final = 3.0  # points that the right edges of amounts of one list differ
_LEADING: Final = 1.5  # line heights between the lines of one item
_FAR: Final = 60.0  # points
_APART: Final = 8  # lines between two items of a list at most


class Item(msgspec.Struct, frozen=True, eq=False):
    """An item without a table."""

    lines: tuple[tuple[TextLine, int, int], ...]
    """Lines of its description, with the span that is it."""
    amount: Cell
    quantity: Cell | None = None
    price: Cell | None = None
    unit: tuple[int, int] | None = None
    """Where it stands on the line of the amount."""
    holds: bool = False
    under: tuple[TextLine, ...] = ()
    """Lines of small print up to the next item."""


def find_items(found: Scan, known: set[Decimal]) -> list[Item]:
    """Lines of quantity x price = amount; else a list of amounts right above their sum."""
    multiplied = [item for line in found.lines if (item := _multiplied(line, found)) is not None]
    whole = _with_priced(multiplied, found)
    if len(whole) > len(multiplied) and _adds_up(whole, known):
        multiplied = whole
    if multiplied and (len(multiplied) > 1 or _adds_up(multiplied, known)):
        return [_wrapped(item, multiplied, found) for item in multiplied if item.lines]
    return next((items for items in _lists(found, known) if items), [])


def _adds_up(items: Sequence[Item], known: set[Decimal]) -> bool:
    added = abs(sum((item.amount.readings[0] for item in items), Decimal(0)))
    return any(abs(value - added) <= CENT for value in known)


def _multiplied(line: TextLine, found: Scan) -> Item | None:
    """The item of a line such as `3 x 12,00   36,00`, or `3 hours of work   12,00   36,00`."""
    cells = amounts_on(line, found)
    if len(cells) < 3 or not cells[-1].money or not cells[-2].money:  # noqa: PLR2004 - quantity, price, amount
        return None
    *counts, price, amount = cells
    shares = [hit.value for hit in found.percents[line.number] if price.end <= hit.start < amount.start]
    holding = [count for count in counts if _holds(count, price, amount, shares)]
    if _TIMES.search(line.folded, counts[-1].end, price.start):
        quantity, holds = counts[-1], counts[-1] in holding
    elif holding:
        quantity, holds = holding[0], True
    else:
        return None
    lines = tuple(_described(line, quantity, price, found))
    unit = _unit(line, quantity)
    led = unit is not None and bool(lines) and lines[-1][:2] == (line, unit[1])
    return Item(lines, amount, quantity, price, unit if led else None, holds)


def _holds(quantity: Cell, price: Cell, amount: Cell, shares: Sequence[Decimal]) -> bool:
    """Whether the product is the amount, less a percentage that stands between the two."""
    return any(
        abs(q * p * (HUNDRED - abs(share)) / HUNDRED - a) <= CENT
        for q, p, a in product(quantity.readings, price.readings, amount.readings)
        for share in (Decimal(0), *shares)
    )


def _described(
    line: TextLine, quantity: Cell, price: Cell, found: Scan
) -> Iterator[tuple[TextLine, int, int]]:
    """The words of an item: before its quantity, between it and the price, or right above."""
    if _LETTERS.search(line.text, 0, quantity.start):
        yield line, 0, quantity.start
    elif _FILLING.fullmatch(line.text, 0, quantity.start) and _LETTERS.search(
        line.text, start := (_unit(line, quantity) or (0, quantity.end))[1], end := line.segment_at(start)[1]
    ):
        yield line, start, min(end, price.start)
    else:
        yield from _above(line, found)


def _unit(line: TextLine, quantity: Cell) -> tuple[int, int] | None:
    """A short word right behind a quantity that more words follow in its segment."""
    unit = _UNIT.match(line.text, quantity.end, line.segment_at(quantity.start)[1])
    return unit.span(1) if unit else None


def _above(line: TextLine, found: Scan) -> list[tuple[TextLine, int, int]]:
    """The lines of text right over a line of numbers."""
    kept: list[tuple[TextLine, int, int]] = []
    below = line
    for number in range(line.number - 1, -1, -1):
        upper = found.lines[number]
        if not _follows(below, upper) or any(hit.money for hit in found.amounts[number]):
            break
        kept.insert(0, (upper, 0, len(upper.text)))
        below = upper
    return kept


def _follows(lower: TextLine, upper: TextLine) -> bool:
    """Whether a line stands right under another."""
    height = lower.box.bottom - lower.box.top
    return upper.page == lower.page and lower.box.top - upper.box.bottom < (_LEADING - 1) * height


def _wrapped(item: Item, items: Sequence[Item], found: Scan) -> Item:
    """The item with the lines of words under it that begin where its own do."""
    line, start, _ = item.lines[-1]
    if line.number != item.amount.line.number:
        return item
    lefts = [seg.box.x0 for seg in found.segs[line.number]] + [line.box_of(start, len(line.text)).x0]
    taken = {other.amount.line.number for other in items}
    lines = list(item.lines)
    for lower in found.lines[line.number + 1 :]:
        aligned = any(abs(lower.box.x0 - left) <= _EDGE for left in lefts)
        labelled = any(label.leads and label.closes for label in found.labels[lower.number])
        money = any(hit.money for hit in found.amounts[lower.number])
        worded = aligned and not labelled and not money and _LETTERS.search(lower.text)
        if lower.number in taken or not worded or not _follows(lower, lines[-1][0]):
            break
        lines.append((lower, 0, len(lower.text)))
    return msgspec.structs.replace(item, lines=tuple(lines))


def _with_priced(items: Sequence[Item], found: Scan) -> list[Item]:
    """The items with what stands between them and the first sum, and has an amount at their right edge."""
    if not items:
        return []
    edge, known = items[0].amount.box.x1, {item.amount.line.number: item for item in items}
    whole: list[Item] = []
    for line in found.lines[items[0].amount.line.number :]:
        if (item := known.get(line.number)) is not None:
            whole.append(item)
            continue
        if any(label.leads and label.means(*_SUMS) for label in found.labels[line.number]):
            break
        cells = [cell for cell in amounts_on(line, found) if cell.money]
        if cells and abs(cells[-1].box.x1 - edge) <= _EDGE and _LETTERS.search(line.text, 0, cells[0].start):
            whole.append(Item(((line, 0, cells[0].start),), cells[-1]))
    return whole


def _lists(found: Scan, known: set[Decimal]) -> Iterator[list[Item]]:
    """Runs of lines that end with an amount at one edge, of which the last, or one known, is their sum."""
    run: list[tuple[TextLine, Cell]] = []
    summed = False
    for line in found.lines:
        entry = _entry(line, found)
        if entry is None or (run and _is_inside(entry[1], run[-1])):
            continue
        labelled = _is_sum(line, found)
        if run and (run[-1][0].page != line.page or abs(run[-1][1].box.x1 - entry[1].box.x1) > _EDGE):
            run = run if labelled and run[-1][0].page == line.page else []
        if labelled:
            yield _list_above(entry[1].readings[0], run, found)
            yield from (_list_above(value, run, found) for value in sorted(known) if not summed)
            summed = True
        else:
            run, summed = [*(() if summed else run), entry], False


def _is_sum(line: TextLine, found: Scan) -> bool:
    """Whether a line names a sum: `Total`, or in few words `Prezzo totale`."""
    few = len(line.text[: line.segment_at(0)[1]].split()) <= _FEW
    return any(
        (label.leads or (few and label.closes)) and label.means(*_SUMS) for label in found.labels[line.number]
    )


def _entry(line: TextLine, found: Scan) -> tuple[TextLine, Cell] | None:
    cells = [
        cell
        for cell in amounts_on(line, found)
        if cell.money and not (cell.start == 0 and _COUNTED.match(line.folded, cell.end))
    ]
    named = len(cells) == 1 and _LETTERS.search(line.text, 0, cells[0].start)
    return (line, cells[-1]) if named else None


def _is_inside(amount: Cell, last: tuple[TextLine, Cell]) -> bool:
    """Whether an amount stands among the words under an item, far from the edge of the amounts."""
    line, own = last
    return line.page == amount.line.page and amount.box.x1 < own.box.x0 - _FAR


def _list_above(total: Decimal, run: Sequence[tuple[TextLine, Cell]], found: Scan) -> list[Item]:
    """The longest end of the run that adds up to the sum."""
    for start in range(len(run)):
        part = run[start:]
        if abs(sum((cell.readings[0] for _, cell in part), Decimal(0)) - total) <= CENT and _are_near(part):
            ends = [line.number for line, _ in part[1:]] + [part[-1][0].number + _APART]
            return [
                _counted(
                    Item(((line, 0, cell.start),), cell, under=found.lines[line.number + 1 : end]), found
                )
                for (line, cell), end in zip(part, ends, strict=True)
            ]
    return []


def _counted(item: Item, found: Scan) -> Item:
    """The item with the quantity that begins its line: `2 × Ticket to Naples`."""
    line, start, end = item.lines[0]
    count = next((cell for cell in amounts_on(line, found) if cell.start == start), None)
    times = _COUNTED.match(line.folded, count.end, end) if count else None
    if count is None or times is None:
        return item
    return msgspec.structs.replace(item, lines=((line, times.end(), end),), quantity=count)


def _are_near(part: Sequence[tuple[TextLine, Cell]]) -> bool:
    """Whether the lines follow each other, with a few lines of text between at most."""
    return all(lower.number - upper.number <= _APART for (upper, _), (lower, _) in pairwise(part))
