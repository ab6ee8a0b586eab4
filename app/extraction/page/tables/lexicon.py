"""What column heads say: read once from `columns/*.toml`, a file per language.

A file gives the phrases per kind of column. `{a,b}` in a phrase stands for either, an empty alternative for
none. The same phrase may mean several kinds; the table it heads decides.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from app.extraction.page.text.lexicon import phrases
from app.extraction.page.text.lines import TextLine, fold
from app.model.document import TextOrigin


class Kind(StrEnum):
    """What a column of a table holds."""

    POSITION = "position"
    CODE = "code"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    PRICE_NET = "price_net"
    PRICE_GROSS = "price_gross"
    DISCOUNT = "discount"
    TAX_RATE = "tax_rate"
    TAX_AMOUNT = "tax_amount"
    BASE = "base"
    GOODS = "goods"
    NET = "net"
    GROSS = "gross"
    AMOUNT = "amount"
    DATE = "date"
    OTHER = "other"
    TAX_KIND = "tax_kind"


PRICES: Final = (Kind.PRICE_NET, Kind.PRICE, Kind.PRICE_GROSS)
AMOUNTS: Final = (Kind.NET, Kind.AMOUNT, Kind.GROSS)
NUMERIC: Final = frozenset({
    Kind.QUANTITY, Kind.DISCOUNT, Kind.TAX_RATE, Kind.TAX_AMOUNT, Kind.BASE, Kind.GOODS, *PRICES, *AMOUNTS,
})  # fmt: skip
MONEY: Final = frozenset({Kind.TAX_AMOUNT, Kind.BASE, Kind.GOODS, *PRICES, *AMOUNTS})

_SHORTEST_RIGHTED: Final = 5
_LONG: Final = 8
_TOKEN: Final = re.compile(r"[^\W_]+|[#%]")
_INITIALS: Final = re.compile(r"\b([a-z])\.(?=[a-z]\b)")  # h.t. is one word, u.m. too
_CURRENCIES: Final = frozenset({
    "eur", "euro", "euros", "usd", "gbp", "chf", "pln", "zl", "sek", "nok", "dkk", "czk", "dem", "cad", "aud",
    "inr", "brl", "mxn", "huf", "ron",
})  # fmt: skip


class Token(NamedTuple):
    """A word of a head, and where it stands in its line."""

    text: str
    start: int
    end: int


class Phrase(NamedTuple):
    """A run of tokens that names columns of some kinds; of none for words that no phrase has."""

    first: int
    last: int
    kinds: frozenset[Kind]


def tokens_of(folded: str) -> list[Token]:
    """The words of a folded text without currencies; `h.t.` is one of them."""
    joined = _INITIALS.sub(lambda match: match[1] + "\x00", folded) if "." in folded else folded
    found = []
    for match in (
        re.finditer(r"[^\W_](?:[^\W_]|\x00)*|[#%]", joined) if "\x00" in joined else _TOKEN.finditer(joined)
    ):
        text = match.group().replace("\x00", "")
        if text not in _CURRENCIES:
            found.append(Token(text, match.start(), match.end()))
    return found


def tokens_on(line: TextLine, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of a stretch of a line; what recognition misread by a letter or two is put right."""
    recognised = line.origin is TextOrigin.OCR
    return [
        Token(_righted(text) if recognised else text, start + first, start + last)
        for text, first, last in tokens_of(line.folded[start:end])
    ]


@lru_cache(maxsize=4096)
def _righted(word: str) -> str:
    """The word of a head that it was probably meant to be, or itself."""
    known = _vocabulary()
    if word in known or len(word) < _SHORTEST_RIGHTED:
        return word
    wrong = 1 if len(word) < _LONG else 2
    best = process.extractOne(word, known, scorer=Levenshtein.distance, score_cutoff=wrong)
    return best[0] if best else word


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for phrases in column_phrases().values() for words in phrases for word in words)


@cache
def column_phrases() -> dict[str, dict[tuple[str, ...], frozenset[Kind]]]:
    """All phrases by their first word, longest first."""
    found: dict[tuple[str, ...], set[Kind]] = {}
    for file in resources.files(__package__).joinpath("columns").iterdir():
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text("utf-8"))
            del data["language"]
            for name, written in data.items():
                for tokens in _tokens(written):
                    found.setdefault(tokens, set()).add(Kind(name))
    by_first: dict[str, dict[tuple[str, ...], frozenset[Kind]]] = {}
    for tokens in sorted(found, key=lambda tokens: (-len(tokens), tokens)):
        by_first.setdefault(tokens[0], {})[tokens] = frozenset(found[tokens])
    return by_first


def _tokens(written: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for phrase in written:
        for words in phrases(phrase):
            tokens = tuple(token.text for token in tokens_of(fold(" ".join(words))))
            if tokens:
                yield tokens


def tiled(words: Sequence[str]) -> list[Phrase]:
    """The words as a row of phrases, the longest first at each place; runs of unknown words between them."""
    known = column_phrases()
    found: list[Phrase] = []
    index = 0
    while index < len(words):
        length, kinds = _longest(known.get(words[index]), words, index)
        if not kinds and found and not found[-1].kinds:
            found[-1] = found[-1]._replace(last=index)
        else:
            found.append(Phrase(index, index + length - 1, kinds))
        index += length
    return found


def _longest(
    choices: dict[tuple[str, ...], frozenset[Kind]] | None, words: Sequence[str], index: int
) -> tuple[int, frozenset[Kind]]:
    for tokens, kinds in (choices or {}).items():
        if tuple(words[index : index + len(tokens)]) == tokens:
            return len(tokens), kinds
    return 1, frozenset()
