"""How far a job has come."""

from collections.abc import Callable
from enum import StrEnum


class Stage(StrEnum):
    """What a job is doing."""

    QUEUED = "queued"
    READING = "reading"
    OCR = "ocr"
    EXTRACTING = "extracting"
    VALIDATING = "validating"
    DONE = "done"


Watch = Callable[[Stage, int], None]
"""Told the stage and the whole job's progress in percent, never going back."""


def unwatched(_stage: Stage, _percent: int) -> None:
    """For callers who do not care how far it has come."""
