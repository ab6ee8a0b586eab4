"""A document to its segments, its Markdown and its chunks."""

from collections.abc import Sequence

import msgspec

from app.extraction.page.layout import Line, lines, repeated
from app.extraction.segments.chunks import cut
from app.extraction.segments.flow import page_segments
from app.extraction.segments.grid import Grid
from app.model.document import Document
from app.model.job import Chunking
from app.model.progress import Stage, Watch, unwatched
from app.model.segment import ParsedDocument, Region, Segment, SegmentType


def parse_document(document: Document, wanted: Chunking, watch: Watch = unwatched) -> ParsedDocument:
    """Everything that stands on the pages, in reading order."""
    segments = [segment for segment in segments_of(document, watch) if _is_wanted(segment, wanted)]
    return ParsedDocument(
        file_type=document.file_type,
        page_count=document.page_count,
        markdown=_markdown(segments),
        chunks=cut(segments, wanted.chunk_size, wanted.overlap),
    )


def segments_of(document: Document, watch: Watch = unwatched) -> list[Segment]:
    """The segments of all pages; a table that goes on over a page says so."""
    layouts = [lines(page) for page in document.pages]
    edges = _edges(layouts)
    found: list[Segment] = []
    last: Grid | None = None
    for at, page in enumerate(document.pages):
        watch(Stage.EXTRACTING, 60 + 30 * at // len(document.pages))
        placed = page_segments(page, layouts[at], edges[at])
        last = _continue(found, placed, last)
    return found


def _is_wanted(segment: Segment, wanted: Chunking) -> bool:
    if wanted.segment_types and segment.segment_type not in wanted.segment_types:
        return False
    return wanted.running or segment.region is Region.BODY


def _edges(layouts: Sequence[Sequence[Line]]) -> list[dict[int, Region]]:
    """By page: which lines run on every page, and along which edge."""
    running = repeated([[(line.top, line.text) for line in layout] for layout in layouts])
    edges: list[dict[int, Region]] = [{} for _ in layouts]
    for page, line in running:
        upper = all((page, above) in running for above in range(line))
        edges[page][line] = Region.HEADER if upper else Region.FOOTER
    return edges


def _continue(
    found: list[Segment], placed: Sequence[tuple[Segment, Grid | None]], last: Grid | None
) -> Grid | None:
    """Add a page's segments; a first table in the columns of the last page's last table goes on from it."""
    body = [grid for segment, grid in placed if segment.region is Region.BODY]
    for segment, grid in placed:
        goes_on = grid is not None and last is not None and grid is body[0] and _same_columns(grid, last)
        found.append(msgspec.structs.replace(segment, continued=True) if goes_on else segment)
    return body[-1] if body else last


def _same_columns(one: Grid, other: Grid) -> bool:
    """Whether every column of one table stands under the same column of the other."""
    return one.columns == other.columns and all(
        here.x0 < there.x1 and there.x0 < here.x1
        for here, there in zip(one.extents(), other.extents(), strict=True)
    )


def _markdown(segments: Sequence[Segment]) -> str:
    """The whole document; tables that go on over pages are one table."""
    texts: list[str] = []
    for segment in segments:
        if segment.continued and texts and segment.segment_type is SegmentType.TABLE:
            texts[-1] += "\n" + "\n".join(segment.markdown.split("\n")[2:])
        elif segment.markdown:
            texts.append(segment.markdown)
    return "\n\n".join(texts) + "\n" if texts else ""
