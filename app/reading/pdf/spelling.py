"""The characters of a word as a person would type them."""

import re
import unicodedata
from typing import Final

# Characters without a meaning of their own: soft hyphen, zero-width spaces and joiners, byte order mark.
_DROPPED: Final = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
# Code 128 is the euro in Windows fonts and this letter in Macintosh ones; fonts that confuse them are common.
_MISREAD_EURO: Final = re.compile(r"Ä(?=-?\d)|(?<=\d)Ä$")
_SOFT_HYPHEN: Final = "\xad"
_HYPHENS: Final = {0x2010: "-", 0x2011: "-"}
# Compatibility forms that are only another shape of the same text: Latin ligatures, full-width forms,
# mathematical letters. Superscripts, fractions and signs (², ½, №, ª) say something and stay.
_SHAPES: Final = ((0xFB00, 0xFB06), (0xFF01, 0xFF5E), (0x1D400, 0x1D7FF))


def spelled(text: str) -> str:
    """A word with ligatures resolved, accents composed and invisible characters gone; possibly nothing."""
    if text.isascii():
        return text
    if text.endswith(_SOFT_HYPHEN):
        text = text.rstrip(_SOFT_HYPHEN) + "-"  # at the end of a line, which is where it shows
    text = _MISREAD_EURO.sub("€", text.translate(_DROPPED).translate(_HYPHENS))
    if any(_is_shape(ord(char)) for char in text):
        text = "".join(unicodedata.normalize("NFKC", char) if _is_shape(ord(char)) else char for char in text)
    return unicodedata.normalize("NFC", "".join(char for char in text if _is_meaningful(char)))


def _is_shape(code: int) -> bool:
    return any(first <= code <= last for first, last in _SHAPES)


def _is_meaningful(char: str) -> bool:
    """Whether the character is text: no control, private use, surrogate or replacement character."""
    return char.isascii() or (char != "\ufffd" and unicodedata.category(char) not in {"Cc", "Cn", "Co", "Cs"})
