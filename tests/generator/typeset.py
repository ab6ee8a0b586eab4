"""Small pieces of Typst source, and the compiler that prints them."""

import importlib.util
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

FONT_PACKAGES: Final = ("font_roboto", "font_source_sans_pro")
MOMENT: Final = 1_767_225_600
"""The creation date written into every PDF, so that the same invoice has the same bytes."""


def t(text: str) -> str:
    """Text, safe in markup."""
    return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '";'


def strong(content: str) -> str:
    """Bold."""
    return f"#strong[{content}];"


def sized(content: str, size: float, *, colour: str = "", weight: str = "") -> str:
    """Another size (points), colour or weight."""
    rest = (f', fill: rgb("{colour}")' if colour else "") + (f', weight: "{weight}"' if weight else "")
    return f"#text(size: {size}pt{rest})[{content}];"


def lines(parts: Iterable[str]) -> str:
    """One under the other."""
    return "#linebreak();".join(p for p in parts if p)


def paragraphs(*parts: str) -> str:
    """Blocks with a little room between them."""
    return "\n\n".join(p for p in parts if p)


def space(points: float) -> str:
    """Vertical room."""
    return f"#v({points}pt);"


def right(content: str) -> str:
    """Flush right."""
    return f"#align(right)[{content}];"


def centred(content: str) -> str:
    """Centred."""
    return f"#align(center)[{content}];"


def grid(
    columns: Sequence[str],
    cells: Sequence[str],
    *,
    align: Sequence[str] = (),
    gap: tuple[float, float] = (12, 4),
) -> str:
    """Cells in invisible columns."""
    aligned = f", align: ({', '.join(align)},)" if align else ""
    body = ", ".join(f"[{c}]" for c in cells)
    return f"#grid(columns: ({', '.join(columns)},), column-gutter: {gap[0]}pt, row-gutter: {gap[1]}pt{aligned}, {body});"


def table(  # noqa: PLR0913 - the options of a table
    columns: Sequence[str], head: Sequence[str], rows: Sequence[Sequence[str]], *, align: Sequence[str],
    stroke: str = "none", fill: str = "none", inset: str = "4pt", repeat: bool = True,
) -> str:  # fmt: skip
    """A table with a head that is repeated on every page."""
    top = f"table.header(repeat: {str(repeat).lower()}, {', '.join(f'[{c}]' for c in head)})," if head else ""
    body = ", ".join(c if c.startswith("table.cell(") else f"[{c}]" for row in rows for c in row)
    return (
        f"#table(columns: ({', '.join(columns)},), align: ({', '.join(align)},), stroke: {stroke}, fill: {fill}, "
        f"inset: {inset}, {top} {body});"
    )


def spanning(content: str, columns: int) -> str:
    """A table cell over several columns, flush right; goes among the cells of a table's row."""
    return f"table.cell(colspan: {columns}, align: right)[{content}]"


def box(  # noqa: PLR0913 - the options of a block
    content: str,
    *,
    fill: str = "",
    stroke: str = "",
    inset: str = "6pt",
    width: str = "100%",
    radius: str = "0pt",
) -> str:
    """A framed or coloured block."""
    options = [f"width: {width}", f"inset: {inset}", f"radius: {radius}"]
    if fill:
        options.append(f'fill: rgb("{fill}")')
    if stroke:
        options.append(f"stroke: {stroke}")
    return f"#block({', '.join(options)})[{content}];"


def unbroken(content: str) -> str:
    """Never cut at the end of a line."""
    return f"#box[{content}];"


def rule(thickness: float = 0.5) -> str:
    """A line across."""
    return f"#line(length: 100%, stroke: {thickness}pt);"


def place(content: str, x: str, y: str, width: str) -> str:
    """A block at a fixed place of the page's text area."""
    return f"#place(top + left, dx: {x}, dy: {y}, block(width: {width})[{content}]);"


@cache
def _compiler() -> Any:
    found = [importlib.util.find_spec(name) for name in FONT_PACKAGES]
    paths = [str(Path(spec.origin).parent / "files") for spec in found if spec and spec.origin]
    return typst.Compiler(font_paths=paths, ignore_system_fonts=True)


def to_pdf(source: str) -> bytes:
    """The document as PDF; the same source always gives the same bytes."""
    return _compiler().compile(source.encode(), format="pdf", timestamp=MOMENT, pdf_tags=False)
