"""Evidence put back where a person sees it, on pages that were turned before they were read."""

from collections.abc import Iterable, Mapping
from math import cos, radians, sin
from typing import Final

import msgspec

from app.model.document import Page
from app.model.evidence import Box, Evidence
from app.model.extraction import Extraction, Reading

_UPRIGHT: Final = 1e-6


def as_displayed(extraction: Extraction, pages: Iterable[Page]) -> Extraction:
    """The extraction with its boxes on the pages as they are displayed."""
    turned = {page.number: page for page in pages if abs(page.turned) > _UPRIGHT}
    if not turned:
        return extraction
    readings = tuple(
        Reading(invoice=reading.invoice, fields=_displayed(reading.fields, turned))
        for reading in extraction.readings
    )
    return msgspec.structs.replace(extraction, readings=readings)


def _displayed(fields: Mapping[str, Evidence], turned: Mapping[int, Page]) -> dict[str, Evidence]:
    shown = dict(fields)
    for path, evidence in fields.items():
        page = turned.get(evidence.page or 0)
        if page is not None and evidence.bbox is not None:
            shown[path] = msgspec.structs.replace(evidence, bbox=turned_back(evidence.bbox, page))
    return shown


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
