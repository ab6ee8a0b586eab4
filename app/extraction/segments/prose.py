"""Lines of a block to paragraphs and list items: which line ends are meant, which hyphens are not."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from app.extraction.page.text.layout import Segment, font_size
from app.extraction.segments.direction import reads, runs_leftwards

_BULLET: Final = re.compile(r"[•◦▪▫‣●○■□➢➤✓✔·∙–—*-]")
_DASHES: Final = ("–", "—", "-")
"""Bullets if there are several, else perhaps a part of a sentence."""
_NUMBER: Final = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\.?")
_SOFT: Final = "\u00ad"
_HYPHENS: Final = ("-", "\u2010", _SOFT)
_LONGEST_SENTENCE_GAP: Final = 0.35
"""Of the font size beyond the usual gap between lines: a new paragraph begins."""
_INDENT: Final = 0.8
"""Of the font size: a first line is set in by at least so much."""
_SPACE: Final = 0.3
_NEARLY_FULL: Final = 0.8
_SENTENCE: Final = 5
"""Words of a line that is no line of an address."""
_FEWEST: Final = 3
_FEW_WORDS: Final = 3.5


Edges = tuple[float, float]
"""The left and the right edge of a column, in points."""


class Paragraph(NamedTuple):
    """A paragraph, or an item of a list."""

    text: str
    """Its lines where their ends are meant, by line."""
    mark: str | None = None
    """`-` for a bullet, else the number as printed."""
    depth: int = 0
    """How far an item is set in, in steps."""
    printed: str = ""
    """The mark as it stands on the page."""


def paragraphs(runs: Sequence[Segment], edges: Edges) -> list[Paragraph]:
    """The paragraphs of a stack of line segments, top to bottom; `edges` is where their column ends."""
    return [_paragraph(group, runs, edges) for group in _groups(runs, edges)]


def _groups(runs: Sequence[Segment], edges: Edges) -> Iterator[list[Segment]]:
    usual = _usual_gap(runs)
    group: list[Segment] = []
    for run in runs:
        if group and _begins(runs, group, run, usual, edges):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _usual_gap(runs: Sequence[Segment]) -> float:
    gaps = [below.box.top - above.box.bottom for above, below in pairwise(runs)]
    return median(gaps) if gaps else 0.0


def _begins(
    runs: Sequence[Segment], group: Sequence[Segment], run: Segment, usual: float, edges: Edges
) -> bool:
    """Whether a line begins a paragraph of its own."""
    last, size = group[-1], font_size(run.words[0])
    if run.box.top - last.box.bottom > usual + _LONGEST_SENTENCE_GAP * size:
        return True
    if mark_of(run) is not None and (mark_of(group[0]) is not None or _is_listed(runs, run)):
        return True
    if mark_of(group[0]) is not None:
        hung = len(group) > 1 and _hangs(group, group[1])
        return not _hangs(group, run) and (
            hung or run.box.x0 < group[0].box.x0 - size / 2 or _had_room(group, run, edges)
        )
    left = min(other.box.x0 for other in runs)
    flush = sum(abs(other.box.x0 - left) < size / 2 for other in runs)
    set_in = run.box.x0 - left > _INDENT * size and last.box.x0 - left < size / 2
    return set_in and flush * 2 > len(runs)


def _hangs(group: Sequence[Segment], run: Segment) -> bool:
    """Whether a line stands under the text of an item, not under its mark."""
    return abs(run.box.x0 - group[0].words[1].x0) < font_size(run.words[0]) / 2


def _had_room(group: Sequence[Segment], run: Segment, edges: Edges) -> bool:
    """Whether the first word of a line would have fitted into the line above."""
    first = run.words[0]
    return edges[1] - group[-1].box.x1 > (first.x1 - first.x0) + _SPACE * font_size(first) + 1


def _is_listed(runs: Sequence[Segment], run: Segment) -> bool:
    """Whether a line that begins with a mark is an item: a bullet, or one of several numbers."""
    mark, first = mark_of(run), run.words[0].text
    if mark == "-":
        return first not in _DASHES or sum(other.words[0].text == first for other in runs) > 1
    return sum(mark_of(other) not in {None, "-"} for other in runs) > 1


def is_mark(text: str) -> bool:
    """Whether a word can mark an item of a list: a bullet, or a number with its point."""
    return bool(_BULLET.fullmatch(text) or _NUMBER.fullmatch(text))


def mark_of(run: Segment) -> str | None:
    """`-` for a bullet, the number for a numbered item, `None` for plain text."""
    if len(run.words) < 2:  # noqa: PLR2004 - a mark and what it marks
        return None
    first = run.words[0].text
    if _BULLET.fullmatch(first):
        return "-"
    return first if _NUMBER.fullmatch(first) else None


def _paragraph(group: Sequence[Segment], runs: Sequence[Segment], edges: Edges) -> Paragraph:
    mark = mark_of(group[0])
    if mark is not None and not _is_listed(runs, group[0]):
        mark = None
    lines = [[word.text for word in run.words] for run in group]
    if mark is None:
        return Paragraph(_joined(group, lines, edges))
    lines[0] = lines[0][1:]
    left = min(run.box.x0 for run in runs if mark_of(run) is not None)
    step = 1.2 * (font_size(group[0].words[0]) or 10.0)
    depth = min(int((group[0].box.x0 - left) / step + 0.5), 4)
    return Paragraph(_joined(group, lines, None), mark, depth, group[0].words[0].text)


def _joined(group: Sequence[Segment], lines: Sequence[Sequence[str]], edges: Edges | None) -> str:
    """The lines as one text, with the line ends that are meant; none are in an item of a list."""
    text = reads(lines[0])
    for at, words in enumerate(lines[1:]):
        said = reads(words)
        if edges is None or _hyphenated(text, said) or _is_wrapped(group, at, edges, said):
            text = line_added(text, said)
        else:
            text += "\n" + said
    return text.replace(_SOFT, "")


def line_added(text: str, said: str) -> str:
    """A text with the line that goes on from it; a word that the line end divided is whole again."""
    if _hyphenated(text, said):
        return text.rstrip("".join(_HYPHENS)) + said
    return f"{text} {said}"


def _hyphenated(text: str, said: str) -> bool:
    """Whether a word goes on over the end of a line: a hyphen after a letter, a small letter after it."""
    return text.endswith(_HYPHENS) and text[-2:-1].isalpha() and said[:1].islower()


def _is_wrapped(group: Sequence[Segment], at: int, edges: Edges, said: str) -> bool:
    """Whether a line ends for want of room, rather than because it is the end of something."""
    above, first = group[at], group[at + 1].words[0]
    if above.text[-1:].isdigit() and said[:1].isdigit():
        return False  # a house number over a postal code, an amount over another
    need = (first.x1 - first.x0) + _SPACE * font_size(first) + 1
    widths = [run.box.x1 - run.box.x0 for run in group]
    if max(widths) - widths[at] > need:
        return False
    if sum(len(run.words) for run in group) < _FEW_WORDS * len(group) and not said[:1].islower():
        return False  # a list of short lines, however far they reach
    room = above.box.x0 - edges[0] if runs_leftwards(said) else edges[1] - above.box.x1
    if room <= need or said[:1].islower():
        return True
    if len(group) < _FEWEST:
        return False
    full = sum(width >= _NEARLY_FULL * max(widths) for width in widths[:-1])
    words = sum(len(run.words) for run in group) / len(group)
    return full >= _NEARLY_FULL * (len(group) - 1) and words >= _SENTENCE
