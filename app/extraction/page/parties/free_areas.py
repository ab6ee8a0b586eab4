"""Blocks of an address that no label of a party announces."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

from app.extraction.page.parties.areas import (
    BUYER,
    OTHER_LABELS,
    ROWS,
    SAME_SIZE,
    TELLS,
    Columns,
    PartyArea,
    down,
    says_other,
    seg_above,
    supported,
)
from app.extraction.page.parties.names import labelled_name, name_from
from app.extraction.page.text.addresses import find_city, looks_like_street
from app.extraction.page.text.candidates import Text
from app.extraction.page.text.lines import has_digit
from app.extraction.page.text.scan import ALIGNED, Scan, Seg

_ALSO_TOLD: Final = (
    "iban", "bic", "bank", "other_number", "attention", "buyer_vat", "tax", "buyer", "seller",
)  # fmt: skip
_SENDER_PIECES: Final = 3
_INDENT: Final = 12.0  # points between the edges of the sender's line and of the recipient
_WINDOW: Final = 75.0  # points from the sender's line to the recipient
_SMALL: Final = 8.5  # points: sender lines are set smaller than text


def window_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """The recipient in the envelope's window: the block under a line with the sender's whole address."""
    if any(area.kind == BUYER and supported(area) for area in taken):
        return []
    areas: list[PartyArea] = []
    for segs in found.segs:
        for seg in segs:
            if seg.line.page > 1 or seg.box.top > seg.line.height * 0.45:
                return areas
            short = _is_short_sender_line(seg)
            if not (short or is_sender_line(seg)) or _is_dated(seg, found):
                continue
            first = _first_in_window(seg, found)
            if short and first and _size(first) < _size(seg) + SAME_SIZE:
                continue
            block = (first, *down(first, found, grid)) if first else ()
            name = name_from(block, None) if block else None
            if name and any(part.city or part.country for part in block):
                areas.append(PartyArea(block, BUYER, 0.9, name))
    return areas


def _is_dated(seg: Seg, found: Scan) -> bool:
    """Whether a date stands in the segment, as in the period of a service."""
    return any(seg.start <= hit.start < seg.end for hit in found.dates[seg.line.number])


def is_sender_line(seg: Seg) -> bool:
    """Whether a segment is a whole address on one line, as senders print it over the recipient's."""
    pieces = [piece for piece in re.split(r"\s*[,;|·•∙●▪]\s*|\s[-–—/]\s", seg.text) if piece]
    streets = sum(
        looks_like_street(piece) or bool(re.search(r"\D \d{1,4} ?[a-z]?$", piece)) for piece in pieces
    )
    return (
        len(pieces) >= _SENDER_PIECES
        and streets > 0
        and has_digit(pieces[-1] + pieces[-2])
        and not _is_headed(seg)
    )


def _is_short_sender_line(seg: Seg) -> bool:
    """Whether a segment names somebody and a postcode with its city: a sender's line without a street."""
    pieces = [piece for piece in re.split(r"\s*[,;|·•∙●▪]\s*|\s[-–—/]\s", seg.text) if piece]
    city = find_city(pieces[-1]) if len(pieces) == _SENDER_PIECES - 1 else None
    return city is not None and city.start == 0 and not has_digit(pieces[0]) and not _is_headed(seg)


def _is_headed(seg: Seg) -> bool:
    return bool(seg.labels) and seg.labels[0].leads and not seg.labels[0].begins_words


def _size(seg: Seg) -> float:
    return seg.line.words_of(seg.start, seg.end)[0].size


def _first_in_window(sender: Seg, found: Scan) -> Seg | None:
    """The first line of the block under a sender line, the rest of a wrapped sender line passed over."""
    bottom, size = sender.box.bottom, sender.line.words_of(sender.start, sender.end)[0].size
    for number in range(sender.line.number + 1, len(found.lines)):
        line = found.lines[number]
        if line.page != sender.line.page or line.box.top > sender.box.bottom + _WINDOW:
            return None
        for seg in found.segs[number]:
            if abs(seg.box.x0 - sender.box.x0) > _INDENT:
                continue
            words = line.words_of(seg.start, seg.end)
            wrapped = (
                abs(words[0].size - size) < SAME_SIZE and seg.box.top - bottom < ALIGNED and size < _SMALL
            )
            if wrapped:
                bottom = seg.box.bottom
                continue
            return None if says_other(seg) else seg
    return None


def free_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """Blocks with an address that no label announces, on the first page."""
    used = {id(seg) for area in taken for seg in area.segs}
    areas = []
    for stack in chain.from_iterable(map(_addresses, grid.stacks)):
        if stack[0].line.page != 1 or any(id(seg) in used for seg in stack):
            continue
        first = next((index for index, seg in enumerate(stack) if seg.city), None)
        if first is None and _is_foreign_address(stack):
            first = len(stack) - 1
        if first is None or len(stack) > ROWS + 4:
            continue
        name = name_from(stack[: first + 1], None)
        whole = stack
        if name is None and (above := seg_above(stack[0], found)) is not None:
            whole = (above, *stack)
            name = name_from(whole, None)
        if name:
            areas.append(PartyArea(_to_rows(_from_name(whole, name), found), None, 0.0, name))
    return areas


def _from_name(stack: tuple[Seg, ...], name: Text) -> tuple[Seg, ...]:
    """A block without the labels of other things that stand over its name in one column."""
    at = next((at for at, seg in enumerate(stack) if seg.box.bottom > name.place.box.top), 0)
    others = any(seg.labels and seg.labels[0].means(*OTHER_LABELS) for seg in stack[:at])
    return stack[at:] if others else stack


def _to_rows(stack: tuple[Seg, ...], found: Scan) -> tuple[Seg, ...]:
    """A block up to where, under its address, the document's own facts or rows begin in the same column."""
    city = next((at for at, seg in enumerate(stack) if seg.city), len(stack))
    for at in range(city + 1, len(stack)):
        label = next((label for label in stack[at].labels if label.leads), None)
        if label is not None and label.means(*TELLS, *_ALSO_TOLD):
            continue
        if stack[at].headed or any(hit.money for hit in found.amounts[stack[at].line.number]):
            return stack[:at]
    return stack


def _addresses(stack: tuple[Seg, ...]) -> Iterator[tuple[Seg, ...]]:
    """A block as it is, or in parts where one address begins right under another."""
    cities = [index for index, seg in enumerate(stack) if seg.city]
    begin = 0
    for city, following in pairwise(cities):
        start = next((at for at in range(city + 1, following) if _begins_address(stack[at])), None)
        if start is not None:
            yield stack[begin:start]
            begin = start
    yield stack[begin:]


def _begins_address(seg: Seg) -> bool:
    """Whether a line under an address is a name: no label, no number, no country."""
    plain = not (seg.labelled or has_digit(seg.text) or seg.country or seg.is_street)
    return plain and "@" not in seg.text and "www." not in seg.text.lower()


def named_areas(found: Scan, grid: Columns, taken: Sequence[PartyArea]) -> list[PartyArea]:
    """Blocks that no label of a party announces, though one in them announces a name."""
    used = {id(seg) for area in taken for seg in area.segs}
    areas = []
    for label in found.all_labels("name"):
        seg = next((seg for seg in found.segs[label.line.number] if label in seg.labels), None)
        if seg is None or id(seg) in used or not (label.leads and label.colon and label.weight("name") >= 1):
            continue
        stack = grid.stacks[grid.stack_of[id(seg)]] if id(seg) in grid.stack_of else (seg,)
        name = labelled_name(stack, found)
        if name and not any(id(part) in used for part in stack):
            areas.append(PartyArea(stack, None, 0.0, name))
            used.update(id(part) for part in stack)
    return areas


def _is_foreign_address(stack: Sequence[Seg]) -> bool:
    """A street and a country, though no postcode of a known shape."""
    streets = any(seg.is_street for seg in stack[:3])
    return streets and any(seg.country for seg in stack)
