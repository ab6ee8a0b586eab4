"""Which of a table's first rows are the heads of its columns."""

import re
from collections.abc import Sequence
from typing import Final

from app.extraction.segments.cells import GridCell
from app.extraction.segments.table import is_number

_YEAR: Final = re.compile(r"(?:19|20)\d\d(?:/\d\d)?")
_MOST: Final = 3
_PAIR: Final = 2
Rows = Sequence[Sequence[GridCell]]


def head_rows(rows: Rows) -> int:
    """How many: those that stand out in bold, else the first if it has words where others have numbers."""
    reach = _reach(rows)
    if not 0 < reach < len(rows):
        return 0
    head, body = rows[:reach], rows[reach:]
    if all(cell.bold for row in head for cell in row) and not all(cell.bold for row in body for cell in row):
        more = rows[reach]
        grouped = any(cell.span > 1 for cell in rows[0]) and all(cell.bold for cell in more)
        return reach + 1 if grouped and reach + 1 < len(rows) else reach
    if len(rows[0]) == 1 or not any(is_number(cell.text) for row in body for cell in row):
        return 0
    if len(rows[0]) == _PAIR and rows[0][0].text.rstrip().endswith(":"):
        return 0  # a label and its value
    return reach if _is_worded(head) or _names_years(rows[0]) else 0


def _reach(rows: Rows) -> int:
    """How far down the cells of the first row reach."""
    reach = max((cell.down for cell in rows[0]), default=0) if rows else 0
    return reach if reach <= _MOST else 0


def _is_worded(head: Rows) -> bool:
    return not any(is_number(cell.text) or _is_code(cell.text) for row in head for cell in row)


def _is_code(text: str) -> bool:
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def _names_years(row: Sequence[GridCell]) -> bool:
    years = [cell for cell in row if _YEAR.fullmatch(cell.text)]
    return len(years) > 1 and all(cell in years or not is_number(cell.text) for cell in row)
