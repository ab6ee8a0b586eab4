"""Identifiers put right where their own check digits prove it: letters and figures that look alike.

Only a character of the wrong sort is exchanged (a letter where the number can have a figure alone, and the
other way round), and only if the whole then passes the check that the misread one failed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stdnum import iban
from stdnum.eu import vat
from stdnum.it import codicefiscale

from app.reading.ocr.engine import SeenWord

_FIGURES: Final = str.maketrans("OoQDIl|SBZG", "00001115826")
_LETTERS: Final = str.maketrans("015826", "OISBZG")
_SURE: Final = 0.8
"""The most that is trusted in a word that was put right."""
_BBAN: Final = {
    "AT": "16n", "BE": "12n", "BG": "4a6n8c", "CH": "5n12c", "CY": "8n16c", "CZ": "20n", "DE": "18n",
    "DK": "14n", "EE": "16n", "ES": "20n", "FI": "14n", "FR": "10n11c2n", "GB": "4a14n", "GR": "7n16c",
    "HR": "17n", "HU": "24n", "IE": "4a14n", "IT": "1a10n12c", "LI": "5n12c", "LT": "16n", "LU": "3n13c",
    "LV": "4a13c", "MC": "10n11c2n", "MT": "4a5n18c", "NL": "4a10n", "NO": "11n", "PL": "24n",
    "PT": "21n", "RO": "4a16c", "SE": "20n", "SI": "15n", "SK": "20n", "SM": "1a10n12c",
}  # fmt: skip
"""The sort of every character after country and check digits, as the registry of ISO 13616 writes it."""
_VAT: Final = {
    "AT": "1a8n", "BE": "10n", "CZ": "8n", "DE": "9n", "DK": "8n", "EE": "9n", "FI": "8n", "FR": "2c9n",
    "HR": "11n", "HU": "8n", "IT": "11n", "LU": "8n", "LV": "11n", "NL": "9n1a2n", "PL": "10n",
    "PT": "9n", "SE": "12n", "SI": "8n",
}  # fmt: skip
_FISCAL_CODE: Final = "6a2n1a2n1a3n1a"
_PERSON: Final = 16
_PART: Final = re.compile(r"(\d+)([anc])")
_START: Final = re.compile(r"[A-Z0158][A-Z0158][A-Z0-9|l]{2,}")
_MOST_PARTS: Final = 9
"""Words over which an account number may be spread."""


def proved(words: Sequence[SeenWord]) -> tuple[SeenWord, ...]:
    """The words in their order, misread identifiers among them put right."""
    found, at = list(words), 0
    while at < len(found):
        for right in _right(found[at : at + _MOST_PARTS]):
            found[at : at + len(right)] = right
            at += len(right) - 1
            break
        at += 1
    return tuple(found)


def _right(words: Sequence[SeenWord]) -> Iterator[list[SeenWord]]:
    """The first words of some, put right together, where they begin an identifier that was misread."""
    first = words[0].text
    if not _START.match(first):
        return
    joined = ""
    for count, word in enumerate(words, start=1):
        joined += word.text
        right = _identifier(joined)
        if right is not None:
            yield _shared_out(right, words[:count])
            return


def _identifier(text: str) -> str | None:
    """What a misread text must be; `None` where it is right as it stands or nothing proves another."""
    country = text[:2].translate(_LETTERS)
    right = None
    if len(text) == _PERSON:
        right = _sorted(text, _FISCAL_CODE)
        if right and right != text and codicefiscale.is_valid(right) and not codicefiscale.is_valid(text):
            return right
    for pattern, check in ((_BBAN.get(country, ""), iban.is_valid), (_VAT.get(country, ""), vat.is_valid)):
        if pattern:
            right = _sorted(text, f"2a2n{pattern}" if check is iban.is_valid else f"2a{pattern}")
            if right and right != text and check(right) and not check(text):
                return right
    return None


def _sorted(text: str, pattern: str) -> str | None:
    """The text with every character of the sort that the pattern wants; `None` if one cannot be."""
    sorts = "".join(sort * int(count) for count, sort in _PART.findall(pattern))
    if len(sorts) != len(text):
        return None
    right = "".join(_of_sort(char, sort) for char, sort in zip(text, sorts, strict=True))
    fits = all(
        char.isdigit() if sort == "n" else char.isalpha() if sort == "a" else char.isalnum()
        for char, sort in zip(right, sorts, strict=True)
    )
    return right if fits else None


def _of_sort(char: str, sort: str) -> str:
    if sort == "n":
        return char.translate(_FIGURES)
    return char.translate(_LETTERS) if sort == "a" else char


def _shared_out(right: str, words: Sequence[SeenWord]) -> list[SeenWord]:
    """The characters in the words they came from."""
    found, done = [], 0
    for word in words:
        text = right[done : done + len(word.text)]
        done += len(word.text)
        found.append(
            word if text == word.text else word._replace(text=text, confidence=min(word.confidence, _SURE))
        )
    return found
