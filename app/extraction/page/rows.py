"""The items of an invoice: from tables with a head, by what the columns say and what the numbers prove.

    found = scan(pages)
    rows = find_rows(found, net=totals.net.value if totals.net else None)
    for index, row in enumerate(rows.rows):
        for field, value in row.values.items():   # "description", "quantity", "unit_price", "amount" ...
            findings.add(f"line_items[{index}].{field}", value.value, value.place, value.confidence)

`rows.lines` are the numbers of the lines that the items take up, so that nothing else is read there.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from app.extraction.page.layout import box_of
from app.extraction.page.rows_arithmetic import check_row
from app.extraction.page.rows_body import Body, description_zone, find_body
from app.extraction.page.scan import Scan
from app.extraction.page.tables import Strip, Table, find_tables
from app.extraction.page.tables_lexicon import Kind
from app.extraction.page.text import Place
from app.model.money import CENT, HUNDRED

_PROVED: Final = 0.97
_SUMMED: Final = 0.95
_READ: Final = 0.75
_CONTRADICTED: Final = 0.5
_WORDS: Final = 0.9


class RowValue(msgspec.Struct, frozen=True):
    """A value of an item, where it stands, and how sure it is."""

    value: Decimal | str
    place: Place | None
    """`None` for a computed value."""
    confidence: float


class Row(msgspec.Struct, frozen=True):
    """An item: its values by their names in `LineItem`."""

    values: Mapping[str, RowValue]
    holds: bool
    """Whether quantity x price - discount = amount."""

    @property
    def amount(self) -> Decimal:
        """The amount, or nothing."""
        found = self.values.get("amount")
        return found.value if found is not None and isinstance(found.value, Decimal) else Decimal(0)


class RowsFound(msgspec.Struct, frozen=True):
    """All items of a document."""

    rows: tuple[Row, ...] = ()
    lines: frozenset[int] = frozenset()
    """Numbers of the lines that the items and their heads take up."""

    @property
    def total(self) -> Decimal:
        """The sum of the amounts."""
        return sum((row.amount for row in self.rows), Decimal(0))


def find_rows(found: Scan, net: Decimal | None = None, total: Decimal | None = None) -> RowsFound:
    """Read the items; sums of the document that they add up to make each of them surer."""
    bodies = [find_body(table, found) for table in find_tables(found) if table.lists_items]
    bodies = [body for body in bodies if body.anchors]
    rows = [row for body in bodies for row in _rows(body)]
    added = sum((row.amount for row in rows), Decimal(0))
    if rows and any(known is not None and abs(abs(known) - abs(added)) <= CENT for known in (net, total)):
        rows = [_surer(row) for row in rows]
    return RowsFound(tuple(rows), frozenset(number for body in bodies for number in _line_numbers(body)))


def _line_numbers(body: Body) -> Iterator[int]:
    head = body.table.head
    yield from range(head.first, head.last + 1)
    for group in body.members:
        for at in group:
            yield body.table.strips[at].line.number


def _surer(row: Row) -> Row:
    values = {
        name: msgspec.structs.replace(value, confidence=max(value.confidence, _SUMMED))
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
    product = check_row(cells, parts)
    complete = None not in (product.quantity, product.price, product.amount)
    sure = _PROVED if product.holds else _CONTRADICTED if complete else _READ
    values: dict[str, RowValue] = {}
    for name, at, value in (
        ("quantity", parts.quantity, product.quantity),
        ("unit_price", parts.price, product.price),
        ("amount", parts.amount, product.amount),
    ):
        if value is not None and at is not None:
            values[name] = RowValue(value, cells[at].place, sure)
    values |= _texts(anchor, strips, body)
    if parts.tax_rate in cells and parts.tax_rate is not None:
        rate = cells[parts.tax_rate]
        values["tax_rate"] = RowValue(rate.readings[0], rate.place, _WORDS)
    if parts.discount in cells and parts.discount is not None and product.holds:
        values |= _discount(anchor, parts.discount, product.quantity, product.price, product.amount)
    return Row(values, product.holds)


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
        return {"discount": RowValue((lowered / HUNDRED * HUNDRED).quantize(CENT), cell.place, _WORDS)}
    return {"discount": RowValue(abs(cell.readings[0]), cell.place, _PROVED)}


def _texts(anchor: Strip, strips: Sequence[Strip], body: Body) -> dict[str, RowValue]:
    """Description, unit and code of a row."""
    table = body.table
    by_kind = _spans(anchor, table)
    values: dict[str, RowValue] = {}
    unit = _unit(anchor, body) or next(iter(by_kind.get(Kind.UNIT, ())), None)
    for name, span in (("unit", unit), ("code", next(iter(by_kind.get(Kind.CODE, ())), None))):
        if span is not None:
            values[name] = RowValue(anchor.line.text[span[0] : span[1]], anchor.line.place(*span), _WORDS)
    spans = [
        (strip, span)
        for strip in strips
        for span in _spans(strip, table).get(Kind.DESCRIPTION, ())
        if not (strip is anchor and span == unit)
    ]
    if spans:
        values["description"] = _joined(spans)
    return values


def _joined(spans: Sequence[tuple[Strip, tuple[int, int]]]) -> RowValue:
    """Pieces of text as one value, over the page on which it begins."""
    page = spans[0][0].line.page
    places = [strip.line.place(*span) for strip, span in spans]
    text = " ".join(place.text for place in places)
    on_page = [place for place in places if place.page == page]
    place = Place(
        page,
        box_of(place.box for place in on_page),
        " ".join(place.text for place in on_page),
        places[0].origin,
        min(place.certainty for place in places),
    )
    return RowValue(text, place, _WORDS)


def _unit(anchor: Strip, body: Body) -> tuple[int, int] | None:
    """The words right behind the quantity in its segment."""
    if body.parts.quantity is None or body.parts.quantity not in anchor.cells:
        return None
    cell = anchor.cells[body.parts.quantity]
    _, end = anchor.line.segment_at(cell.start)
    return next(
        (span for span in anchor.texts if cell.end <= span[0] <= cell.end + 1 and span[1] <= end), None
    )


def _spans(strip: Strip, table: Table) -> dict[Kind, list[tuple[int, int]]]:
    """The texts of a line by the column they stand in."""
    found: dict[Kind, list[tuple[int, int]]] = {}
    left, right = description_zone(table)
    for span in strip.texts:
        box = strip.text_box(span)
        kind = _kind_of(box.x0, box.x1, table)
        if kind in {Kind.UNIT, Kind.CODE, Kind.POSITION, Kind.DATE, Kind.OTHER}:
            found.setdefault(kind, []).append(span)
        elif left <= box.x0 < right:
            found.setdefault(Kind.DESCRIPTION, []).append(span)
    return found


def _kind_of(x0: float, x1: float, table: Table) -> Kind | None:
    """What the column is that a text overlaps most."""
    best, widest = None, 0.0
    for column in table.columns:
        shared = min(x1, column.x1) - max(x0, column.x0)
        if shared > widest and column.kinds:
            widest = shared
            best = Kind.DESCRIPTION if Kind.DESCRIPTION in column.kinds else min(column.kinds)
    return best
