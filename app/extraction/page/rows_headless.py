"""Items that stand under no head: told by their own arithmetic, or by adding up to the sum below them."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

import msgspec

from app.extraction.page.scan import Scan
from app.extraction.page.tables import Cell
from app.extraction.page.text import TextLine
from app.model.money import CENT

_SUMS: Final = ("net", "total", "due", "tax")
_TIMES: Final = re.compile(r"[x×*@]|\ba\b|\bje\b|\bà\b")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_EDGE: Final = 3.0  # points that the right edges of amounts of one list differ
_LEADING: Final = 1.5  # line heights between the lines of one item


class Item(msgspec.Struct, frozen=True, eq=False):
    """An item without a table."""

    lines: tuple[tuple[TextLine, int, int], ...]
    """Lines of its description, with the span that is it."""
    amount: Cell
    quantity: Cell | None = None
    price: Cell | None = None
    holds: bool = False


def find_items(found: Scan, known: set[Decimal]) -> list[Item]:
    """Lines of quantity x price = amount; else a list of amounts right above their sum."""
    multiplied = [item for line in found.lines for item in _multiplied(line, found)]
    if multiplied and (len(multiplied) > 1 or _adds_up(multiplied, known)):
        return [item for item in multiplied if item.lines]
    return next((items for items in _lists(found) if items), [])


def _adds_up(items: Sequence[Item], known: set[Decimal]) -> bool:
    added = abs(sum((item.amount.readings[0] for item in items), Decimal(0)))
    return any(abs(value - added) <= CENT for value in known)


def _cells(line: TextLine, found: Scan) -> list[Cell]:
    return [
        Cell(line, hit.start, hit.end, line.box_of(hit.start, hit.end), hit.readings, money=hit.money)
        for hit in found.amounts[line.number]
    ]


def _multiplied(line: TextLine, found: Scan) -> Iterator[Item]:
    """The item of a line such as `3 x 12,00   36,00`."""
    cells = _cells(line, found)
    if len(cells) < 3 or not cells[-1].money or not cells[-2].money:  # noqa: PLR2004 - quantity, price, amount
        return
    quantity, price, amount = cells[-3:]
    if not _TIMES.search(line.folded, quantity.end, price.start):
        return
    holds = any(
        abs(q * p - a) <= CENT for q in quantity.readings for p in price.readings for a in amount.readings
    )
    if _LETTERS.search(line.text, 0, quantity.start):
        described: tuple[tuple[TextLine, int, int], ...] = ((line, 0, quantity.start),)
    else:
        described = tuple(_above(line, found))
    yield Item(described, amount, quantity, price, holds)


def _above(line: TextLine, found: Scan) -> list[tuple[TextLine, int, int]]:
    """The lines of text right over a line of numbers."""
    kept: list[tuple[TextLine, int, int]] = []
    below = line
    for number in range(line.number - 1, -1, -1):
        upper = found.lines[number]
        near = below.box.top - upper.box.bottom < (_LEADING - 1) * (below.box.bottom - below.box.top)
        if upper.page != line.page or not near or any(hit.money for hit in found.amounts[number]):
            break
        kept.insert(0, (upper, 0, len(upper.text)))
        below = upper
    return kept


def _lists(found: Scan) -> Iterator[list[Item]]:
    """Runs of lines that end with an amount at the same right edge, of which the last is their sum."""
    run: list[tuple[TextLine, Cell]] = []
    for line in found.lines:
        cells = [cell for cell in _cells(line, found) if cell.money]
        entry = (
            (line, cells[-1]) if len(cells) == 1 and _LETTERS.search(line.text, 0, cells[0].start) else None
        )
        if entry is None:
            continue
        if run and (run[-1][0].page != line.page or abs(run[-1][1].box.x1 - entry[1].box.x1) > _EDGE):
            run = []
        labelled = any(label.leads and label.means(*_SUMS) for label in found.labels[line.number])
        if labelled:
            yield _list_above(entry[1], run)
            run = []
        else:
            run.append(entry)


def _list_above(total: Cell, run: Sequence[tuple[TextLine, Cell]]) -> list[Item]:
    """The longest end of the run that adds up to the sum."""
    for start in range(len(run)):
        part = run[start:]
        if abs(sum((cell.readings[0] for _, cell in part), Decimal(0)) - total.readings[0]) <= CENT:
            return [Item(((line, 0, cell.start),), cell) for line, cell in part if _are_near(part)]
    return []


def _are_near(part: Sequence[tuple[TextLine, Cell]]) -> bool:
    """Whether the lines follow each other, with a few lines of text between at most."""
    return all(lower.number - upper.number <= 8 for (upper, _), (lower, _) in pairwise(part))  # noqa: PLR2004
