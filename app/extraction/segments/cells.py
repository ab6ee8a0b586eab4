"""A table while it still is a part of a page: cells with places."""

from typing import NamedTuple

from app.extraction.page.text.layout import Line
from app.model.evidence import Box


class GridCell(NamedTuple):
    """A cell: where it stands, its text, and how many columns and rows it spans."""

    text: str
    box: Box
    column: int
    span: int
    down: int = 1
    bold: bool = False


class Grid(NamedTuple):
    """A table of one page, row by row, the empty cells left out."""

    rows: tuple[tuple[GridCell, ...], ...]
    columns: int
    head: int
    """How many of the first rows are column heads."""
    lines: tuple[Line, ...]
    box: Box
    edges: tuple[float, ...]
    """Where the columns part, in points."""
