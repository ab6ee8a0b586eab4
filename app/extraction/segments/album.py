"""The pictures of a document, cut out of their pages while these are open and named when all is numbered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from app.extraction.segments.part import Part
from app.model.document import Page
from app.model.evidence import Box
from app.model.limits import Limits
from app.model.segment import SegmentType

Draw = Callable[[int, Box], Image.Image | None]
"""A part of a page, by its number, as a picture; `None` where it cannot be drawn."""

_FASTEST: Final = 1
"""Of PNG's nine levels of compression."""


class Album:
    """Holds the places of the pictures, and the pictures as files of a folder."""

    def __init__(self, draw: Draw, folder: Path, limits: Limits, *, drawn: bool) -> None:
        self._draw = draw
        self._folder = folder
        self._room = limits.pictures if drawn else 0
        self._kept: dict[tuple[int, Box], Path] = {}

    def through(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages; of each the pictures are drawn when it is asked for."""
        for page in pages:
            for box in page.pictures:
                self._keep(page.number, box)
            yield page

    def named(self, parts: Sequence[Part], links: str) -> dict[int, str]:
        """Name each file by the number of its part; links to them, each after `links`."""
        found: dict[int, str] = {}
        for index, part in enumerate(parts):
            path = (
                self._kept.pop((part.sheet.number, part.box), None)
                if part.kind is SegmentType.PICTURE
                else None
            )
            if path is not None:
                path.rename(self._folder / f"{index}.png")
                found[index] = f"{links}{index}.png"
        return found

    def _keep(self, number: int, box: Box) -> None:
        if len(self._kept) >= self._room or (number, box) in self._kept:
            return
        picture = self._draw(number, box)
        if picture is None:
            return
        path = self._folder / f".{len(self._kept)}"
        picture.save(path, format="PNG", compress_level=_FASTEST)
        self._kept[number, box] = path
