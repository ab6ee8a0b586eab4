"""Which stored extraction may stand for reading a document again."""

import platform
from collections.abc import Sequence
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import msgspec

from app import __version__
from app.model.job import Job, JobType

_READERS: Final = ("pypdfium2", "pdfplumber", "lxml", "rapidocr", "zxing-cpp")
"""What another version of may read differently; absent ones count as a version of their own."""


def versions(packages: Sequence[str] = ()) -> Sequence[str]:
    """Everything installed that an extraction depends on, `packages` besides what always counts."""
    always = (__version__, platform.python_version(), *(_version(name) for name in _READERS))
    return (*always, *(f"{name} {_version(name)}" for name in packages))


def fingerprint(job: Job, installed: Sequence[str]) -> str | None:
    """What determines the extraction besides the bytes; `None` when it must be read afresh.

    A document that took a password is never served from the cache: whoever has the file but not the password
    would be shown what is in it. Neither passwords nor keys are part of a fingerprint.
    """
    order = job.order
    if order.type is not JobType.EXTRACT:
        return None
    options = msgspec.structs.replace(order.options, password=None)
    asked = (_prompt(), order.assistance) if order.assistance is not None else None
    text = msgspec.json.encode((installed, options, asked), order="deterministic")
    return blake2b(text, digest_size=16).hexdigest()


def _prompt() -> str:
    """What a model is told, in its present version."""
    from app.extraction.llm.conversation import PROMPT  # noqa: PLC0415  # most jobs ask none

    return PROMPT.sha256


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
