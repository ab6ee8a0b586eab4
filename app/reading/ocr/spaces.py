"""Spaces that recognition lost: words run together in the text whose letters stand apart on the picture.

A wide gap of paper inside a word is a space if the text could break about there. Numbers are never parted:
the figures of many fonts stand as far apart as words do, and so do the letters of a till.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import median
from typing import Final

Span = tuple[int, int]
_SHORTEST: Final = 4
"""Characters of a word that may be two."""
_SPACE: Final = 0.17
"""Of the line's height: a gap that is a space where the line shows no other."""
_LIKE_OTHERS: Final = 0.72
"""Of the usual space of the line, from which a gap is one."""
_LEAST: Final = 0.13
"""Of the line's height: no space is narrower."""
_OFF: Final = 0.9
"""Characters by which a break may be off its expected place."""
_NARROW: Final = frozenset("iljtfrI.,:;'!|()[]/-1")
_WIDE: Final = frozenset("mwMWÄÖÜOQGDHNU@%&")


def lost_spaces(
    text: str, span: Span, gaps: Sequence[Span], between: Sequence[int], height: int
) -> list[tuple[int, Span]]:
    """Where a word breaks: the number of characters before each break, and the gap that is there.

    `gaps` are the runs of paper inside its `span`, `between` the widths of the spaces of its line.
    """
    if len(text) < _SHORTEST:
        return []
    least = max(_LIKE_OTHERS * median(between), _LEAST * height) if between else _SPACE * height
    places = _boundaries(text, span)
    found: list[tuple[int, Span]] = []
    for gap in gaps:
        if gap[1] - gap[0] >= least:
            at = _break_at(text, places, sum(gap) / 2, (span[1] - span[0]) / len(text))
            if at is not None and at > (found[-1][0] if found else 0):
                found.append((at, gap))
    return found


def _boundaries(text: str, span: Span) -> list[float]:
    """Where each character should end, by the usual widths of letters."""
    ends = list(accumulate(0.55 if char in _NARROW else 1.4 if char in _WIDE else 1.0 for char in text))
    return [span[0] + (span[1] - span[0]) * end / ends[-1] for end in ends]


def _break_at(text: str, places: Sequence[float], gap: float, character: float) -> int | None:
    """After how many characters the text may break nearest to a gap; `None` where it may not."""
    best: tuple[float, int] | None = None
    for at in range(1, len(text)):
        off = abs(places[at - 1] - gap) / character
        if off <= _OFF and (best is None or off < best[0]) and _may_break(text[:at], text[at:]):
            best = (off, at)
    return best[1] if best else None


def _may_break(left: str, right: str) -> bool:
    """Whether two words may have been run together here: `Nr.R12`, `vom30.10.`, `100gBecher`, `471102vom`.

    Letters in capitals with figures are a code, and one piece.
    """
    before, after = left[-1], right[0]
    if before in ".:,;)":
        inside_number = left[-2:-1].isdigit() and after.isdigit()
        return after.isalpha() or (before in ":)" and after.isdigit() and not inside_number)
    if before.islower():
        return after.isupper() or (after.isdigit() and left[-2:].isalpha())
    titled = after.isupper() and right[1:2].islower()
    return before.isdigit() and (titled or (after.islower() and right[:2].isalpha() and right[:2].islower()))


def widths(spans: Sequence[Span]) -> list[int]:
    """The gaps between neighbours."""
    return [start - end for (_, end), (start, _) in pairwise(spans) if start > end]
