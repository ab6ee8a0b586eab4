"""The items of an invoice: from tables with a head, by what the columns say and what the numbers prove.

    found = scan(pages)
    rows = find_rows(found, find_tables(found), net=totals.net.value if totals.net else None)
    for index, row in enumerate(rows.rows):
        for field, value in row.values.items():   # "description", "quantity", "unit_price", "amount" ...
            findings.add(f"line_items[{index}].{field}", value.value, value.place, value.confidence)

`rows.lines` are the numbers of the lines that the items take up, so that nothing else is read there.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.tables.arithmetic import Product, check_row
from app.extraction.page.tables.body import Body, description_zone, find_body
from app.extraction.page.tables.cells import Strip
from app.extraction.page.tables.factors import Factors, factors_of
from app.extraction.page.tables.lexicon import Kind
from app.extraction.page.tables.row import (
    CONTRADICTED,
    PROVED,
    READ,
    SUMMED,
    WORDS,
    Row,
    RowsFound,
    RowValue,
    joined,
)
from app.extraction.page.tables.table import Table
from app.extraction.page.tables.untabled import rows_without_tables, told_values
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan
from app.model.evidence import Box
from app.model.money import CENT, HUNDRED

_SAME_EDGE: Final = 2.0  # points
_WORD: Final = re.compile(r"\S+")
_NAMED_TEXTS: Final = frozenset({Kind.UNIT, Kind.CODE, Kind.POSITION, Kind.DATE, Kind.OTHER})


def find_rows(
    found: Scan, tables: Sequence[Table], net: Decimal | None = None, total: Decimal | None = None
) -> RowsFound:
    """Read the items; sums of the document that they add up to make each of them surer."""
    bodies = [find_body(table, found) for table in tables if table.lists_items]
    bodies = _of_goods([body for body in bodies if body.anchors])
    if not bodies:
        sums = {abs(value) for value in (net, total) if value is not None}
        return rows_without_tables(found, sums or _outside(found, []))
    known = _outside(found, bodies) | {abs(value) for value in (net, total) if value is not None}
    bodies = _billed(bodies, {abs(value) for value in (net, total) if value is not None} or known)
    rows = _priced_as_a_whole([row for body in bodies for row in _rows(body)], known)
    if rows and not _adds_up(rows, known):
        proved = [row for row in rows if row.holds]
        if proved and _adds_up(proved, known):
            rows = proved
    if rows and _adds_up(rows, known):
        rows = [_surer(row) for row in rows]
    return RowsFound(tuple(rows), frozenset(number for body in bodies for number in _line_numbers(body)))


def _priced_as_a_whole(rows: Sequence[Row], known: set[Decimal]) -> list[Row]:
    """The rows with their prices as amounts, where only prices are printed and they make the sum as they are.

    The price of a row that counts more than one thing is then that of all of them, and of none.
    """
    prices = [row.values.get("unit_price") for row in rows]
    if any("amount" in row.values for row in rows) or not all(prices):
        return list(rows)
    whole = [
        Row(
            {name: value for name, value in row.values.items() if name != "unit_price" or _is_single(row)}
            | {"amount": row.values["unit_price"]},
            row.holds,
        )
        for row in rows
    ]
    return whole if _adds_up(whole, known) else list(rows)


def _is_single(row: Row) -> bool:
    quantity = row.values.get("quantity")
    return quantity is None or quantity.value == 1


def _billed(bodies: Sequence[Body], known: set[Decimal]) -> list[Body]:
    """Of tables with different heads the ones that make the sum, where only those do: others explain them."""
    groups: dict[tuple[str, ...], list[Body]] = {}
    for body in bodies:
        groups.setdefault(tuple(column.text for column in body.table.columns), []).append(body)
    if len(groups) > 1 and not _adds_up([row for body in bodies for row in _rows(body)], known):
        for group in groups.values():
            if _adds_up([row for body in group for row in _rows(body)], known):
                return group
    return list(bodies)


def _outside(found: Scan, bodies: Sequence[Body]) -> set[Decimal]:
    """Amounts that stand outside the items: one of them may be their sum."""
    inside = {number for body in bodies for number in _line_numbers(body)}
    return {
        abs(hit.readings[0])
        for number, hits in enumerate(found.amounts)
        if number not in inside
        for hit in hits
        if hit.money
    }


def _of_goods(bodies: Sequence[Body]) -> list[Body]:
    """The tables that list things with a price or a quantity, where there are any."""
    priced = [body for body in bodies if body.parts.price is not None or body.parts.quantity is not None]
    return priced or list(bodies)


def _adds_up(rows: Sequence[Row], known: set[Decimal]) -> bool:
    added = abs(sum((row.amount for row in rows), Decimal(0)))
    return any(abs(value - added) <= CENT for value in known)


def _line_numbers(body: Body) -> Iterator[int]:
    head = body.table.head
    yield from range(head.first, head.last + 1)
    for group in body.members:
        for at in group:
            yield body.table.strips[at].line.number


def _surer(row: Row) -> Row:
    values = {
        name: msgspec.structs.replace(value, confidence=max(value.confidence, SUMMED))
        if isinstance(value.value, Decimal) and (row.holds or name == "amount")
        else value
        for name, value in row.values.items()
    }
    return Row(values, row.holds)


def _rows(body: Body) -> Iterator[Row]:
    for anchor, group in zip(body.anchors, body.members, strict=True):
        strips = [body.table.strips[at] for at in group]
        yield _row(body.table.strips[anchor], strips, body)


def _row(anchor: Strip, strips: Sequence[Strip], body: Body) -> Row:
    parts, cells = body.parts, anchor.cells
    product = check_row(cells, parts, anchor.shares)
    complete = None not in (product.quantity, product.price, product.amount)
    sure = PROVED if product.holds else CONTRADICTED if complete else READ
    values: dict[str, RowValue] = {}
    for name, at, value in (
        ("quantity", parts.quantity, product.quantity),
        ("unit_price", parts.price, product.price),
        ("amount", parts.amount, product.amount),
    ):
        if value is not None and at is not None:
            values[name] = RowValue(value, cells[at].place, sure)
    told = None
    if parts.amount in cells and parts.amount is not None and not {"quantity", "unit_price"} & values.keys():
        told = factors_of([strip.line for strip in strips], cells[parts.amount])
    values |= _texts(anchor, strips, body, told)
    if told is not None:
        values |= told_values(told)
        values["amount"] = msgspec.structs.replace(values["amount"], confidence=PROVED)
    if parts.tax_rate in cells and parts.tax_rate is not None:
        rate = cells[parts.tax_rate]
        values["tax_rate"] = RowValue(rate.readings[0], rate.place, WORDS)
    if parts.discount in cells and parts.discount is not None and product.holds:
        values |= _discount(anchor, parts.discount, product.quantity, product.price, product.amount)
    elif anchor.shares and product.holds:
        values |= _lowered_by(product)
    return Row(values, product.holds or told is not None)


def _discount(
    anchor: Strip, at: int, quantity: Decimal | None, price: Decimal | None, amount: Decimal | None
) -> dict[str, RowValue]:
    """The allowance of a row as an amount: what quantity x price exceeds the amount by."""
    if quantity is None or price is None or amount is None:
        return {}
    lowered = abs(quantity * price) - abs(amount)
    cell = anchor.cells[at]
    if lowered <= CENT or not any(abs(abs(reading) - lowered) <= CENT for reading in cell.readings):
        if lowered <= CENT:
            return {}
        return {"discount": RowValue((lowered / HUNDRED * HUNDRED).quantize(CENT), cell.place, WORDS)}
    return {"discount": RowValue(abs(cell.readings[0]), cell.place, PROVED)}


def _lowered_by(product: Product) -> dict[str, RowValue]:
    """The allowance that a percentage among the words of a row makes, as an amount."""
    if product.quantity is None or product.price is None or product.amount is None:
        return {}
    lowered = abs(product.quantity * product.price) - abs(product.amount)
    return {"discount": RowValue(lowered.quantize(CENT), None, WORDS)} if lowered > CENT else {}


def _texts(anchor: Strip, strips: Sequence[Strip], body: Body, told: Factors | None) -> dict[str, RowValue]:
    """Description, unit and code of a row; what its factors say is no text of it."""
    unit = _unit(anchor, body)
    placed = [
        (strip, kind, span)
        for strip in strips
        for kind, span in _spans(strip, body.table, whole=strip is not anchor)
        if not (strip is anchor and unit and unit[0] <= span[0] < unit[1])
        and not (told and strip.line is told.line and told.span[0] <= span[0] < told.span[1])
    ]
    placed = list(_aligned(placed))
    named = {kind: span for strip, kind, span in reversed(placed) if strip is anchor}
    values: dict[str, RowValue] = {}
    for name, at in (("unit", unit or named.get(Kind.UNIT)), ("code", named.get(Kind.CODE))):
        if at is not None:
            values[name] = RowValue(anchor.line.text[at[0] : at[1]], anchor.line.place(*at), WORDS)
    described = [(strip, span) for strip, kind, span in placed if kind is Kind.DESCRIPTION]
    if described:
        values["description"] = joined([strip.line.place(*span) for strip, span in described])
    return values


_Placed = tuple[Strip, Kind, tuple[int, int]]


def _aligned(placed: Sequence[_Placed]) -> Iterator[_Placed]:
    """Texts that begin where descriptions of other lines of the row begin are descriptions too."""
    lefts = [(strip, strip.text_box(span).x0) for strip, kind, span in placed if kind is Kind.DESCRIPTION]
    for strip, kind, span in placed:
        left = strip.text_box(span).x0
        if kind is not Kind.POSITION and any(
            other is not strip and abs(x0 - left) < _SAME_EDGE for other, x0 in lefts
        ):
            yield strip, Kind.DESCRIPTION, span
        else:
            yield strip, kind, span


def _unit(anchor: Strip, body: Body) -> tuple[int, int] | None:
    """The words right behind the quantity in its segment."""
    if body.parts.quantity is None or body.parts.quantity not in anchor.cells:
        return None
    cell = anchor.cells[body.parts.quantity]
    _, end = anchor.line.segment_at(cell.start)
    for span in anchor.texts:
        if cell.end <= span[0] <= cell.end + 1 and span[1] <= end:
            return _before_description(anchor, span, body.table)
    return None


def _before_description(strip: Strip, span: tuple[int, int], table: Table) -> tuple[int, int] | None:
    """The words of a span up to the first that stands where descriptions do."""
    zone = description_zone(table)
    last = None
    for word in _WORD.finditer(strip.line.text, *span):
        if _kind_of(strip.text_box(word.span()), table, zone) is Kind.DESCRIPTION:
            break
        last = word.end()
    return (span[0], last) if last is not None else None


def _spans(strip: Strip, table: Table, *, whole: bool) -> Iterator[tuple[Kind, tuple[int, int]]]:
    """The texts of a line by the column they stand in; a text that runs over two is cut between its words.

    With `whole`, numbers that were taken for cells are text again where descriptions stand.
    """
    zone = description_zone(table)
    for span in _segments(strip.line) if whole else strip.texts:
        runs: list[tuple[Kind, int, int]] = []
        for word in _WORD.finditer(strip.line.text, *span):
            kind = _kind_of(strip.text_box(word.span()), table, zone) or (runs[-1][0] if runs else None)
            if kind is None:
                continue
            if runs and runs[-1][0] is kind:
                runs[-1] = (kind, runs[-1][1], word.end())
            else:
                runs.append((kind, *word.span()))
        for kind, start, end in runs:
            yield kind, (start, end)


def _segments(line: TextLine) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(line.text):
        _, end = line.segment_at(start)
        yield start, end
        start = end + 1


def _kind_of(box: Box, table: Table, zone: tuple[float, float]) -> Kind | None:
    """What the column is that a word overlaps most; a description where it stands under no head."""
    best, widest = None, 0.0
    for column in table.columns:
        shared = min(box.x1, column.x1) - max(box.x0, column.x0)
        if shared > widest and column.kinds:
            widest = shared
            best = Kind.DESCRIPTION if Kind.DESCRIPTION in column.kinds else min(column.kinds)
    if best is Kind.DESCRIPTION or best in _NAMED_TEXTS:
        return best
    return Kind.DESCRIPTION if zone[0] <= box.x0 < zone[1] else None
