"""From the reader's own certainty to a probability: a value said to be 0.9 sure is right nine times in ten.

The curves are data (`calibration.json`), fitted over invoices whose truth is known by
`python -m tests.generator.calibrate`; each is a rising line through a few points, one for each field of the
result, and one for the reading as a whole.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from app.model.evidence import Evidence
from app.model.extraction import Extraction
from app.model.paths import CORE

Point = tuple[float, float]
_MISSING: Final = 0.6
"""What a core field that is not there leaves of the trust in the rest."""
_HIGHEST: Final = 0.995
_INDEX: Final = re.compile(r"\[\d+\]")


class Curves(msgspec.Struct, frozen=True, kw_only=True):
    """How often values of a certainty turned out right."""

    fields: Mapping[str, tuple[Point, ...]]
    """By path without its index (`line_items.amount`): points of certainty and probability, both rising."""
    default: tuple[Point, ...]
    """For fields that were met too seldom to have a curve."""
    whole: tuple[Point, ...]
    """From the product of the core fields' probabilities to that of all being right."""


@cache
def curves() -> Curves:
    """The fitted curves."""
    return msgspec.json.decode((files(__package__) / "calibration.json").read_bytes(), type=Curves)


def calibrate(extraction: Extraction, by: Curves | None = None) -> Extraction:
    """The same values with probabilities for certainties, and one for the whole of the first invoice."""
    by = by or curves()
    readings = tuple(
        msgspec.structs.replace(
            reading, fields={path: _probable(path, proof, by) for path, proof in reading.fields.items()}
        )
        for reading in extraction.readings
    )
    confidence = along(by.whole, product(readings[0].fields))
    return msgspec.structs.replace(extraction, readings=readings, confidence=confidence)


def field_of(path: str) -> str:
    """A path without the index of its row."""
    return _INDEX.sub("", path)


def product(fields: Mapping[str, Evidence]) -> float:
    """The core fields' probabilities multiplied, as if they were independent."""
    found = 1.0
    for path in CORE:
        found *= fields[path].confidence if path in fields else _MISSING
    return found


def _probable(path: str, proof: Evidence, by: Curves) -> Evidence:
    curve = by.fields.get(field_of(path), by.default)
    return msgspec.structs.replace(proof, confidence=along(curve, proof.confidence))


def along(curve: Sequence[Point], certainty: float) -> float:
    """The probability at a certainty, between the points in proportion."""
    place = bisect_right([x for x, _ in curve], certainty)
    if place in {0, len(curve)}:
        return round(min(curve[max(0, place - 1)][1], _HIGHEST), 3)
    (x0, y0), (x1, y1) = curve[place - 1], curve[place]
    return round(min(y0 + (y1 - y0) * (certainty - x0) / (x1 - x0), _HIGHEST), 3)
