"""The characters of a word as a person would type them."""

import re
import unicodedata
from functools import lru_cache
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
_SHAPES: Final = re.compile("[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]")


def spelled(text: str) -> str:
    """A word with ligatures resolved, accents composed and invisible characters gone; possibly nothing."""
    if text.isascii():
        return text
    if text.endswith(_SOFT_HYPHEN):
        text = text.rstrip(_SOFT_HYPHEN) + "-"  # at the end of a line, which is where it shows
    text = text.translate(_DROPPED).translate(_HYPHENS)
    text = _SHAPES.sub(lambda shape: unicodedata.normalize("NFKC", shape.group()), text)
    text = unicodedata.normalize("NFC", "".join(filter(_is_meaningful, text)))
    return _MISREAD_EURO.sub("€", text)


@lru_cache(maxsize=1024)
def _is_meaningful(char: str) -> bool:
    """Whether the character is text: no control, private use, surrogate or replacement character."""
    return char.isascii() or (char != "\ufffd" and unicodedata.category(char) not in {"Cc", "Cn", "Co", "Cs"})
