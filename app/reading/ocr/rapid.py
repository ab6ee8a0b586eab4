"""The rapidocr engine: its models come inside its wheel, so that nothing is fetched when it runs."""

import logging
from typing import Any, Final

import numpy as np
from PIL import Image
from rapidocr import RapidOCR

from app.errors import OcrFailed
from app.reading.ocr.engine import Point, SeenText, SeenWord
from app.reading.ocr.ink import tightened

_PARAMETERS: Final = {
    # The detector sees a page of at most this many pixels on its longer side; more costs time, not words.
    "Det.limit_side_len": 1280,
    "Det.limit_type": "max",
    # Lines are cut out of the page as it is: shrunk to the engine's usual 2000 pixels small print blurs.
    "Global.max_side_len": 4000,
    # Lines one by one: batches are padded to their longest line, which costs more than it saves on invoices.
    "Rec.rec_batch_num": 1,
    # Whole pages lie upside down, not lines: that is settled by page, in `upright`.
    "Global.use_cls": False,
    "Global.return_word_box": True,
    "Global.log_level": "critical",
    "Global.text_score": 0.3,
    # Several processes share the machine; each keeps to one core.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_GROWN: Final = 0.12
"""The part of a box, at its top and at its bottom, that the detector adds around the letters."""


class RapidEngine:
    """PP-OCR models on onnxruntime."""

    name = "rapidocr"

    def __init__(self) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        self._engine = RapidOCR(params=_PARAMETERS)

    def recognise(self, picture: Image.Image) -> SeenText:
        """Read every word of a picture."""
        pixels = np.asarray(picture)[:, :, ::-1]
        try:
            seen = self._engine(pixels)
        except Exception as problem:
            raise OcrFailed("The text recognition engine could not read the picture.") from problem
        if seen.txts is None:
            return SeenText(())
        grey = np.asarray(picture.convert("L"))
        words: list[SeenWord] = []
        for text, score, line, pieces in zip(
            seen.txts, seen.scores, seen.boxes, seen.word_results, strict=False
        ):
            corners = [(float(x), float(y)) for x, y in line]
            words += tightened(_words_of(text, float(score), pieces), corners, grey)
        return SeenText(tuple(words))


def _words_of(text: str, score: float, pieces: Any) -> list[SeenWord]:  # noqa: ANN401 (rapidocr's own nested tuples)
    """The words of one line.

    The engine cuts `1.234,56` into pieces; the spaces of its text say what belongs together.
    """
    found, left = [], [piece for piece in pieces if piece[2] is not None]
    for token in text.split():
        mine: list[Any] = []
        while left and len("".join(piece[0] for piece in mine)) < len(token):
            mine.append(left.pop(0))
        if mine:
            confidence = min(score, *(float(piece[1]) for piece in mine))
            found.append(SeenWord(token, confidence, _span([piece[2] for piece in mine])))
    return found


def _span(quads: list[list[Point]]) -> tuple[Point, Point, Point, Point]:
    """The corners of adjoining pieces together, without the margin the detector adds above and below."""
    (left_top, _, _, left_bottom), (_, right_top, right_bottom, _) = quads[0], quads[-1]
    return (
        _between(left_top, left_bottom, _GROWN),
        _between(right_top, right_bottom, _GROWN),
        _between(right_bottom, right_top, _GROWN),
        _between(left_bottom, left_top, _GROWN),
    )


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
