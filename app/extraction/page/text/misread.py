"""Words of labels that recognition misread by a letter that looks like another: `Recelpt`, `Tatal`."""

from collections.abc import Container
from typing import Final

_ALIKE: Final = (
    "il", "i1", "l1", "it", "lt", "ij", "ft", "o0", "oa", "oe", "oc", "ce", "ae", "nm", "un", "uv", "hb",
    "s5", "b8", "gq", "g9", "rn", "yv", "z2",
)  # fmt: skip
_SHORTEST: Final = 5
"""Letters of a word that is still known with one of them wrong."""
_FOR: Final = {
    char: "".join(pair.replace(char, "") for pair in _ALIKE if char in pair) for char in {*"".join(_ALIKE)}
}


def meant(token: str, known: Container[str]) -> str:
    """The known word that a folded token was meant to be; itself where it is known or too far off."""
    if len(token) < _SHORTEST or token in known:
        return token
    for at, char in enumerate(token):
        for other in _FOR.get(char, ""):
            word = f"{token[:at]}{other}{token[at + 1 :]}"
            if word in known:
                return word
    return token
