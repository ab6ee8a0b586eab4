"""Items that stand under no head: lists of labelled values, and rows that only their arithmetic shows."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from app.extraction.page.tables.arithmetic import Parts, check_row
from app.extraction.page.tables.cells import Cell
from app.extraction.page.tables.factors import Factors, factors_of
from app.extraction.page.tables.headless import Item, find_items
from app.extraction.page.tables.lexicon import AMOUNTS, PRICES, Kind
from app.extraction.page.tables.listed import Entry, listed_entries, number_at, values_of
from app.extraction.page.tables.row import NUMBERS, PROVED, READ, WORDS, Row, RowsFound, RowValue, joined
from app.extraction.page.text.scan import Scan

_LISTED: Final = (
    ("quantity", (Kind.QUANTITY,)),
    ("unit_price", PRICES),
    ("amount", AMOUNTS),
    ("tax_rate", (Kind.TAX_RATE,)),
)


def rows_without_tables(found: Scan, known: set[Decimal]) -> RowsFound:
    """The items of a document without a table's head; `known` are amounts of which one may be their sum."""
    listed = _from_lists(found)
    if listed.rows:
        return listed
    items = find_items(found, known)
    rows = tuple(map(_plain_row, items))
    numbers = {line.number for item in items for line, _, _ in item.lines}
    return RowsFound(rows, frozenset(numbers | {item.amount.line.number for item in items}))


def _from_lists(found: Scan) -> RowsFound:
    """The items of a document that writes each as a list of labelled values."""
    rows: list[Row] = []
    numbers: set[int] = set()
    for entry in listed_entries(found, frozenset({Kind.DESCRIPTION})):
        cells = {
            name: cell
            for name, kinds in _LISTED
            for value in itertools.islice(values_of(entry, kinds), 1)
            if (cell := number_at(value, found)) is not None
        }
        if "amount" in cells or "unit_price" in cells:
            rows.append(_listed_row(entry, cells))
            numbers.update(value.line.number for values in entry.values() for value in values)
    return RowsFound(tuple(rows), frozenset(numbers))


def _listed_row(entry: Entry, cells: Mapping[str, Cell]) -> Row:
    quantity, price, amount = (at if name in cells else None for at, name in enumerate(NUMBERS))
    parts = Parts(quantity, price, amount, None, None)
    product = check_row({at: cells[name] for at, name in enumerate(NUMBERS) if name in cells}, parts)
    sure = PROVED if product.holds else READ
    values = {
        name: RowValue(value, cells[name].place, sure)
        for name, value in zip(NUMBERS, product[:3], strict=True)
        if value is not None
    }
    if "tax_rate" in cells:
        values["tax_rate"] = RowValue(cells["tax_rate"].readings[0], cells["tax_rate"].place, WORDS)
    for name, kind in (("unit", Kind.UNIT), ("code", Kind.CODE), ("description", Kind.DESCRIPTION)):
        if kind in entry:
            values[name] = joined([value.line.place(value.start, value.end) for value in entry[kind]])
    return Row(values, product.holds)


def _plain_row(item: Item) -> Row:
    sure = PROVED if item.holds else READ
    cells = {"quantity": item.quantity, "unit_price": item.price, "amount": item.amount}
    values = {
        name: RowValue(cell.readings[0], cell.place, sure) for name, cell in cells.items() if cell is not None
    }
    told = factors_of(item.under, item.amount) if item.quantity is None else None
    if told is not None:
        values |= told_values(told)
    places = [line.place(*_stripped(line.text, start, end)) for line, start, end in item.lines]
    if item.unit is not None:
        place = item.amount.line.place(*item.unit)
        values["unit"] = RowValue(place.text, place, WORDS)
    return Row(values | {"description": joined(places)}, item.holds or told is not None)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the spaces at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def told_values(factors: Factors) -> dict[str, RowValue]:
    """Quantity, price and unit that stand among the words of a row."""
    line, (quantity, price) = factors.line, factors.values
    values = {
        "quantity": RowValue(quantity, line.place(*factors.quantity), PROVED),
        "unit_price": RowValue(price, line.place(*factors.price), PROVED),
    }
    if factors.unit is not None:
        place = line.place(*factors.unit)
        values["unit"] = RowValue(place.text, place, WORDS)
    return values
