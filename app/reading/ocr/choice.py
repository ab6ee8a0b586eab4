"""Which engine reads pictures: the one the settings name, else the best that is installed."""

import importlib
import importlib.util
import shutil
from functools import cache
from typing import Final

from app.errors import OcrFailed
from app.reading.ocr.engine import Engine

_HOW_TO_INSTALL: Final = (
    "This is a picture, and no text recognition engine is installed: install the `ocr` extra of this program "
    "(`pip install -r requirements-ocr.txt`), or tesseract with its language data."
)
_ENGINES: Final = {
    "rapidocr": ("app.reading.ocr.rapid", "RapidEngine"),
    "tesseract": ("app.reading.ocr.tesseract", "TesseractEngine"),
}
NAMES: Final = ("auto", *_ENGINES, "none")


def installed() -> tuple[str, ...]:
    """The engines that can be used here, the best first."""
    found = []
    if all(importlib.util.find_spec(package) for package in ("rapidocr", "onnxruntime")):
        found.append("rapidocr")
    if shutil.which("tesseract"):
        found.append("tesseract")
    return tuple(found)


@cache
def engine_named(name: str) -> Engine:
    """The engine of that name (`auto` for the best installed), loaded once in a process.

    Raises:
        OcrFailed: saying what to install, when it is not there.
    """
    if name == "auto":
        name = next(iter(installed()), "none")
    if name not in _ENGINES:
        raise OcrFailed(_HOW_TO_INSTALL)
    module, engine = _ENGINES[name]
    try:
        loaded: Engine = getattr(importlib.import_module(module), engine)()
    except ImportError as problem:
        raise OcrFailed(_HOW_TO_INSTALL) from problem
    return loaded
