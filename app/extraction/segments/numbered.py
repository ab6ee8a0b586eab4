"""Items of a list that stand alone: one before the end of a page, the others after it."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.extraction.segments.part import Part
from app.extraction.segments.prose import Paragraph
from app.model.segment import Region, SegmentType

_ITEM: Final = re.compile(r"(\(?)(\d{1,3})([.)]) (.+)", re.DOTALL)


def join_items(parts: Sequence[Part]) -> None:
    """Make items of paragraphs whose number follows that of a text before, or precedes one after.

    Between the two may stand the rest of the first, on the next page.
    """
    flow = [part for part in parts if part.region is Region.BODY and part.paragraphs]
    texts = [part for part in flow if part.kind is SegmentType.TEXT]
    for above, below in [*pairwise(texts), *zip(texts, texts[2:], strict=False)]:
        last, first = _number(above.paragraphs[-1]), _number(below.paragraphs[0])
        if last and first and last[1:] == (first[1] - 1, first[2]) and last[0] == first[0]:
            above.paragraphs = (*above.paragraphs[:-1], _item(above.paragraphs[-1]))
            below.paragraphs = (_item(below.paragraphs[0]), *below.paragraphs[1:])


def _number(paragraph: Paragraph) -> tuple[str, int, str] | None:
    text = f"{paragraph.printed} {paragraph.text}" if paragraph.mark else paragraph.text
    match = _ITEM.fullmatch(text)
    return (match[1], int(match[2]), match[3]) if match else None


def _item(paragraph: Paragraph) -> Paragraph:
    match = _ITEM.fullmatch(paragraph.text)
    if paragraph.mark or match is None:
        return paragraph
    printed = f"{match[1]}{match[2]}{match[3]}"
    return Paragraph(" ".join(match[4].split()), printed, 0, printed)
