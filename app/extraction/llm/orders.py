"""Text that is addressed to a model: it is not sent, nothing that stands in it is believed, and it is told.

Not the defence, which is that values are looked up and weighed, but one layer more; what is found is worth a
person's look, for nobody writes such a thing on an honest invoice.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from app.extraction.page.text.scan import Scan

_MOST: Final = 5


class _Phrases(msgspec.Struct, frozen=True):
    markup: tuple[str, ...]
    orders: tuple[str, ...]


@cache
def _pattern() -> re.Pattern[str]:
    data = tomllib.loads((files(__package__) / "orders.toml").read_text("utf-8"))
    phrases = msgspec.convert(data, _Phrases)
    return re.compile("|".join((*phrases.markup, *phrases.orders)))


def lines_for_models(found: Scan) -> frozenset[int]:
    """The numbers of the lines that say something to a model, also where it goes on over the next line."""
    told: set[int] = set()
    for number, line in enumerate(found.lines):
        if _pattern().search(line.folded):
            told.add(number)
        elif number and number - 1 not in told:
            before = found.lines[number - 1]
            both = f"{before.folded} {line.folded}"
            if before.page == line.page and _pattern().search(both):
                told.update((number - 1, number))
    return frozenset(told)


def samples(found: Scan, numbers: frozenset[int]) -> tuple[str, ...]:
    """What it says, as far as it is shown."""
    return tuple(found.lines[number].text.replace("\t", " ") for number in sorted(numbers))[:_MOST]
