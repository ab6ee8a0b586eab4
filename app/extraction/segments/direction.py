"""Words in the order they are read: from the right where the script runs that way."""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

_LEFTWARDS: Final = frozenset({"R", "AL"})


def reads(words: Sequence[str]) -> str:
    """The words of a line, given from left to right, as one text in reading order.

    In a line that runs leftwards, runs of words of the other direction (names, amounts) keep their own order.
    """
    if not runs_leftwards("".join(words)):
        return " ".join(words)
    runs = [list(run) for _, run in groupby(words, _is_leftward)]
    ordered = [list(reversed(run)) if _is_leftward(run[0]) else run for run in reversed(runs)]
    return " ".join(word for run in ordered for word in run)


def runs_leftwards(text: str) -> bool:
    """Whether most letters of a text belong to a script that is read from the right."""
    if text.isascii():
        return False
    letters = [unicodedata.bidirectional(c) for c in text if c.isalpha()]
    return sum(kind in _LEFTWARDS for kind in letters) * 2 > len(letters) > 0


def _is_leftward(word: str) -> bool:
    return not word.isascii() and any(unicodedata.bidirectional(c) in _LEFTWARDS for c in word)
