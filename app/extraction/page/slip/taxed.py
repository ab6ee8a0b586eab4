"""Net and tax of a till slip: from its table of taxes, from lines that add up, or from one tax included.

The subtotal of most tills is a price with tax. It is called a net only where the tax makes the total of it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations, product
from typing import Final

import msgspec

from app.extraction.page.slip.entries import Entry, entries
from app.extraction.page.slip.paid import paid
from app.extraction.page.sums.cast import Sum, Totals, rate_of
from app.extraction.page.sums.roles import rates
from app.extraction.page.text.amounts import AmountHit
from app.extraction.page.text.lines import Place, TextLine
from app.extraction.page.text.scan import Scan, Target
from app.model.money import CENT, HUNDRED, ZERO

_HIGHEST: Final = 30
"""Percent: no tax on what tills sell is higher."""
_SLACK: Final = Decimal("0.05")
"""What rounding cash, or each line of the table, may take from the total."""
_CLEAR: Final = 1.0
_TABLED: Final = 0.8  # strength of a sum of the table that no line names
_FEW: Final = 6
"""Numbers on a line beyond which it is no line of taxes."""


class TaxRow(msgspec.Struct, frozen=True, eq=False):
    """A line of the table of taxes."""

    line: TextLine
    rate: Decimal
    base: Decimal
    tax: Decimal
    base_place: Place | None
    """`None` where the line gives the price with tax."""
    tax_place: Place


def slip_totals(found: Scan) -> Totals | None:
    """The sums of a till slip; `None` where no total is to be known."""
    total = paid(found)
    if total is None:
        return None
    lines = entries(found)
    known = Totals(total=total, score=_CLEAR, margin=_CLEAR)
    return (
        _of_table(known, total, lines, found)
        or _of_lines(known, total, lines, found)
        or _included(known, total, lines, found)
    )


def tax_rows(found: Scan) -> list[TaxRow]:
    """The lines on which one number is the printed percentage of another, and that of a third."""
    rows: list[TaxRow] = []
    for line in found.lines:
        row = next(_rows_of(line, found), None)
        if row and not any((row.rate, row.base, row.tax) == (own.rate, own.base, own.tax) for own in rows):
            rows.append(row)
    return rows


def _rows_of(line: TextLine, found: Scan) -> Iterator[TaxRow]:
    shares = [(hit.value, hit.start) for hit in found.percents[line.number]]
    numbers = found.amounts[line.number]
    if len(numbers) + len(shares) > _FEW:
        return
    shares += [(hit.readings[0], hit.start) for hit in numbers if hit.currency is None]
    money = [hit for hit in numbers if hit.money]
    for (rate, at), (first, second) in product(shares, permutations(money, 2)):
        if 0 < rate <= _HIGHEST and at not in {first.start, second.start}:
            row = _row(line, rate, first, second)
            if row:
                yield row


def _row(line: TextLine, rate: Decimal, first: AmountHit, second: AmountHit) -> TaxRow | None:
    amount, tax = first.readings[0], second.readings[0]
    if not ZERO < tax < amount:
        return None
    place, tax_place = line.place(first.start, first.end), line.place(second.start, second.end)
    if abs(amount * rate / HUNDRED - tax) <= CENT:
        return TaxRow(line, rate, amount, tax, place, tax_place)
    if abs(amount * rate / (HUNDRED + rate) - tax) <= CENT:
        return TaxRow(line, rate, amount - tax, tax, None, tax_place)
    return None


def _of_table(known: Totals, total: Sum, lines: Sequence[Entry], found: Scan) -> Totals | None:
    """Where the table's bases and taxes make the total, with what bears no tax."""
    rows = tax_rows(found)
    if not rows:
        return None
    net, tax = (sum((getattr(row, side) for row in rows), ZERO) for side in ("base", "tax"))
    free = {ZERO, *_untaxed(rows, found)}
    if not any(abs(net + other + tax - total.value) <= _SLACK for other in free):
        return None
    net = min((net + other for other in free), key=lambda value: abs(value + tax - total.value))
    single = rows[0] if len(rows) == 1 else None
    closed = msgspec.structs.replace(
        known,
        net=_named(net, lines, "net") or Sum(net, single.base_place if single else None, _TABLED),
        tax=_named(tax, lines, "tax") or Sum(tax, single.tax_place if single else None, _TABLED),
        closed=True,
        taxes_close=True,
        rate_closed=single is not None,
    )
    return _with_rate(_with_rounding(closed, total, net + tax, lines), found)


def _untaxed(rows: Sequence[TaxRow], found: Scan) -> Iterator[Decimal]:
    """Amounts beside a zero under the table's lines: what was sold free of tax."""
    last = max(row.line.number for row in rows)
    first = min(row.line.number for row in rows)
    for number in range(max(first - 2, 0), min(last + 3, len(found.lines))):
        values = [hit.readings[0] for hit in found.amounts[number] if hit.money]
        if ZERO in values:
            yield from (value for value in values if value > 0)


def _named(value: Decimal, lines: Sequence[Entry], kind: str) -> Sum | None:
    return next(
        (
            Sum(value, entry.place, entry.weight)
            for entry in lines
            if entry.says(kind) and entry.value == value
        ),
        None,
    )


def _of_lines(known: Totals, total: Sum, lines: Sequence[Entry], found: Scan) -> Totals | None:
    """Where a line called net, the lines of tax, and a charge for service make the total."""
    nets = [entry for entry in lines if entry.says("net") and ZERO < entry.value < total.value]
    for net, taxes, charge in product(nets, _taxes(lines), [None, *_of(lines, "charge")]):
        tax = sum((entry.value for entry in taxes), ZERO)
        base = net.value + (charge.value if charge else ZERO)
        if abs(base + tax - total.value) > _allowed(lines):
            continue
        closed = msgspec.structs.replace(
            known,
            net=Sum(base, None if charge else net.place, net.weight),
            tax=Sum(tax, taxes[0].place if len(taxes) == 1 else None, taxes[0].weight),
            closed=True,
        )
        return _with_rate(_with_rounding(closed, total, base + tax, lines), found)
    return None


def _taxes(lines: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
    named = [entry for entry in _of(lines, "tax") if entry.value > 0]
    yield from ((entry,) for entry in named)
    if len(named) > 1:
        yield tuple(named)


def _of(lines: Sequence[Entry], kind: str) -> list[Entry]:
    return [entry for entry in lines if entry.says(kind)]


def _allowed(lines: Sequence[Entry]) -> Decimal:
    """How far the parts may miss the total: by a rounding that is printed."""
    roundings = [abs(entry.value) for entry in _of(lines, "rounding") if abs(entry.value) < 1]
    return max(roundings, default=ZERO)


def _included(known: Totals, total: Sum, lines: Sequence[Entry], found: Scan) -> Totals:
    """Where the total holds one tax that is a printed percentage of it, or a tax is all that is named."""
    for row in tax_rows(found):
        if abs(row.base + row.tax - total.value) <= _SLACK:
            return _with_rate(msgspec.structs.replace(known, tax=Sum(row.tax, row.tax_place, _TABLED)), found)
    taxes = {entry.value: entry for entry in _of(lines, "tax") if ZERO < entry.value < total.value / 2}
    shares = [rate for rate in rates(found) if 0 < rate <= _HIGHEST]
    for value, entry in taxes.items():
        if any(abs(total.value * rate / (HUNDRED + rate) - value) <= CENT for rate in shares):
            return msgspec.structs.replace(known, tax=Sum(value, entry.place, entry.weight), rate_closed=True)
    if len(taxes) == 1 and not tax_rows(found):
        value, entry = next(iter(taxes.items()))
        return msgspec.structs.replace(known, tax=Sum(value, entry.place, entry.weight))
    return known


def _with_rounding(closed: Totals, total: Sum, exact: Decimal, lines: Sequence[Entry]) -> Totals:
    """The rounding with its sign, where one is printed."""
    off = total.value - exact
    entry = next((entry for entry in _of(lines, "rounding") if off and abs(entry.value) == abs(off)), None)
    return msgspec.structs.replace(closed, rounding=Sum(off, entry.place, entry.weight)) if entry else closed


def _with_rate(closed: Totals, found: Scan) -> Totals:
    """The one rate by which the tax follows from the net."""
    known: dict[Decimal, Target] = rates(found)
    net, tax = (part.value if part else ZERO for part in (closed.net, closed.tax))
    rate = rate_of(net, tax, known) if net and tax else None
    if rate is None:
        return closed
    target = known[rate]
    place = target.line.place(target.start, target.end)
    return msgspec.structs.replace(closed, rate=rate, rate_place=place, rate_closed=True)
