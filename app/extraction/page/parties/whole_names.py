"""Names made whole: from the lines they go on over, and with the legal form that another place prints."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.extraction.page.parties.areas import is_aligned, same_style, standing_at
from app.extraction.page.parties.names import with_tail
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.layout import box_of
from app.extraction.page.text.legal_forms import has_legal_form, is_legal_form, legal_form_end
from app.extraction.page.text.lines import Place, TextLine, fold, has_digit
from app.extraction.page.text.scan import Scan, Seg

_SHORTEST: Final = 4  # letters of a part that is no chance find
_JOINS: Final = re.compile(r"(?:\s(?:di|de|del|della|und|et|y|e|of|and|von|van|do|da|i|z|[Ss]p\.)|&)$")
"""With what a line of a name ends that goes on in the next."""
_IS_REST: Final = re.compile(r"[&(]|(?:z )?o\. ?o\.|(?:Holding|Group|Unipessoal|unipersonale|Sp\.)\b")
"""How the second line of a name begins that is none by itself."""
_NEAR: Final = 1.0  # of the height: the widest gap between two lines of one name


def whole(name: Text, found: Scan) -> Text:
    """The name with the line above or below it, where both stand side by side elsewhere."""
    if (listed := _in_a_list(name, found) or _over_a_particle(name, found)) is not None:
        return listed
    name = _in_full(_with_form(_with_beginning(name, found), found), found)
    key = fold(name.value)
    lines = [line for line in found.lines if len(key) >= _SHORTEST and key in line.folded != key]
    if not lines:
        return name
    for own in standing_at(name.place, found):
        for other in _neighbours(own, found):
            above = other.box.top < own.box.top
            both = f"{other.text} {name.value}" if above else f"{name.value} {other.text}"
            if any(fold(both) in line.folded for line in lines):
                return _joined(name, other, both)
    return _with_end_above(name, lines, found)


def _with_end_above(name: Text, lines: Sequence[TextLine], found: Scan) -> Text:
    """A name that another line has in full, where the line above ends, behind something else, in the rest."""
    for line in lines:
        for seg in found.segs[line.number]:
            rest = seg.text.removesuffix(name.value).strip()
            if (
                seg.labels
                or has_digit(seg.text)
                or len(rest) < _SHORTEST
                or not seg.text.endswith(name.value)
            ):
                continue
            if any(other.text.endswith(rest) and _is_over(other, name.place) for other in _all(found)):
                value = f"{rest} {name.value}"
                return Text(value, line.place(seg.start, seg.end), name.score)
    return name


def _is_over(upper: Seg, place: Place) -> bool:
    gap, height = place.box.top - upper.box.bottom, place.box.bottom - place.box.top
    level = upper.line.page == place.page and -height / 2 < gap < _NEAR * height
    return level and upper.box.x0 < place.box.x1 and place.box.x0 < upper.box.x1


def _all(found: Scan) -> Iterator[Seg]:
    return (seg for segs in found.segs for seg in segs)


def _with_beginning(name: Text, found: Scan) -> Text:
    """What is only the end of a name, with the line above it: `& Co. KG`, `Holding B.V.`, `o.o. Sp. k.`."""
    if not (_IS_REST.match(name.value) or is_legal_form(name.value)):
        return name
    for own in standing_at(name.place, found):
        for other in _neighbours(own, found, labelled=True):
            begins = not any(
                label.leads and not label.begins_words for label in other.labels
            ) and not has_digit(other.text)
            if begins and other.box.top < own.box.top:
                return _joined(name, other, f"{other.text} {name.value}")
    return name


def _in_full(name: Text, found: Scan) -> Text:
    """A name without its legal form as the one place has it that prints both: a logo's by the imprint's."""
    if has_legal_form(f" {name.value}"):
        return name
    full: dict[str, Text] = {}
    key = fold(name.value)
    for line, segs in zip(found.lines, found.segs, strict=True):
        for seg in segs if len(key) >= _SHORTEST and key in line.folded else ():
            at = line.folded.find(key, seg.start, seg.end)
            if at < 0 or line.text[at - 1 : at].isalnum():
                continue
            end = legal_form_end(line.text[at : seg.end])
            if end is not None and is_legal_form(line.text[at + len(key) : at + end]):
                value = line.text[at : at + end]
                full.setdefault(fold(value), Text(value, line.place(at, at + end), name.score))
    return next(iter(full.values())) if len(full) == 1 else name


def _with_form(name: Text, found: Scan) -> Text:
    """The name with the legal form that stands alone on the line below it, set alike."""
    own = next(standing_at(name.place, found), None)
    below = [seg for seg in _neighbours(own, found) if seg.box.top > own.box.top] if own else []
    return with_tail(name, [seg for seg in below[:1] if own and same_style(own, seg)])


def _over_a_particle(name: Text, found: Scan) -> Text | None:
    """The name with the line above or below it, set alike, where the first of both ends in a small word."""
    for own in standing_at(name.place, found):
        for other in _neighbours(own, found):
            above = other.box.top < own.box.top
            cut = own.text.startswith(name.value) and _JOINS.search(own.text)
            first, second = (
                (other.text, name.value) if above else (own.text if cut else name.value, other.text)
            )
            if same_style(own, other) and _JOINS.search(first) and not _JOINS.search(second):
                return _joined(name, other, f"{first} {second}")
    return None


def _joined(name: Text, other: Seg, both: str) -> Text:
    place, hull = name.place, box_of([name.place.box, other.box])
    return Text(both, Place(place.page, hull, both, place.origin, place.certainty), name.score)


def _in_a_list(name: Text, found: Scan) -> Text | None:
    """The name with the line below it where a label begins it and another the line after that."""
    own = next(standing_at(name.place, found), None)
    if own is None or not own.labels or not own.labels[0].leads or not own.labels[0].means("name"):
        return None
    below = [seg for seg in _neighbours(own, found, labelled=True) if seg.box.top > own.box.top]
    rest, after = below[0] if below else None, None
    if rest is not None:
        after = next((s for s in _neighbours(rest, found, labelled=True) if s.box.top > rest.box.top), None)
    if rest is None or after is None or rest.labels or has_digit(rest.text) or rest.text in name.value:
        return None
    if not (after.labels and after.labels[0].leads and abs(after.box.x0 - rest.box.x0) < 1):
        return None
    return _joined(name, rest, f"{name.value} {rest.text}")


def _neighbours(own: Seg, found: Scan, *, labelled: bool = False) -> Iterator[Seg]:
    """The segments right above and right below in the same column that can be the rest of a name."""
    height = own.box.bottom - own.box.top
    for number in range(max(own.line.number - 4, 0), min(own.line.number + 5, len(found.lines))):
        for seg in found.segs[number]:
            gap = max(seg.box.top - own.box.bottom, own.box.top - seg.box.bottom)
            near = seg.line.page == own.line.page and -1 < gap < _NEAR * height and is_aligned(seg, own)
            if near and (labelled or not (seg.labelled or has_digit(seg.text))):
                yield seg
