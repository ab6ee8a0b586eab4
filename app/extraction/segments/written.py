"""Parts to segments: what each says as text, Markdown and HTML, in the measure that was asked for."""

from collections.abc import Collection, Iterable, Mapping
from html import escape

import msgspec

from app.extraction.segments import markup
from app.extraction.segments.part import Part
from app.extraction.segments.table import Cell, Table
from app.model.evidence import Box
from app.model.segment import Extra, Parsing, RecognisedWord, Segment, SegmentType

Pictures = Mapping[int, str]
"""Links to the pictures that were drawn, by the index of their segment."""


def is_wanted(part: Part, wanted: Parsing) -> bool:
    """Whether a part is of the kinds and regions that were asked for."""
    if wanted.segment_types and part.kind not in wanted.segment_types:
        return False
    return not wanted.regions or part.region in wanted.regions


def segment_of(index: int, part: Part, image: str | None = None) -> Segment:
    """A part with all that can be told of it."""
    return Segment(
        index=index,
        segment_type=part.kind,
        content=_content(part),
        image=image,
        page_number=part.sheet.number,
        page_width=part.sheet.width,
        page_height=part.sheet.height,
        bbox=part.box,
        confidence=part.confidence,
        html=html_of(part, image),
        markdown=markdown_of(part, image),
        ocr=_recognised(part),
        region=part.region,
        level=part.level,
        continued=part.continued,
    )


def thinned(segment: Segment, include: Collection[Extra]) -> Segment:
    """A segment without the extras that were not asked for."""
    if len(include) == len(Extra):
        return segment
    return msgspec.structs.replace(
        segment,
        markdown=segment.markdown if Extra.MARKDOWN in include else "",
        html=segment.html if Extra.HTML in include else "",
        ocr=segment.ocr if Extra.OCR in include else (),
    )


def _content(part: Part) -> str:
    return part.text if part.table is None else markup.plain_table(_own_rows(part.table))


def _own_rows(table: Table) -> Iterable[tuple[Cell, ...]]:
    """The rows that stand on the part's own page: heads that were carried over from another are not."""
    return table.rows[table.carried :]


def _recognised(part: Part) -> tuple[RecognisedWord, ...]:
    return tuple(
        RecognisedWord(word.text, word.confidence, Box(word.x0, word.top, word.x1, word.bottom))
        for word in part.words
    )


def html_of(part: Part, image: str | None) -> str:
    """A part as HTML."""
    if part.table is not None:
        return markup.html_table(part.table)
    if part.kind is SegmentType.PICTURE:
        return f'<figure><img src="{escape(image)}" alt=""></figure>' if image else "<figure></figure>"
    return markup.html_text(part.kind, part.level, part.paragraphs)


def markdown_of(part: Part, image: str | None) -> str:
    """A part as Markdown; a picture that was not drawn is nothing."""
    if part.table is not None:
        return "\n".join(markup.markdown_table(part.table))
    if part.kind is SegmentType.PICTURE:
        return f"![]({image})" if image else ""
    return markup.markdown_text(part.kind, part.level, part.paragraphs)
