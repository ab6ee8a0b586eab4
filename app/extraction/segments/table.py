"""A table as rows of cells, free of where its words stand."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec


class Cell(NamedTuple):
    """A cell, in the row it begins in."""

    text: str
    column: int
    span: int = 1
    """Columns."""
    down: int = 1
    """Rows."""


class Table(msgspec.Struct, frozen=True):
    """A table or the part of it that stands on one page; empty cells are left out."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: int
    head: int
    """How many of the first rows are column heads."""
    right: tuple[bool, ...]
    """By column: whether it holds numbers, which are set flush right."""
    extents: tuple[tuple[float, float], ...]
    """By column: from where to where its cells reach, in points."""
    carried: int = 0
    """How many of the heads stand on an earlier page only."""
    leftwards: bool = False
    """Whether it is read from the right; columns are numbered in reading order."""


_AMOUNT: Final = re.compile(
    r"[-+−–(]?\s*(?:[^\w\s]{1,2}|[A-Z]{3})?\s*[-+−]?\d[\d.,'’\s]*\)?(?:\s?(?:[^\W\d]{1,4}|[%‰°€$£]))?\.?-?"
)


def is_number(text: str) -> bool:
    """Whether a text is mostly digits: an amount, a date, a quantity with its unit."""
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isalpha() for c in text)
    return digits > letters and digits * 2 >= sum(not c.isspace() for c in text)


def is_amount(text: str) -> bool:
    """Whether a text is one number, perhaps with its sign, currency or unit; such columns are flush right."""
    return _AMOUNT.fullmatch(text.strip()) is not None


def goes_on(above: Table, below: Table) -> bool:
    """Whether every column of one table stands under the same column of the other."""
    return above.columns == below.columns and all(
        here[0] < there[1] and there[0] < here[1]
        for here, there in zip(above.extents, below.extents, strict=True)
    )


def continued(above: Table, below: Table) -> Table:
    """The second under the heads of the first, which may be printed again."""
    heads = above.rows[: above.head]
    if not heads:
        return below
    if same_texts(heads, below.rows[: above.head]):
        return msgspec.structs.replace(below, head=above.head)
    if below.head:
        return below
    return msgspec.structs.replace(below, rows=(*heads, *below.rows), head=above.head, carried=above.head)


def same_texts(some: Sequence[Sequence[Cell]], others: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows say the same."""
    return [[cell.text for cell in row] for row in some] == [[cell.text for cell in row] for row in others]
