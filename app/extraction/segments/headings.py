"""Which texts of a document are headings, and of what rank: known only when all of it was seen."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from app.extraction.segments.part import Part
from app.model.segment import Region, SegmentType

_LARGER: Final = 1.12
"""Times the usual size: the size of a heading."""
_SAME: Final = 1.06
"""Sizes of one rank differ by less."""
_LONGEST: Final = 140
_MOST_LINES: Final = 3
_WORDY: Final = 0.5
"""Of a heading's signs are letters."""
_FEWEST_LETTERS: Final = 3
_MOSTLY_BOLD: Final = 0.5
"""Of a document's letters: where so many are bold, bold means nothing."""
_DEEPEST: Final = 6
_NUMBERED: Final = re.compile(r"(?:§+ ?)?(\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s+\S")
_NAMED: Final = re.compile(
    r"(?i)(?:art(?:icolo|icle|ikel|\.)|§|capitolo|chapter|kapitel|chapitre|sezione|section|abschnitt|parte|part|teil|"
    r"allegato|annex|appendix|anhang|anlage|cap[ií]tulo|secci[oó]n|se[cç][cç][aã]o|hoofdstuk|rozdzia[lł])\s*[\dIVXA-Z]"
)
_OPEN: Final = (":", ",", ";", "-", "–")


def rank_headings(parts: Sequence[Part]) -> None:
    """Make headings of the texts that are, each with its level: 1 for the only one of the highest rank."""
    flow = [part for part in parts if part.region is Region.BODY]
    texts = [part for part in flow if part.kind is SegmentType.TEXT]
    usual, bold_counts = _usual_size([part for part in flow if part.size]), _bold_tells(texts)
    headings = [part for part in texts if part.size and _is_heading(part, usual, bold_counts)]
    subtitles = _subtitles(flow, headings)
    headings = [part for part in headings if id(part) not in subtitles]
    for part in headings:
        part.kind = SegmentType.SECTION_HEADER
    _give_levels(headings, usual)


def _subtitles(flow: Sequence[Part], headings: Sequence[Part]) -> set[int]:
    """Light texts right below a larger heading: authors, a date, a second title; they head nothing."""
    known = {id(part) for part in headings}
    return {
        id(below)
        for above, below in pairwise(flow)
        if id(above) in known
        and id(below) in known
        and not below.bold
        and below.size < above.size
        and not _NUMBERED.match(below.text)
    }


def _letters(part: Part) -> int:
    cells = (cell for row in part.table.rows for cell in row) if part.table else ()
    return sum(len(it.text) for it in (*part.paragraphs, *cells))


def _usual_size(texts: Iterable[Part]) -> float:
    sizes: Counter[float] = Counter()
    for part in texts:
        sizes[round(part.size * 2) / 2] += _letters(part)
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0.0


def _bold_tells(texts: Sequence[Part]) -> bool:
    bold = sum(_letters(part) for part in texts if part.bold)
    return bold < _MOSTLY_BOLD * sum(map(_letters, texts))


def _is_heading(part: Part, usual: float, bold_tells: bool) -> bool:
    text = part.text
    if (
        len(text) > _LONGEST
        or part.lines > _MOST_LINES
        or not _is_wordy(text)
        or text.rstrip().endswith(_OPEN)
    ):
        return False
    if any(it.mark == "-" for it in part.paragraphs):
        return False
    if part.size >= _LARGER * usual:
        return True
    ends = text.rstrip().endswith((".", "!", "?")) and not _NUMBERED.match(text)
    stands_out = part.bold and bold_tells
    capital = text.isupper() and part.alone and part.lines == 1
    named = part.alone and part.lines == 1 and bool(_NAMED.match(text))
    return part.size * _SAME >= usual and not ends and (stands_out or capital or named)


def _is_wordy(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters >= _FEWEST_LETTERS and letters >= _WORDY * sum(not c.isspace() for c in text)


def _give_levels(headings: Sequence[Part], usual: float) -> None:
    ranks = _ranks(headings, usual)
    titled = sum(_rank(ranks, part, usual) == 0 for part in headings) == 1
    bases: dict[int, int] = {}
    for part in headings:
        level = _rank(ranks, part, usual) + (1 if titled else 2)
        match = _NUMBERED.match(part.text)
        if match:
            depth = match.group(1).count(".") + (not match.group(1).endswith("."))
            base = bases.setdefault(1, level if depth == 1 else max(2, level - depth + 1))
            level = base + depth - 1
        part.level = min(max(level, 1), _DEEPEST)


def _ranks(headings: Sequence[Part], usual: float) -> list[tuple[float, bool]]:
    """The looks of headings, the most prominent first; sizes that hardly differ are one."""
    looks = sorted({_look(part, usual) for part in headings}, reverse=True)
    kept: list[tuple[float, bool]] = []
    for size, bold in looks:
        if not kept or kept[-1][0] > _SAME * size or (kept[-1][1] is not bold and size <= usual * _SAME):
            kept.append((size, bold))
    return kept


def _look(part: Part, usual: float) -> tuple[float, bool]:
    return max(part.size, usual), part.bold or part.size >= _LARGER * usual


def _rank(ranks: Sequence[tuple[float, bool]], part: Part, usual: float) -> int:
    size, bold = _look(part, usual)
    fits = [at for at, (other, heavy) in enumerate(ranks) if other <= _SAME * size and (bold or not heavy)]
    return fits[0] if fits else max(len(ranks) - 1, 0)
