"""One page to its segments, in reading order."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

import msgspec

from app.extraction.page.layout import Block, Line, blocks, font_size
from app.extraction.page.layout import Segment as Run
from app.extraction.segments import markup
from app.extraction.segments.direction import reads
from app.extraction.segments.grid import Grid, find_grids
from app.extraction.segments.order import reading_order
from app.model.document import Page, TextOrigin, Word
from app.model.evidence import Box
from app.model.segment import RecognisedWord, Region, Segment, SegmentType

_LARGER: Final = 1.18
_LONGEST_HEADING: Final = 90
_NEAR: Final = 16.0
"""Points between a picture and the text that names it."""
_CAPTIONS: Final = ("fig", "abb", "tab", "foto", "photo", "bild", "img", "rys", "afb", "quadro", "tav")


class Part(NamedTuple):
    """Something of a page with its place, before it is written out."""

    kind: SegmentType
    box: Box
    text: str
    words: tuple[Word, ...]
    grid: Grid | None = None
    region: Region = Region.BODY


def page_segments(
    page: Page, lines: Sequence[Line], edges: dict[int, Region]
) -> list[tuple[Segment, Grid | None]]:
    """The segments of a page; `edges` says which of its lines run along the edge of every page."""
    inner = [line for at, line in enumerate(lines) if at not in edges]
    outer = [(line, edges[at]) for at, line in enumerate(lines) if at in edges]
    flow = reading_order(_parts(page, inner), lambda part: part.box)
    heads = [_edge_part(line, region) for line, region in outer if region is Region.HEADER]
    feet = [_edge_part(line, region) for line, region in outer if region is Region.FOOTER]
    return [(_segment(page, part), part.grid) for part in (*heads, *flow, *feet)]


def _parts(page: Page, lines: Sequence[Line]) -> list[Part]:
    grids = find_grids(page, lines)
    taken = {id(line) for grid in grids for line in grid.lines}
    loose = [line for line in lines if id(line) not in taken]
    pictures = [Part(SegmentType.PICTURE, box, "", ()) for box in page.pictures]
    usual = _usual_size(lines)
    texts = [_text_part(block, usual, page.pictures) for block in blocks(loose)]
    return [*(_grid_part(grid) for grid in grids), *texts, *pictures]


def _grid_part(grid: Grid) -> Part:
    words = tuple(word for line in grid.lines for word in line.words)
    return Part(SegmentType.TABLE, grid.box, markup.plain_table(grid), words, grid)


def _text_part(block: Block, usual: float, pictures: Sequence[Box]) -> Part:
    words = tuple(word for run in block.segments for word in run.words)
    text = "\n".join(_text(run) for run in block.segments)
    return Part(_kind(block, text, words, usual, pictures), block.box, text, words)


def _text(run: Run) -> str:
    return reads([word.text for word in run.words])


def _kind(
    block: Block, text: str, words: Sequence[Word], usual: float, pictures: Sequence[Box]
) -> SegmentType:
    if text.lower().startswith(_CAPTIONS) and any(_is_beside(block.box, picture) for picture in pictures):
        return SegmentType.CAPTION
    size = median(font_size(word) for word in words)
    short = len(text) <= _LONGEST_HEADING and len(block.segments) <= 2  # noqa: PLR2004 (a heading may wrap once)
    stands_out = size > _LARGER * usual or (all(word.bold for word in words) and size >= usual)
    if (
        short
        and stands_out
        and any(c.isalpha() for c in text)
        and not text.rstrip().endswith((":", ",", ";"))
    ):
        return SegmentType.SECTION_HEADER
    return SegmentType.TEXT


def _is_beside(text: Box, picture: Box) -> bool:
    above = 0 <= picture.top - text.bottom < _NEAR
    below = 0 <= text.top - picture.bottom < _NEAR
    return (above or below) and text.x0 < picture.x1 and picture.x0 < text.x1


def _usual_size(lines: Sequence[Line]) -> float:
    sizes = [font_size(word) for line in lines for word in line.words]
    return median(sizes) if sizes else 0.0


def _edge_part(line: Line, region: Region) -> Part:
    text = "  ".join(_text(run) for run in line.segments)
    return Part(SegmentType.TEXT, line.box, text, line.words, region=region)


def _segment(page: Page, part: Part) -> Segment:
    segment = Segment(
        segment_type=part.kind,
        content=part.text,
        page_number=page.number,
        page_width=page.width,
        page_height=page.height,
        bbox=part.box,
        confidence=min((word.confidence for word in part.words), default=1.0),
        ocr=_recognised(part.words) if page.origin is TextOrigin.OCR else (),
        region=part.region,
    )
    return msgspec.structs.replace(segment, html=_html(part), markdown=_markdown(part))


def _recognised(words: Iterable[Word]) -> tuple[RecognisedWord, ...]:
    return tuple(
        RecognisedWord(word.text, word.confidence, Box(word.x0, word.top, word.x1, word.bottom))
        for word in words
    )


def _html(part: Part) -> str:
    if part.grid is not None:
        return markup.html_table(part.grid)
    if part.kind is SegmentType.PICTURE:
        return "<figure></figure>"
    return markup.html_text(part.kind, part.text)


def _markdown(part: Part) -> str:
    if part.grid is not None:
        return "\n".join(markup.markdown_table(part.grid))
    if part.kind is SegmentType.PICTURE:
        return ""
    return markup.markdown_text(part.kind, part.text)
