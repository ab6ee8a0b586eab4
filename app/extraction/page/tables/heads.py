"""Where tables begin: the lines that name columns, and the columns they name."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from app.extraction.page.tables.lexicon import (
    MONEY,
    NUMERIC,
    PRICES,
    Kind,
    Phrase,
    Token,
    column_phrases,
    tiled,
    tokens_on,
)
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.lines import TextLine
from app.extraction.page.text.scan import Scan
from app.model.document import TextOrigin
from app.model.evidence import Box

_COVERED: Final = 0.5  # of the words of a head that phrases must explain
_WELL_COVERED: Final = 0.8  # where nothing but the words says that it is a head
_STACKED: Final = 0.75  # of the height: lines of one head follow each other closer than text does
_NEAR: Final = 0.6  # of the height: the widest strip between two lines of a head
_MOST_LINES: Final = 6
_DIGITS: Final = re.compile(r"\d")
_WORD: Final = re.compile(r"[^\W_]+|[#%]")
_MOSTLY_UNDER: Final = 0.6  # of the words over a head: some columns have only an upper word
_MODIFIERS: Final = frozenset({
    "excl", "incl", "ex", "inc", "excluding", "including", "inkl", "exkl", "ohne", "mit", "zzgl", "hors",
    "sans", "avec", "con", "sin", "senza", "com", "sem", "met", "zonder", "bez", "z",
})  # fmt: skip
"""Words that say what an amount holds: they and the word behind them name no column."""
_CONNECTORS: Final = frozenset({
    "of", "per", "de", "du", "des", "der", "del", "della", "delle", "dei", "di", "do", "da", "dos", "das",
    "van", "von", "a", "el", "la", "le", "los", "las", "les", "the", "je", "por", "par",
})  # fmt: skip
"""Words that tie the word behind them to the one before: `description of the goods` is one column."""
_TIES: Final = _MODIFIERS | _CONNECTORS
_NET_OR_GROSS: Final = frozenset({Kind.NET, Kind.GROSS})
_SAME_COLUMN: Final = 0.4  # of the narrower width


class Column(msgspec.Struct, frozen=True):
    """A column by its head."""

    x0: float
    x1: float
    kinds: frozenset[Kind]
    text: str

    def may_be(self, *kinds: Kind) -> bool:
        """Whether its head can mean one of the kinds."""
        return not self.kinds.isdisjoint(kinds)


class Head(msgspec.Struct, frozen=True):
    """The head of a table: consecutive lines, and the columns from left to right."""

    first: int
    """Line number."""
    last: int
    page: int
    box: Box
    columns: tuple[Column, ...]

    def has(self, *kinds: Kind) -> bool:
        """Whether a column may be of one of the kinds."""
        return any(column.may_be(*kinds) for column in self.columns)


class _Atom(msgspec.Struct, frozen=True):
    """A piece of a head line that belongs to one column."""

    box: Box
    words: tuple[str, ...]
    number: int


def find_heads(found: Scan) -> list[Head]:
    """Every line or stack of lines that names the columns of a table, top to bottom."""
    heads: list[Head] = []
    free = 0
    for line in found.lines:
        if line.number >= free and _names_columns(line):
            head = _head(line.number, free, found)
            if head is not None:
                heads.append(head)
                free = head.last + 1
    return heads


def _names_columns(line: TextLine) -> bool:
    """Whether a line by itself is a row of column names."""
    known = column_phrases()
    words = _WORD.findall(line.folded)
    if line.origin is not TextOrigin.OCR and sum(word in known for word in words) < 2:  # noqa: PLR2004 - two columns
        return False
    segments = [_tiles(segment) for segment in _segments(line)]
    named = [phrase for phrases in segments for phrase in phrases if phrase.kinds]
    count = sum(phrases[-1].last + 1 for phrases in segments)
    covered = sum(phrase.last - phrase.first + 1 for phrase in named)
    numeric = sum(not phrase.kinds.isdisjoint(NUMERIC) for phrase in named)
    if not numeric or covered < (_COVERED if len(segments) > 1 else _WELL_COVERED) * count:
        return False
    meanings = len({phrase.kinds for phrase in named})
    if len(segments) == 1 or _DIGITS.search(line.text):  # it could be a title, or a row
        several = meanings > 2 or (len(named) > 2 and covered == count)  # noqa: PLR2004
        return several and numeric > 1
    return meanings > 1 and sum(any(phrase.kinds for phrase in phrases) for phrases in segments) > 1


def _segments(line: TextLine) -> Iterator[list[Token]]:
    """The tokens of each segment that has any and is no number."""
    start = 0
    while start <= len(line.text):
        _, end = line.segment_at(start)
        if not _DIGITS.search(line.text, start, end):
            tokens = tokens_on(line, start, end)
            if tokens:
                yield tokens
        start = end + 1


def _tiles(segment: Sequence[Token]) -> list[Phrase]:
    phrases = tiled([token.text for token in segment])
    if len(segment) == 1:
        return phrases
    return [  # a letter heads a column alone, never among other words
        phrase._replace(kinds=frozenset())
        if phrase.first == phrase.last and _is_letter(segment[phrase.first])
        else phrase
        for phrase in phrases
    ]


def _is_letter(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isalpha()


def _head(number: int, free: int, found: Scan) -> Head | None:
    """The head around a line that names columns; `None` when they are not two."""
    columns = [[atom] for atom in _atoms(found.lines[number])]
    first = _extend(number, -1, max(free, number - _MOST_LINES), columns, found)
    last = _extend(number, 1, min(number + _MOST_LINES, len(found.lines) - 1), columns, found)
    named = sorted((_column(atoms) for atoms in columns), key=lambda column: column.x0)
    if sum(bool(column.kinds) for column in named) < 2:  # noqa: PLR2004 - a table has two columns
        return None
    box = box_of(found.lines[index].box for index in range(first, last + 1))
    return Head(first, last, found.lines[number].page, box, tuple(named))


def _extend(number: int, step: int, limit: int, columns: list[list[_Atom]], found: Scan) -> int:
    """The furthest line above or below that still belongs to the head; its words join their columns."""
    edge = number
    for index in range(number + step, limit + step, step):
        line, near = found.lines[index], found.lines[edge]
        if line.page != near.page or not _belongs(line, near, columns):
            break
        if any(seg.country or seg.city for seg in found.segs[index]):
            break  # the end of an address
        edge = index
        for atom in _atoms(line):
            _join(atom, columns)
    return edge


def _belongs(line: TextLine, near: TextLine, columns: Sequence[Sequence[_Atom]]) -> bool:
    height = min(line.box.bottom - line.box.top, near.box.bottom - near.box.top)
    strip = max(line.box.top - near.box.bottom, near.box.top - line.box.bottom)
    if strip > _NEAR * height or _DIGITS.search(line.text):
        return False
    atoms = _atoms(line)
    if not atoms:
        return False
    if abs(line.box.top - near.box.top) < _STACKED * height:
        return True
    under = [any(_overlap(atom.box, _around(column)) > 0 for column in columns) for atom in atoms]
    if any(under) and _names_columns(line):
        return True
    above = line.number < near.number
    fitting = sum(under) >= _MOSTLY_UNDER * len(atoms) if above and len(atoms) > 2 else all(under)  # noqa: PLR2004
    return fitting and _reads_like_heads(atoms, above=above)


def _reads_like_heads(atoms: Sequence[_Atom], *, above: bool) -> bool:
    """Whether the words that stand over or under columns are more of their names, not the first row."""
    words = [word for atom in atoms for word in atom.words]
    explained = sum(phrase.last - phrase.first + 1 for phrase in tiled(words) if phrase.kinds)
    if len(atoms) == 1:  # text over or under one column alone is a title or the first row
        return explained >= _WELL_COVERED * len(words)
    return above or len(atoms) > 2 or explained >= _COVERED * len(words)  # noqa: PLR2004 - a row of three words


def _atoms(line: TextLine) -> list[_Atom]:
    """The pieces of a line that can be heads: its segments, cut where a segment names several columns."""
    return [atom for segment in _segments(line) for atom in _cut(segment, line)]


def _cut(segment: Sequence[Token], line: TextLine) -> Iterator[_Atom]:
    begin = 0
    kinds: frozenset[Kind] = frozenset()
    for phrase in _tiles(segment):
        modifies = _is_tied(segment, phrase.first, line) or _says_net(phrase, kinds)
        if phrase.kinds and kinds and kinds.isdisjoint(phrase.kinds) and not modifies:
            yield _atom(segment[begin : phrase.first], line)
            begin = phrase.first
        kinds = phrase.kinds or kinds
    yield _atom(segment[begin:], line)


def _is_tied(segment: Sequence[Token], at: int, line: TextLine) -> bool:
    """Whether a word goes with the one before it: behind a bracket, or a word that ties the two."""
    token, before = segment[at], segment[at - 1].text if at else ""
    bracketed = line.text[: token.start].endswith("(")
    return bracketed or token.text == "%" or not _TIES.isdisjoint({token.text, before})


def _says_net(phrase: Phrase, kinds: frozenset[Kind]) -> bool:
    """Whether a word such as `net` behind a price only says which price it is."""
    return phrase.first == phrase.last and not kinds.isdisjoint(PRICES) and phrase.kinds <= _NET_OR_GROSS


def _atom(tokens: Sequence[Token], line: TextLine) -> _Atom:
    box = line.box_of(tokens[0].start, tokens[-1].end)
    return _Atom(box, tuple(token.text for token in tokens), line.number)


def _join(atom: _Atom, columns: list[list[_Atom]]) -> None:
    """Add a piece to the column over or under which it stands, unless it spans several."""
    width = atom.box.x1 - atom.box.x0
    over = []
    for column in columns:
        box = _around(column)
        if _overlap(atom.box, box) > _SAME_COLUMN * min(width, box.x1 - box.x0):
            over.append(column)
    if len(over) == 1:
        over[0].append(atom)
    elif not over:
        columns.append([atom])


def _overlap(one: Box, other: Box) -> float:
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _around(atoms: Sequence[_Atom]) -> Box:
    return box_of(atom.box for atom in atoms)


def _column(atoms: Sequence[_Atom]) -> Column:
    box = _around(atoms)
    stacked = sorted(atoms, key=lambda atom: (atom.number, atom.box.x0))
    words = [word for atom in stacked for word in atom.words]
    return Column(box.x0, box.x1, _meaning(words), " ".join(words))


def _meaning(words: Sequence[str]) -> frozenset[Kind]:
    """What all phrases of a head agree on, or else what its longest says, and what describes."""
    named = [phrase for phrase in tiled(words) if phrase.kinds]
    if not named:
        return frozenset()
    common = frozenset.intersection(*(phrase.kinds for phrase in named))
    longest = max(named, key=lambda phrase: (phrase.last - phrase.first, not phrase.kinds.isdisjoint(MONEY)))
    if not common and any(Kind.DESCRIPTION in phrase.kinds for phrase in named):
        return longest.kinds | {Kind.DESCRIPTION}
    return common or longest.kinds
