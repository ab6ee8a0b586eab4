"""The characters that recognition writes otherwise than print does."""

from typing import Final

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The full-width forms of East Asian type, which the models mix into Latin text, to the usual ones."""
_OTHERS: Final = str.maketrans("。、【】￥\u3000", ".,[]¥ ")
_USUAL: Final[dict[int, int]] = {**_WIDE, **_OTHERS}


def usual(text: str) -> str:
    """The text in the characters that Latin print has."""
    return text.translate(_USUAL)
