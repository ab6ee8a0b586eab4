"""Check digits of numbers that nearly every invoice has, as fast as they are often asked for.

The library that knows all other numbers takes them digit by digit; a test holds that both say the same.
"""

from types import MappingProxyType
from typing import Final

_ZERO: Final = ord("0")
_DOUBLED: Final = bytes.maketrans(b"0123456789", b"0246813579")
"""What Luhn makes of each digit: twice it, less nine where that has two digits."""
_NUMBERS: Final = MappingProxyType(
    {chr(_ZERO + at): str(at) for at in range(10)} | {chr(ord("A") + at): str(at + 10) for at in range(26)}
)


def luhn(digits: str) -> bool:
    """Whether the last of some decimal digits checks the others (ISO/IEC 7812-1 annex B)."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    figures = digits.encode()
    return (sum(figures[::-2]) + sum(figures[-2::-2].translate(_DOUBLED)) - len(figures) * _ZERO) % 10 == 0


def mod_97(number: str) -> bool:
    """Whether digits and capital letters leave one when divided by ninety-seven (ISO 7064, mod 97-10)."""
    try:
        return int("".join([_NUMBERS[character] for character in number])) % 97 == 1
    except (KeyError, ValueError):
        return False
