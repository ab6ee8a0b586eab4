"""The document without its tables of items: where nobody is named and no party's number stands."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from app.extraction.page.tables.table import Table
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.scan import Scan, Seg, by_kind
from app.model.evidence import Box

_MARGIN: Final = 6.0  # points that cells stand out from under their heads

Covered = dict[int, tuple[float, float]]
"""From where to where a table takes up a line, by the line's number."""


def covered(tables: Sequence[Table], rows: Iterable[int]) -> Covered:
    """The heads and the rows of tables of items; what stands beside them on the same height is not theirs."""
    taken: Covered = {}
    items = frozenset(rows)
    for table in tables:
        if not (table.lists_items or table.sums_taxes):
            continue
        left = min([column.x0 for column in table.columns]) - _MARGIN
        right = max([column.x1 for column in table.columns]) + _MARGIN
        for number in range(table.head.first, table.head.last + 1):
            taken[number] = (left, right)
        for strip in table.strips:
            if strip.line.number in items:
                taken[strip.line.number] = (left, right)
    return taken


def without(found: Scan, taken: Covered) -> Scan:
    """The scan without the segments and labels inside tables."""
    segs, labels = list(found.segs), list(found.labels)
    for number, (left, right) in taken.items():
        kept = [seg for seg in found.segs[number] if not _inside(seg.box, left, right)]
        segs[number] = tuple(kept)
        labels[number] = tuple(label for label in found.labels[number] if _in_any(label, kept))
    return msgspec.structs.replace(
        found, segs=tuple(segs), labels=tuple(labels), by_kind=by_kind(labels), kept={}
    )


def _inside(box: Box, left: float, right: float) -> bool:
    return box.x0 < right and left < box.x1


def _in_any(label: Label, segs: Iterable[Seg]) -> bool:
    return any(seg.start <= label.start < seg.end for seg in segs)
