"""A segment as HTML and as Markdown."""

from collections.abc import Sequence
from html import escape
from typing import Final

from app.extraction.segments.grid import Grid, GridCell, is_numeric_column
from app.model.segment import SegmentType

_TAGS: Final = {SegmentType.SECTION_HEADER: "h2", SegmentType.TEXT: "p", SegmentType.CAPTION: "figcaption"}
_MARKS: Final = "\\`*_[]<>|#"


def html_text(kind: SegmentType, text: str) -> str:
    """A heading, paragraph or caption."""
    tag = _TAGS[kind]
    return f"<{tag}>{escape(text).replace(chr(10), '<br>')}</{tag}>"


def markdown_text(kind: SegmentType, text: str) -> str:
    """As `html_text`, in Markdown whose marks are all meant."""
    safe = "".join(f"\\{c}" if c in _MARKS else c for c in text)
    if kind is SegmentType.SECTION_HEADER:
        return f"## {' '.join(safe.split())}"
    if kind is SegmentType.CAPTION:
        return f"*{' '.join(safe.split())}*"
    return safe.replace("\n", "  \n")


def html_table(grid: Grid) -> str:
    """A table with its head cells, spans, and numbers flush right."""
    right = [is_numeric_column(grid, column) for column in range(grid.columns)]
    head = "".join(_html_row(row, "th", right) for row in grid.rows[: grid.head])
    body = "".join(_html_row(row, "td", right) for row in grid.rows[grid.head :])
    return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _html_row(row: Sequence[GridCell], tag: str, right: Sequence[bool]) -> str:
    cells, at = [], 0
    for cell in row:
        cells += [f"<{tag}></{tag}>"] * (cell.column - at)
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        side = ' style="text-align:right"' if cell.span == 1 and right[cell.column] else ""
        cells.append(f"<{tag}{span}{side}>{escape(cell.text)}</{tag}>")
        at = cell.column + cell.span
    cells += [f"<{tag}></{tag}>"] * (len(right) - at)
    return f"<tr>{''.join(cells)}</tr>"


def markdown_table(grid: Grid) -> list[str]:
    """The lines of a pipe table: head, rule, rows; the head is empty where the table has none."""
    head = _markdown_row(grid.rows[0], grid.columns) if grid.head else _markdown_row((), grid.columns)
    rule = (
        "|" + "|".join(" ---: " if is_numeric_column(grid, c) else " --- " for c in range(grid.columns)) + "|"
    )
    return [head, rule, *(_markdown_row(row, grid.columns) for row in grid.rows[grid.head :])]


def _markdown_row(row: Sequence[GridCell], columns: int) -> str:
    texts = [""] * columns
    for cell in row:
        texts[cell.column] = cell.text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
    return "| " + " | ".join(texts) + " |"


def plain_table(grid: Grid) -> str:
    """Rows by line, cells by tab."""
    return "\n".join("\t".join(cell.text for cell in row) for row in grid.rows)
