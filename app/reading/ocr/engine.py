"""What an engine that recognises text must be able to do."""

from typing import NamedTuple, Protocol

from PIL import Image

Point = tuple[float, float]


class SeenWord(NamedTuple):
    """A word on a picture: its corners in pixels, clockwise from where the word begins, top."""

    text: str
    confidence: float
    corners: tuple[Point, Point, Point, Point]


class SeenText(NamedTuple):
    """All the words of a picture, line by line."""

    words: tuple[SeenWord, ...]
    upside_down: float = 0.0
    """The part of the lines, 0 to 1, that had to be turned over to be read."""


class Engine(Protocol):
    """Recognises text. An engine holds loaded models, so one is kept for the life of a process."""

    name: str

    def recognise(self, picture: Image.Image) -> SeenText:
        """Read every word of an upright or slightly skewed RGB picture.

        Raises:
            OcrFailed: when the engine itself breaks.
        """
        ...
