"""Evidence put where a person sees it: also on pages that were turned before they were read."""

from collections.abc import Iterable, Mapping
from math import ceil, cos, floor, radians, sin
from typing import Final

import msgspec

from app.model.document import Page
from app.model.evidence import Box, Evidence
from app.model.extraction import Extraction, Reading

_UPRIGHT: Final = 1e-6


def as_displayed(extraction: Extraction, pages: Iterable[Page]) -> Extraction:
    """The extraction with its boxes on the pages as they are displayed, to a hundredth of a point."""
    turned = {page.number: page for page in pages if abs(page.turned) > _UPRIGHT}
    readings = tuple(
        Reading(invoice=reading.invoice, fields=_displayed(reading.fields, turned))
        for reading in extraction.readings
    )
    return msgspec.structs.replace(extraction, readings=readings)


def _displayed(fields: Mapping[str, Evidence], turned: Mapping[int, Page]) -> dict[str, Evidence]:
    shown = dict(fields)
    for path, evidence in fields.items():
        if evidence.bbox is None:
            continue
        page = turned.get(evidence.page or 0)
        box = evidence.bbox if page is None else turned_back(evidence.bbox, page)
        shown[path] = msgspec.structs.replace(evidence, bbox=_whole_hundredths(box))
    return shown


def _whole_hundredths(box: Box) -> Box:
    """The box with edges moved outwards to the next hundredth: digits beyond say nothing."""
    x0, top, x1, bottom = (edge * 100 for edge in box)
    return Box(floor(x0) / 100, floor(top) / 100, ceil(x1) / 100, ceil(bottom) / 100)


def turned_back(box: Box, page: Page) -> Box:
    """The box around a box of the upright page, on the page as displayed.

    The page was turned counter-clockwise about its middle by `page.turned` degrees; turning its corners
    clockwise by as much brings them back. A page that was laid on its side has its sides exchanged.
    """
    lying = round(page.turned / 90) % 2 == 1
    width, height = (page.height, page.width) if lying else (page.width, page.height)
    c, s = cos(radians(page.turned)), sin(radians(page.turned))
    corners = [
        (x - page.width / 2, y - page.height / 2) for x in (box.x0, box.x1) for y in (box.top, box.bottom)
    ]
    back = [(x * c - y * s + width / 2, x * s + y * c + height / 2) for x, y in corners]
    across, down = [x for x, _ in back], [y for _, y in back]
    return Box(min(across), min(down), max(across), max(down))
