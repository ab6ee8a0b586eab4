"""Reading order: pages are cut along empty strips, across first, then down."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from app.model.evidence import Box

Part = TypeVar("Part")
_STRIP: Final = 3.0
"""Points: an empty strip narrower than this parts nothing."""
_COLUMN: Final = 9.0


def reading_order(parts: Sequence[Part], box: Callable[[Part], Box]) -> list[Part]:
    """The parts of a page as a person reads them: columns one after the other, bands from top to bottom."""
    if len(parts) < 2:  # noqa: PLR2004 (nothing to order)
        return list(parts)
    bands = _cut([((box(part).top, box(part).bottom), part) for part in parts], _STRIP)
    if len(bands) == 1:
        bands = _cut([((box(part).x0, box(part).x1), part) for part in parts], _COLUMN)
    if len(bands) > 1:
        return [part for band in bands for part in reading_order(band, box)]
    return sorted(parts, key=lambda part: (box(part).top, box(part).x0))


def _cut(extents: Sequence[tuple[tuple[float, float], Part]], strip: float) -> list[list[Part]]:
    """Groups of parts, by their extents along one axis, with empty strips between the groups."""
    groups: list[list[Part]] = []
    reach = float("-inf")
    for (low, high), part in sorted(extents, key=lambda extent: extent[0]):
        if groups and low < reach + strip:
            groups[-1].append(part)
        else:
            groups.append([part])
        reach = max(reach, high)
    return groups
