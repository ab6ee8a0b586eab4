"""One page to its parts, in reading order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median
from typing import Final

from app.extraction.page.text.layout import Block, Line, blocks, box_of, font_size
from app.extraction.page.text.layout import Segment as Run
from app.extraction.segments.columns import Zone, is_upright, zone_box, zones
from app.extraction.segments.direction import reads
from app.extraction.segments.grid import find_grids
from app.extraction.segments.justified import mended
from app.extraction.segments.listed import listed
from app.extraction.segments.order import reading_order
from app.extraction.segments.part import Part, Sheet
from app.extraction.segments.prose import Edges, Paragraph, paragraphs
from app.extraction.segments.table import Table
from app.extraction.segments.tabled import tabled
from app.model.document import Page, TextOrigin, Word
from app.model.evidence import Box
from app.model.segment import Region, SegmentType

_NEAR: Final = 22.0
"""Points between a picture or a table and the text that names it."""
_CAPTION: Final = re.compile(
    r"(?i)(?:fig(?:ur[ae]|\.)?|abb(?:ildung|\.)?|tab(?:ell?[ae]|le|leau|\.)?|foto|photo|bild|ill(?:ustration|\.)?|"
    r"imagen?|imagem|graf(?:ico|ik)|gr[áa]fico|diagram\w*|rys\.?|afb(?:eelding|\.)?|quadro|tavola|tav\.|cuadro|"
    r"schema|chart|exhibit|plate)\s*\d{1,3}(?:[.\-]\d{1,3})?\b"
)
_TOUCHING: Final = 2.0
_LARGER: Final = 1.12
_RAGGED: Final = 0.08
"""Of a column's width: how far before its edge its lines end."""
_SEVERAL: Final = 3
_APART: Final = 0.35
"""Of the font size: more empty height than between lines of a text."""


def page_parts(
    page: Page, lines: Sequence[Line], edges: Mapping[int, Region], before: Table | None = None
) -> list[Part]:
    """The parts of a page; `edges` says which of its lines run along the edge of every page.

    `before` is the last table of the page before, which may go on.
    """
    inner = [line for at, line in enumerate(lines) if at not in edges]
    outer = [(line, edges[at]) for at, line in enumerate(lines) if at in edges]
    heads = [_edge_part(page, line, region) for line, region in outer if region is Region.HEADER]
    feet = [_edge_part(page, line, region) for line, region in outer if region is Region.FOOTER]
    flow: list[Part] = []
    for zone, pictures in _furnished(page, inner):
        flow += _zone_parts(page, zone, pictures, before)
        before = None
    return [*heads, *_captioned(flow), *feet]


def _furnished(page: Page, lines: Sequence[Line]) -> Iterator[tuple[Zone, list[Box]]]:
    """Each zone with the pictures that stand in it or next to it."""
    found = zones(page, lines)
    if not found:
        yield Zone((), Region.BODY), list(page.pictures)
        return
    boxes = [zone_box(zone) for zone in found]
    homes = [
        min(range(len(boxes)), key=lambda at: _distance(boxes[at], picture)) for picture in page.pictures
    ]
    for at, zone in enumerate(found):
        yield zone, [picture for picture, home in zip(page.pictures, homes, strict=True) if home == at]


def _nearest(boxes: Sequence[Box], picture: Box) -> int:
    return min(range(len(boxes)), key=lambda at: _distance(boxes[at], picture))


def _distance(zone: Box, picture: Box) -> float:
    """How far a picture's middle is from a zone, sideways first: it belongs to a column."""
    x, y = (picture.x0 + picture.x1) / 2, (picture.top + picture.bottom) / 2
    sideways = max(zone.x0 - x, 0.0, x - zone.x1)
    return 3 * sideways + max(zone.top - y, 0.0, y - zone.bottom)


def _zone_parts(page: Page, zone: Zone, pictures: Sequence[Box], before: Table | None = None) -> list[Part]:
    if zone.lines and all(is_upright(line) for line in zone.lines):
        return [_upright_part(page, lines) for lines in _stacked(zone.lines)]
    lines = mended(zone.lines)
    grids, loose = find_grids(page, lines, before)
    edges = _edges(page, lines)
    parts = [tabled(_sheet(page), grid) for grid in grids]
    parts += [part for block in listed(blocks(loose)) for part in _text_parts(page, block, edges)]
    parts += [Part(kind=SegmentType.PICTURE, sheet=_sheet(page), box=picture) for picture in pictures]
    for part in parts:
        part.region = zone.region
        if page.origin is TextOrigin.OCR and not part.words:
            part.words = _words_within(lines, part)
    return reading_order(parts, lambda part: part.box)


def _stacked(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Words set along the height of the page, in the order they were drawn, by what belongs together."""
    stack: list[Line] = []
    for line in lines:
        if stack and not _goes_along(stack[-1], line):
            yield stack
            stack = []
        stack.append(line)
    if stack:
        yield stack


def _goes_along(one: Line, other: Line) -> bool:
    wide = min(one.x1 - one.x0, other.x1 - other.x0)
    beside = min(one.x1, other.x1) - max(one.x0, other.x0) > wide / 2
    return beside and max(one.top, other.top) - min(one.bottom, other.bottom) < 2 * wide


def _upright_part(page: Page, lines: Sequence[Line]) -> Part:
    words = tuple(word for line in lines for word in line.words)
    return Part(
        kind=SegmentType.TEXT,
        sheet=_sheet(page),
        box=box_of(words),
        paragraphs=(Paragraph(" ".join(word.text for word in words)),),
        region=Region.SIDEBAR,
        lines=1,
        confidence=min(word.confidence for word in words),
        words=words if page.origin is TextOrigin.OCR else (),
    )


def _edges(page: Page, lines: Sequence[Line]) -> Edges:
    """Where the lines of a column end for want of room: where several do, else where the page does."""
    if not lines:
        return 0.0, page.width
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    ragged = _RAGGED * (right - left)
    starts = sum(line.x0 < left + ragged for line in lines)
    ends = sum(line.x1 > right - ragged for line in lines)
    return left if starts >= _SEVERAL else 0.0, right if ends >= _SEVERAL else page.width


def _words_within(lines: Sequence[Line], part: Part) -> tuple[Word, ...]:
    box = part.box
    return tuple(
        word
        for line in lines
        for word in line.words
        if box.x0 <= (word.x0 + word.x1) / 2 <= box.x1
        and box.top <= (word.top + word.bottom) / 2 <= box.bottom
    )


def _sheet(page: Page) -> Sheet:
    return Sheet(page.number, page.width, page.height)


def _text_parts(page: Page, block: Block, edges: Edges) -> Iterator[Part]:
    """A block, parted where the look of the letters changes: a heading stands tight over its text."""
    above: Sequence[Run] = ()
    for _, group in groupby(_styled(block.segments), key=lambda styled: styled[0]):
        runs = [run for _, run in group]
        yield _text_part(page, runs, edges, alone=not above or _is_apart(above[-1], runs[0]))
        above = runs


def _styled(runs: Sequence[Run]) -> Iterator[tuple[int, Run]]:
    """Each line with a number that changes with the size or the weight of whole lines."""
    number = 0
    last: tuple[float, bool] | None = None
    for run in runs:
        size, bold = median(font_size(word) for word in run.words), all(word.bold for word in run.words)
        if last is not None and (bold is not last[1] or not 1 / _LARGER < size / (last[0] or 1.0) < _LARGER):
            number += 1
        last = size, bold
        yield number, run


def _is_apart(above: Run, below: Run) -> bool:
    return below.box.top - above.box.bottom > _APART * font_size(below.words[0])


def _text_part(page: Page, runs: Sequence[Run], edges: Edges, *, alone: bool) -> Part:
    words = tuple(word for run in runs for word in run.words)
    return Part(
        kind=SegmentType.TEXT,
        sheet=_sheet(page),
        box=box_of(run.box for run in runs),
        paragraphs=tuple(paragraphs(runs, edges)),
        size=median(font_size(word) for word in words),
        bold=all(word.bold for word in words),
        lines=len(runs),
        confidence=min(word.confidence for word in words),
        words=words if page.origin is TextOrigin.OCR else (),
        alone=alone,
    )


def _edge_part(page: Page, line: Line, region: Region) -> Part:
    text = "  ".join(reads([word.text for word in run.words]) for run in line.segments)
    return Part(
        kind=SegmentType.TEXT,
        sheet=_sheet(page),
        box=line.box,
        paragraphs=(Paragraph(text),),
        region=region,
        lines=1,
        confidence=min(word.confidence for word in line.words),
        words=line.words if page.origin is TextOrigin.OCR else (),
    )


def _captioned(parts: Sequence[Part]) -> list[Part]:
    """Texts that begin as captions do and stand at a picture or a table are captions."""
    shown = [part.box for part in parts if part.kind in {SegmentType.PICTURE, SegmentType.TABLE}]
    for part in parts:
        if (
            part.kind is SegmentType.TEXT
            and _CAPTION.match(part.text)
            and any(_is_at(part.box, box) for box in shown)
        ):
            part.kind = SegmentType.CAPTION
    return list(parts)


def _is_at(text: Box, shown: Box) -> bool:
    above = -_TOUCHING <= shown.top - text.bottom < _NEAR
    below = -_TOUCHING <= text.top - shown.bottom < _NEAR
    return (above or below) and text.x0 < shown.x1 and shown.x0 < text.x1
