"""The tesseract engine, where the operator has installed it with the languages wanted."""

import csv
import io
import os
import shutil
import subprocess
from typing import Final

from PIL import Image

from app.errors import OcrFailed
from app.reading.ocr.engine import SeenText, SeenWord

_WANTED: Final = ("eng", "ita", "deu", "fra", "spa", "por", "nld", "pol")
_WORD_LEVEL: Final = "5"


class TesseractEngine:
    """The command-line program, one call a page."""

    name = "tesseract"

    def __init__(self, seconds: float = 60.0) -> None:
        program = shutil.which("tesseract")
        if program is None:
            raise OcrFailed(
                "This is a picture, and tesseract is not installed: install it, "
                "or the `ocr` extra of this program."
            )
        self._program, self._seconds = program, seconds
        self._languages = "+".join(self._installed()) or "eng"

    def recognise(self, picture: Image.Image) -> SeenText:
        """Read every word of a picture."""
        image = io.BytesIO()
        picture.save(image, "PNG", compress_level=1)
        table = self._run(["stdin", "stdout", "-l", self._languages, "--psm", "3", "tsv"], image.getvalue())
        rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        return SeenText(tuple(_word(row) for row in rows if _is_word(row)))

    def _installed(self) -> list[str]:
        listed = set(self._run(["--list-langs"]).split())
        return [language for language in _WANTED if language in listed]

    def _run(self, arguments: list[str], stdin: bytes = b"") -> str:
        try:
            ended = subprocess.run(
                [self._program, *arguments],
                input=stdin,
                capture_output=True,
                timeout=self._seconds,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its own threads cost more than they bring
            )
        except (subprocess.SubprocessError, OSError) as problem:
            raise OcrFailed("The text recognition engine could not read the picture.") from problem
        return ended.stdout.decode("utf-8", "replace")


def _is_word(row: dict[str, str]) -> bool:
    return row["level"] == _WORD_LEVEL and bool(row["text"].strip()) and float(row["conf"]) >= 0


def _word(row: dict[str, str]) -> SeenWord:
    x0, top = float(row["left"]), float(row["top"])
    x1, bottom = x0 + float(row["width"]), top + float(row["height"])
    corners = ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
    return SeenWord(row["text"].strip(), float(row["conf"]) / 100, corners)
