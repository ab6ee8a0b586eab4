"""The parties that a label announces: beside it, under it, or in the section that it heads."""

from collections.abc import Iterator
from typing import Final

import msgspec

from app.extraction.page.parties.areas import (
    BUYER,
    OTHER_LABELS,
    PARTIES,
    TELLS,
    Columns,
    PartyArea,
    city_of,
    down,
    says_other,
    seg_above,
    supported,
)
from app.extraction.page.parties.names import labelled_name, name_from
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lexicon import Label
from app.extraction.page.text.scan import ALIGNED, Scan, Seg, row_segments, segs_under

_RECIPIENT: Final = ("addressee", "attention")
_ATTENTION: Final = 0.6  # of a label of the recipient: a person may follow instead
_PHRASE: Final = 2  # words of a label that need no colon
_NAME_WORDS: Final = 8
_TIED: Final = 0.8  # of the trust in a mere name after a colon
_LOOSE: Final = 0.6  # without one
_TABLED: Final = 0.5  # of a label of a party that heads a column
_HEADS: Final = 3  # labels side by side that are the head of a table
_LARGE: Final = 1.3  # times the height of most lines
_SECTION_GAP: Final = 40.0  # points without a line that end a section
_OPEN: Final = ("addressee",)
_BESIDE: Final = 20.0  # points from a label to the block that stands right of it


def labelled_areas(found: Scan, grid: Columns) -> list[PartyArea]:
    """The parties that a label announces."""
    areas = []
    for label in found.all_labels(*PARTIES, *_RECIPIENT):
        weight, kind = max((label.weight(kind), kind) for kind in (*PARTIES, *_RECIPIENT))
        closes = label.closes or _rest(label, found) is None
        role = _is_bracketed_role(label, found)
        if not (label.leads or role) or not (
            closes or role or kind in _OPEN or label.tokens >= _PHRASE or _stands_before_block(label, found)
        ):
            continue
        if _is_numbered(label, found) or any(
            _is_bracketed_role(other, found) and other.start > label.start
            for other in _labels_of(label, found)
            if label.line.segment_at(label.start) == other.line.segment_at(other.start)
        ):
            continue
        if (kind in _OPEN and _is_salutation(label, found)) or (weight < 1 and _is_logo(label, found)):
            continue
        if kind == "attention":
            if _rest(label, found) is not None:
                continue  # a person within the block
            weight = _ATTENTION
        if _in_table_head(label, found):
            weight *= _TABLED
        area = _area_of(label, BUYER if kind in _RECIPIENT else kind, weight, found, grid)
        if area:
            areas.append(area if supported(area) else _bare(area, label))
    return areas


def _is_logo(label: Label, found: Scan) -> bool:
    """Whether a word such as `Van` stands alone in large type: the first of a name, not who sends it."""
    heights = sorted(line.box.bottom - line.box.top for line in found.lines)
    return label.tokens == 1 and label.box.bottom - label.box.top > _LARGE * heights[len(heights) // 2]


def _is_salutation(label: Label, found: Scan) -> bool:
    """Whether it begins a letter, or only names a person under a company, in the company's block."""
    if label.line.text[label.end :][:1] == ",":
        return True
    own = next(seg for seg in found.segs[label.line.number] if seg.start <= label.start < seg.end)
    above = seg_above(own, found)
    return above is not None and has_legal_form(above.text) and _rest(label, found) is not None


def _bare(area: PartyArea, label: Label) -> PartyArea:
    """An area in which only a name stands: surer where a colon ties it to its label."""
    share = _TIED if label.colon else _LOOSE
    name = area.name and msgspec.structs.replace(area.name, score=area.name.score * share)
    return msgspec.structs.replace(area, name=name)


def _area_of(label: Label, kind: str, weight: float, found: Scan, grid: Columns) -> PartyArea | None:
    """The area that a label opens: after it, under it, or right of it, whichever reads as a party."""
    options = []
    inline = _rest(label, found)
    if inline:
        segs = (inline, *(tuple(down(inline, found, grid)) or tuple(_under_label(label, found, grid))))
        name = name_from(segs, max(label.end, inline.start))
        if name and (label.closes or len(name.value.split()) <= _NAME_WORDS):
            options.append(PartyArea(segs, kind, weight * (1.0 if label.closes else 0.7), name))
    else:
        below = _first_below(label, found)
        if below:
            section = (below, *down(below, found, grid))
            name = name_from(section, None)
            if name:
                options.append(PartyArea(section, kind, weight * _below_score(label, below), name))
            elif below.country:
                options.append(PartyArea(section, kind, weight, None))  # all that is told is the country
        beside = next(iter(row_segments(label, found)), None)
        if beside and not says_other(beside) and not (beside.headed and beside.labels[0].means(*PARTIES)):
            segs = (beside, *down(beside, found, grid))
            near = beside.box.x0 - label.box.x1 < 0.25 * label.line.width
            name = name_from(segs, None)
            if name:
                options.append(PartyArea(segs, kind, weight * (0.9 if near else 0.55), name))
    section_area = _section(label, kind, weight, found)
    if section_area:
        options.append(section_area)
    return max(options, key=lambda area: area.score + 0.1 * (city_of(area) is not None), default=None)


def _under_label(label: Label, found: Scan, grid: Columns) -> Iterator[Seg]:
    """What tells of the party on the lines that begin under its label, its name standing behind that."""
    own = next(seg for seg in found.segs[label.line.number] if seg.start <= label.start < seg.end)
    for seg in down(own, found, grid):
        if seg.headed and not any(one.means(*TELLS) for one in seg.labels):
            return
        yield seg


def _in_table_head(label: Label, found: Scan) -> bool:
    """Whether the label is one of many side by side."""
    return sum(seg.headed and not seg.labels[0].colon for seg in found.segs[label.line.number]) >= _HEADS


def _rest(label: Label, found: Scan) -> Seg | None:
    """The label's segment when something follows the label in it."""
    _, end = label.line.segment_at(label.start)
    if not any(char.isalnum() for char in label.line.text[label.end : end]):
        return None
    if not label.colon and any(
        end - 2 <= other.end <= end and other.start >= label.end and other.means(*_kinds(label))
        for other in _labels_of(label, found)
    ):
        return None  # a heading in two languages
    rest = label.line.text[label.end : end]
    for other in _labels_of(label, found):
        if label.end <= other.start < end and (
            other.means(*_kinds(label), "attention")
            or (other.end >= end - 2 and not other.means("pays", "total", "due", "net"))
        ):
            rest = rest.replace(label.line.text[other.start : other.end], "")
    if not label.colon and not any(char.isalnum() for char in rest):
        return None  # a heading in two languages
    cut = label.line.text[label.end : end]
    begin = label.end + len(cut) - len(cut.lstrip(" :.,-#)"))
    return Seg(label.line, begin, end, label.line.box_of(begin, end), (), label.line.text[begin:end])


def _stands_before_block(label: Label, found: Scan) -> bool:
    """Whether the next line begins under what follows the label: a block with its label at the left."""
    rest = _rest(label, found)
    announces = max(label.weight(kind) for kind in (*PARTIES, *_RECIPIENT)) == 1
    if rest is None or rest.box.x0 - label.box.x0 < _BESIDE or not announces:
        return False
    below = next(iter(segs_under(rest, found)), None)
    own = label.line.segment_at(label.start)[0]
    return below is not None and abs(below.box.x0 - rest.box.x0) < ALIGNED and rest.start > own


def _is_bracketed_role(label: Label, found: Scan) -> bool:
    """Whether the label stands in brackets after another: `Issued by (customer)`, which says who it is."""
    text = label.line.text
    before = text[label.line.segment_at(label.start)[0] : label.start].rstrip()
    return (
        before.endswith("(")
        and text[label.end : label.end + 1] == ")"
        and max(label.weight(kind) for kind in PARTIES) >= 1
        and any(other.leads and other.end < label.start for other in _labels_of(label, found))
    )


def _is_numbered(label: Label, found: Scan) -> bool:
    """Whether the label goes on to ask for a number: `Customer no.`."""
    text = label.line.text
    return not label.colon and any(
        other.means("number") and other.start > label.end and not text[label.end : other.start].strip(" .-")
        for other in _labels_of(label, found)
    )


def _kinds(label: Label) -> tuple[str, ...]:
    return tuple(sense.kind for sense in label.senses if sense.kind in PARTIES)


def _labels_of(label: Label, found: Scan) -> tuple[Label, ...]:
    return found.labels[label.line.number]


def _below_score(label: Label, below: Seg) -> float:
    if below.headed and below.labels[0].means(*OTHER_LABELS):
        return 0.45
    return 1.0 if abs(below.box.x0 - label.box.x0) < ALIGNED else 0.85


def _first_below(label: Label, found: Scan) -> Seg | None:
    """The segment under a label, in its column or little to the right of its beginning."""
    box, height = label.box, max(label.box.bottom - label.box.top, 6.0)
    for number in range(label.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != label.line.page or line.box.top > box.bottom + 3.2 * height:
            return None
        if line.box.top < box.top + height / 2:
            continue
        for seg in found.segs[number]:
            indented = box.x0 - 4 < seg.box.x0 < box.x0 + 25
            if indented or (seg.box.x0 < box.x1 and box.x0 < seg.box.x1):
                if seg.headed and seg.labels[0].means(*PARTIES):
                    return None
                return seg
    return None


def _section(label: Label, kind: str, weight: float, found: Scan) -> PartyArea | None:
    """The lines under a heading in which labels name the party's parts."""
    if _rest(label, found) is not None and not label.closes:
        return None
    right = min(
        (
            other.box.x0
            for other in found.labels[label.line.number]
            if other.start > label.line.segment_at(label.start)[1] and other.leads and other.means(*PARTIES)
        ),
        default=label.line.width,
    )
    segs: list[Seg] = []
    bottom = label.box.bottom
    for number in range(label.line.number + 1, min(label.line.number + 30, len(found.lines))):
        line = found.lines[number]
        inside = [seg for seg in found.segs[number] if label.box.x0 - 20 < seg.box.x0 < right - 4]
        if line.page != label.line.page or line.box.top - bottom > _SECTION_GAP:
            break
        if any(
            label.leads and label.closes and _ends_section(label) for seg in inside for label in seg.labels
        ):
            break
        if sum(seg.headed and not seg.labels[0].colon for seg in inside) >= _HEADS:
            break
        segs.extend(inside)
        bottom = max(bottom, line.box.bottom) if inside else bottom
    name = labelled_name(segs, found)
    return PartyArea(tuple(segs), kind, weight * 1.05, name) if name else None


def _ends_section(label: Label) -> bool:
    return any(label.weight(kind) >= 1 for kind in (*PARTIES, "net", "total"))
