"""A part as HTML and as Markdown, in which every mark is meant and none comes from the document."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from app.extraction.segments.direction import runs_leftwards
from app.extraction.segments.prose import Paragraph
from app.extraction.segments.table import Cell, Table
from app.model.segment import SegmentType

_MARKS: Final = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])|~(?=~)|&(?=#?\w+;)")
"""What Markdown and HTML in it would understand; within a word an underscore means nothing.

No link can come of a document's text: its brackets are text, and a bare address is only ever one of the web.
"""
_LINE_MARK: Final = re.compile(r"(?m)^(\s*)([-+=>]|#{1,6}|\d{1,9}[.)])(?=\s|$)")
"""What would begin a list, a heading or a quotation, or underline a heading, at the start of a line."""
_RULE: Final = re.compile(r"(?m)^\s*[-=:|]([-=:| ]*)$")
_NUMBER: Final = re.compile(r"(\d{1,3})[.)]")
_UNMARKED: Final = ' style="list-style:none"'
_BREAK: Final = "  \n"


def plain(text: str) -> str:
    """Text as Markdown in which nothing is a mark."""
    safe = _MARKS.sub(lambda mark: "\\" + mark.group(), text)
    safe = _RULE.sub(lambda line: "\\" + line.group().lstrip(), safe)
    return _LINE_MARK.sub(_escaped_line_mark, safe)


def _escaped_line_mark(mark: re.Match[str]) -> str:
    space, sign = mark.groups()
    return f"{space}\\{sign}" if sign[0] == "#" else f"{space}{sign[:-1]}\\{sign[-1]}"


def html_text(kind: SegmentType, level: int | None, parts: Sequence[Paragraph]) -> str:
    """A heading, paragraphs, lists or a caption."""
    text = "\n".join(part.text for part in parts)
    if kind is SegmentType.SECTION_HEADER:
        printed = " ".join(f"{part.printed} {part.text}".strip() for part in parts)
        return _element(f"h{level or 2}", printed.replace("\n", " "))
    if kind is SegmentType.CAPTION:
        return _element("figcaption", text)
    return "".join(_html_flow(parts))


def _html_flow(parts: Sequence[Paragraph]) -> Iterator[str]:
    at = 0
    while at < len(parts):
        if parts[at].mark is None:
            yield _element("p", parts[at].text)
            at += 1
            continue
        end = at
        while end < len(parts) and parts[end].mark is not None:
            end += 1
        yield from _html_list(parts[at:end])
        at = end


def _html_list(items: Sequence[Paragraph]) -> Iterator[str]:
    """A list, its deeper items as lists within items; marks that HTML cannot count stand as printed."""
    depth = items[0].depth
    counted = [_NUMBER.fullmatch(item.printed) for item in items]
    tag, style = ("ul", "") if items[0].mark == "-" else ("ol", "") if counted[0] else ("ul", _UNMARKED)
    yield f"<{tag}{style}>"
    at = 0
    while at < len(items):
        end = at + 1
        while end < len(items) and items[end].depth > depth:
            end += 1
        inner = "".join(_html_list(items[at + 1 : end])) if end > at + 1 else ""
        item, number = items[at], counted[at]
        value = f' value="{int(number.group(1))}"' if number and tag == "ol" else ""
        printed = "" if value or item.mark == "-" else f"{item.printed} "
        yield f"<li{value}{_direction(item.text)}>{_lines(printed + item.text)}{inner}</li>"
        at = end
    yield f"</{tag}>"


def _element(tag: str, text: str) -> str:
    return f"<{tag}{_direction(text)}>{_lines(text)}</{tag}>"


def _direction(text: str) -> str:
    return ' dir="rtl"' if runs_leftwards(text) else ""


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def markdown_text(kind: SegmentType, level: int | None, parts: Sequence[Paragraph]) -> str:
    """As `html_text`, in Markdown."""
    if kind is SegmentType.SECTION_HEADER:
        printed = " ".join(f"{part.printed} {part.text}".strip() for part in parts)
        return f"{'#' * (level or 2)} {plain(' '.join(printed.split()))}"
    if kind is SegmentType.CAPTION:
        return f"*{plain(' '.join(part.text for part in parts).replace(chr(10), ' '))}*"
    texts: list[str] = []
    for before, part in zip([None, *parts], parts, strict=False):
        tight = before is not None and before.mark is not None and part.mark is not None
        texts.append(("" if before is None else "\n" if tight else "\n\n") + _markdown_paragraph(part))
    return "".join(texts)


def _markdown_paragraph(part: Paragraph) -> str:
    safe = plain(part.text).replace("\n", _BREAK if part.mark is None else " ")
    if part.mark is None:
        return safe
    indent = "   " * part.depth
    if part.mark == "-":
        return f"{indent}- {safe}"
    number = _NUMBER.fullmatch(part.printed)
    return f"{indent}{part.printed} {safe}" if number else f"{indent}- {plain(part.printed)} {safe}"


def html_table(table: Table) -> str:
    """A table with its head cells, spans, and numbers flush right."""
    taken: list[set[int]] = [set() for _ in table.rows]
    rows = [_html_row(table, at, taken) for at in range(len(table.rows))]
    head, body = "".join(rows[: table.head]), "".join(rows[table.head :])
    leftwards = ' dir="rtl"' if table.leftwards else ""
    return f"<table{leftwards}>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _html_row(table: Table, at: int, taken: list[set[int]]) -> str:
    tag = "th" if at < table.head else "td"
    begun = {cell.column: cell for cell in table.rows[at]}
    cells: list[str] = []
    column = 0
    while column < table.columns:
        cell = begun.get(column)
        if column in taken[at]:
            column += 1
        elif cell is None:
            cells.append(f"<{tag}></{tag}>")
            column += 1
        else:
            cells.append(_html_cell(table, cell, tag))
            for row in taken[at + 1 : at + cell.down]:
                row.update(range(column, column + cell.span))
            column += cell.span
    return f"<tr>{''.join(cells)}</tr>"


def _html_cell(table: Table, cell: Cell, tag: str) -> str:
    spans = f' colspan="{cell.span}"' if cell.span > 1 else ""
    spans += f' rowspan="{cell.down}"' if cell.down > 1 else ""
    side = ' style="text-align:right"' if cell.span == 1 and table.right[cell.column] else ""
    scope = ' scope="col"' if tag == "th" else ""
    return f"<{tag}{scope}{spans}{side}>{_lines(cell.text)}</{tag}>"


def markdown_table(table: Table) -> list[str]:
    """The lines of a pipe table: head, rule, rows; the head is empty where the table has none."""
    head = _headed(table)
    rule = "|" + "|".join(" ---: " if right else " --- " for right in table.right) + "|"
    return [
        _markdown_row(head),
        rule,
        *(_markdown_row(_texts(row, table)) for row in table.rows[table.head :]),
    ]


def _headed(table: Table) -> list[str]:
    """One row of heads: the words of several, one above the other, together."""
    rows = [_texts(row, table, spread=table.head > 1) for row in table.rows[: table.head]]
    if not rows:
        return [""] * table.columns
    return [" ".join(filter(None, texts)) for texts in zip(*rows, strict=True)]


def _texts(row: Iterable[Cell], table: Table, *, spread: bool = False) -> list[str]:
    """A text for each column; the head of a group of columns stands, when `spread`, over each of them."""
    texts = [""] * table.columns
    for cell in row:
        for column in range(cell.column, cell.column + (cell.span if spread else 1)):
            texts[column] = cell.text
    return texts


def _markdown_row(texts: Sequence[str]) -> str:
    return "| " + " | ".join(plain(text).replace("\n", " ").replace("|", "\\|") for text in texts) + " |"


def plain_table(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows by line, cells by tab."""
    return "\n".join("\t".join(cell.text.replace("\n", " ") for cell in row) for row in rows)
