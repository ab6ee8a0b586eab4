"""A value that may be a field's: what it is, where it stands, how well it fits."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.lines import Place, TextLine

_PARTED: Final = re.compile(r"\s[|•·]\s")
"""What parts the entries of one line: a label behind it begins as one at the margin does."""
_FEW: Final = 2  # words before a label that do not make it part of a sentence
_RIVALRY: Final = 0.3  # a rival whose score is closer than this casts doubt


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """A value that could be a field's, where it stands, and how well it fits."""

    value: object
    place: Place
    score: float
    label: Label | None = None
    line: TextLine | None = None
    start: int = 0


def label_strength(label: Label, kind: str) -> float:
    """How much a label's wording and position say that it labels."""
    strength = label.weight(kind)
    if not label.leads:
        start, _ = label.line.segment_at(label.start)
        before = len(_PARTED.split(label.line.text[start : label.start])[-1].split())
        strength *= 1.0 if not before else 0.75 if before <= _FEW else 0.45
    if not label.closes:
        strength *= 0.9
    return strength


def certainty(candidates: Sequence[Candidate]) -> float:
    """How sure the first of ranked candidates is: its score, less where another value comes close."""
    best = candidates[0]
    rival = next((other for other in candidates[1:] if other.value != best.value), None)
    doubt = max(0.0, 1 - (best.score - rival.score) / _RIVALRY) if rival else 0.0
    return min(best.score, 0.97) * (1 - 0.35 * doubt)


class Text(msgspec.Struct, frozen=True, eq=False):
    """A value that is a piece of text, and where it stands."""

    value: str
    place: Place
    score: float = 1.0
