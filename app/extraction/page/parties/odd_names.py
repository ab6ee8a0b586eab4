"""Texts in the place of a name that do not look like the whole of one: read, but not to be booked unseen."""

import re
from collections.abc import Iterator
from typing import Final

from app.extraction.page.text.candidates import Text
from app.extraction.page.text.legal_forms import has_legal_form
from app.extraction.page.text.lines import fold
from app.extraction.page.text.scan import Scan, Seg

_ROLE: Final = re.compile(r"\((?!haftungsbeschr)[a-zà-ÿ]{3,}|:\s*\S")
"""A word in brackets with a small letter, `(customer)`, or a colon: a label was read with the name."""
_OPEN_END: Final = re.compile(r"(?:[&+/,-]|(?<=\s)(?:und|and|et|en|e|y|i))$", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"[^\W\d_]+\.? \d{1,4}")
"""`Table 8`: one of several of its kind."""
_NAME_WORD: Final = re.compile(r"[^\W\d_][\w'’.-]*|&")
_SHORTEST: Final = 4  # letters of a name that is no chance find in another text


def is_odd(name: Text, found: Scan) -> bool:
    """Whether a text holds a label, ends in the middle, counts something, or stands elsewhere as a part."""
    value = name.value.strip()
    if _ROLE.search(value) or _OPEN_END.search(value) or _NUMBERED.fullmatch(value):
        return True
    if _is_label(name, found) or _is_priced(name, found):
        return True
    return not has_legal_form(f" {value}") and any(_goes_further(value, seg) for seg in _others(name, found))


def _is_priced(name: Text, found: Scan) -> bool:
    """Whether an amount of money stands on its line, as beside what is sold."""
    return any(
        line.page == name.place.page
        and abs(line.box.top - name.place.box.top) < 1
        and any(hit.money for hit in found.amounts[line.number])
        for line in found.lines
    )


def _is_label(name: Text, found: Scan) -> bool:
    """Whether the text is a phrase by which invoices name something, and nothing else."""
    key = fold(name.value).strip(" .:")
    return any(
        label.line.page == name.place.page
        and abs(label.box.top - name.place.box.top) < 1
        and label.line.folded[label.start : label.end] == key
        for labels in found.labels
        for label in labels
    )


def _others(name: Text, found: Scan) -> Iterator[Seg]:
    """The segments elsewhere that hold the name among other words."""
    key = fold(name.value)
    if len(key) < _SHORTEST:
        return
    for line, segs in zip(found.lines, found.segs, strict=True):
        if key in line.folded:
            for seg in segs:
                own = seg.line.page == name.place.page and abs(seg.box.top - name.place.box.top) < 1
                if not own and key in line.folded[seg.start : seg.end]:
                    yield seg


def _goes_further(value: str, seg: Seg) -> bool:
    """Whether a word of a name and a legal form follow the name there: `Hill` in `Hill & Sons Ltd`."""
    start = fold(seg.text).find(fold(value))
    rest = seg.text[start + len(value) :]
    words = rest.split()
    if not rest.startswith(" ") or not words or not _NAME_WORD.fullmatch(words[0]):
        return False
    return has_legal_form(rest) and (words[0] == "&" or words[0][0].isupper())
