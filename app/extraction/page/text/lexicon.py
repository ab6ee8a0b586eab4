"""The phrases that invoices use, by meaning and language, read from `labels/*.toml`; found in one walk.

A file gives per kind the phrases that say it alone (`strong`) and those that need company (`weak`). `{a,b}`
in a phrase stands for either, an empty alternative for none. A new language is a new file.

Where a language writes compounds as one word, `heads` names the last parts that say what the whole is: a
`Frachtrechnung` is a `Rechnung`; `false_heads` those that only end alike, as in `Gehaltsabrechnung`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import product
from typing import Final, cast

import msgspec

from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lines import GAP, TextLine, fold
from app.extraction.page.text.misread import meant
from app.model.document import TextOrigin
from app.model.evidence import Box

STRONG: Final = 1.0
WEAK: Final = 0.5

_TOKEN: Final = re.compile(r"[^\W_]+|[#%€$£]")
_CHOICE: Final = re.compile(r"\{([^}]*)\}")
_END: Final = ""
_GLUED: Final = re.compile(r"[-/_]\w*\d")
_PERCENT: Final = "%"
_FIRST_PART: Final = 4  # letters before the last part of a compound: no mere prefix as in `Umrechnung`
_LONE: Final = 4  # letters of a word that may begin a phrase after a stroke or a dot


class Sense(msgspec.Struct, frozen=True):
    """One meaning of a phrase."""

    kind: str
    weight: float
    languages: frozenset[str]


class Label(msgspec.Struct, frozen=True, eq=False):
    """A phrase that was found on a line, with its meanings."""

    line: TextLine
    start: int
    end: int
    senses: tuple[Sense, ...]
    weights: Mapping[str, float]
    """How strongly it means a kind, by what it may mean."""
    tokens: int
    leads: bool
    """Stands at the beginning of its segment."""
    closes: bool
    """Nothing but punctuation follows in its segment, or a colon does."""
    colon: bool
    """A colon follows."""
    box: Box

    def weight(self, kind: str) -> float:
        """How strongly the phrase means a kind; 0 when it does not."""
        return self.weights.get(kind, 0.0)

    @property
    def begins_words(self) -> bool:
        """Whether it is one word with which a text begins that goes on in letters: `Van der Laan`."""
        rest = self.line.text[self.end : self.end + 2]
        return self.leads and not self.closes and self.tokens == 1 and rest[:1] == " " and rest[1:].isalpha()

    def is_said_again_by(self, other: "Label") -> bool:
        """Whether another says after a stroke the same in a second language: `Facture n° / Invoice No.`."""
        between = self.line.text[self.end : other.start].strip(" .:°")
        return between == "/" and not self.weights.keys().isdisjoint(other.weights)

    @property
    def names_paper(self) -> bool:
        """Whether it may be the title of a paper: an invoice, a receipt, a reminder."""
        return any(kind.startswith("title_") for kind in self.weights)

    def means(self, *kinds: str) -> bool:
        """Whether it may mean one of the kinds."""
        return not self.weights.keys().isdisjoint(kinds)


class _Meaning(msgspec.Struct, frozen=True):
    """All that a phrase may mean."""

    senses: tuple[Sense, ...]
    weights: Mapping[str, float]


_Node = dict[str, "_Node | _Meaning"]


def phrases(written: str) -> Iterator[tuple[str, ...]]:
    """The token sequences that a phrase with alternatives stands for."""
    parts = _CHOICE.split(written)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    for chosen in product(*choices):
        tokens = tuple(_TOKEN.findall(fold("".join(chosen))))
        if tokens:
            yield tokens
            if "n" in tokens:  # written N° as well, which folds to "no"
                yield tuple("no" if word == "n" else word for word in tokens)


@cache
def lexicon() -> _Node:
    """All phrases of all languages as one tree over their words."""
    found: dict[tuple[str, ...], dict[tuple[str, float], set[str]]] = {}
    for file in resources.files(__package__).joinpath("labels").iterdir():
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text("utf-8"))
            language = data.pop("language")
            data.pop("heads", None)
            data.pop("false_heads", None)
            for tokens, kind, weight in _entries(data):
                found.setdefault(tokens, {}).setdefault((kind, weight), set()).add(language)
    root: _Node = {}
    for tokens, senses in found.items():
        node = root
        for token in tokens:
            child = node.setdefault(token, {})
            node = cast("_Node", child)
        node[_END] = _meaning(senses)
    return root


def _meaning(senses: Mapping[tuple[str, float], set[str]]) -> _Meaning:
    """What a phrase means by the languages in which it does, the strongest sense of a kind last."""
    ranked = sorted(senses.items())
    return _Meaning(
        tuple(Sense(kind, weight, frozenset(languages)) for (kind, weight), languages in ranked),
        {kind: weight for (kind, weight), _ in ranked},
    )


@cache
def _heads() -> tuple[tuple[str, bool], ...]:
    """The last parts of compounds, the longest first, and whether they say what the whole is."""
    found: dict[str, bool] = {}
    for file in resources.files(__package__).joinpath("labels").iterdir():
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text("utf-8"))
            found |= dict.fromkeys(data.get("heads", ()), True) | dict.fromkeys(
                data.get("false_heads", ()), False
            )
    return tuple(sorted(found.items(), key=lambda head: -len(head[0])))


@cache
def _endings() -> tuple[str, ...]:
    return tuple(head for head, _ in _heads())


@cache
def _shortest_compound() -> int:
    """Letters of a word that is too short to be a compound of any head."""
    return _FIRST_PART + min(map(len, _endings())) - 1


@lru_cache(maxsize=4096)
def _head_of(token: str) -> str:
    """The last part of a compound that no list knows as a whole; the word itself where it is none."""
    if not token.endswith(_endings()):
        return token
    last = next(
        (
            (head, true)
            for head, true in _heads()
            if token.endswith(head) and len(token) >= len(head) + _FIRST_PART
        ),
        None,
    )
    return last[0] if last and last[1] else token


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of every phrase."""
    words: set[str] = set()
    nodes = [lexicon()]
    while nodes:
        for token, child in nodes.pop().items():
            if isinstance(child, dict):
                words.add(token)
                nodes.append(child)
    return frozenset(words)


def _entries(data: dict[str, dict[str, list[str]]]) -> Iterator[tuple[tuple[str, ...], str, float]]:
    for kind, groups in data.items():
        for group, weight in (("strong", STRONG), ("weak", WEAK)):
            for written in groups.get(group, ()):
                for tokens in phrases(written):
                    yield tokens, kind, weight


def find_labels(line: TextLine) -> list[Label]:
    """The longest phrases of a line, left to right, none overlapping."""
    tree, shortest = lexicon(), _shortest_compound()
    text = line.folded
    tokens = [
        (
            word if (word := match.group()) in tree or len(word) <= shortest else _head_of(word),
            match.start(),
            match.end(),
        )
        for match in _TOKEN.finditer(text)
    ]
    if line.origin is TextOrigin.OCR:
        tokens = [(meant(token, _vocabulary()), start, end) for token, start, end in tokens]
    labels: list[Label] = []
    free = 0
    for index, (token, start, _) in enumerate(tokens):
        if token not in tree or index < free or not _may_begin(token, start, text):
            continue
        length, meaning = _longest(tree, tokens, index, text)
        if meaning:
            labels.append(_label(line, start, tokens[index + length - 1][2], meaning, length))
            free = index + length
    return labels


def with_phrase(label: Label, below: TextLine, start: int, end: int) -> Label | None:
    """A label that goes on with the segment of another line; `None` where both make no known phrase."""
    first, last = label.line.segment_at(label.start)
    above, under = label.line.folded[label.start : last], below.folded[start:end]
    node: _Node = lexicon()
    words = [*_TOKEN.findall(above), *_TOKEN.findall(under)]
    for word in words:
        child = node.get(word)
        if not isinstance(child, dict):
            return None
        node = child
    meaning = node.get(_END)
    if not isinstance(meaning, _Meaning):
        return None
    colon = under.endswith(":")
    box = box_of([label.line.box_of(label.start, last), below.box_of(start, end)])
    leads = label.leads and label.start - first <= 1
    return Label(
        label.line,
        label.start,
        last,
        meaning.senses,
        meaning.weights,
        len(words),
        leads,
        closes=True,
        colon=colon,
        box=box,
    )


def _may_begin(token: str, start: int, text: str) -> bool:
    """Whether a phrase may begin here: not inside an address, a number or a longer word."""
    before = text[start - 1 : start]
    if token == _PERCENT:
        return not text[:start].rstrip()[-1:].isdigit()
    if not before or before in " \t([{*:|#\"'>,;€$£":
        return True
    return before in "/.-" and len(token) >= _LONE and "@" not in text and "www" not in text


def _longest(
    tree: _Node, tokens: list[tuple[str, int, int]], index: int, text: str
) -> tuple[int, _Meaning | None]:
    node: _Node = tree
    best: tuple[int, _Meaning | None] = (0, None)
    for offset in range(index, len(tokens)):
        token, start, _ = tokens[offset]
        if offset > index and text.find(GAP, tokens[offset - 1][2], start) >= 0:
            break
        child = node.get(token)
        if not isinstance(child, dict):
            break
        node = child
        end = node.get(_END)
        if isinstance(end, _Meaning) and not _GLUED.match(text, tokens[offset][2]):
            best = (offset - index + 1, end)
    return best


def _label(line: TextLine, start: int, end: int, meaning: _Meaning, tokens: int) -> Label:
    text = line.folded
    before, after = line.segment_at(start)
    leads = before == start or not any(map(str.isalnum, text[before:start]))
    rest = text[end:after].lstrip(" .)]°-")
    colon = rest[:1] == ":"
    closes = not rest or colon or rest[0] == "#"
    return Label(
        line,
        start,
        end,
        meaning.senses,
        meaning.weights,
        tokens,
        leads,
        closes,
        colon,
        line.box_of(start, end),
    )
