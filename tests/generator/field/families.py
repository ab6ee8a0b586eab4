"""The families that are pages of HTML: one file each, its facts in the comment at its top.

A family whose `held` is true is kept for measuring: whoever improves the reader does not look at it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "families"


@dataclass(frozen=True, kw_only=True)
class FieldFamily:
    """What a family asks for."""

    name: str
    places: tuple[str, ...]
    """`language:country` pairs in which such pages exist."""
    held: bool = False
    fonts: tuple[str, ...] = ("Lato", "Roboto", "Source Sans Pro", "Manrope", "Caladea", "Source Serif Pro")
    rows: tuple[int, int] = (1, 8)
    cases: Mapping[str, int] = field(default_factory=dict)
    """Tax cases with their weights; empty for whatever the country knows."""
    goods: Mapping[str, list[Any]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    kind: str = ""
    private_buyer: float = 0.1
    person: bool = False
    """Is the seller one person?"""
    drawn: bool = False
    """Drawn by coordinates, in Python, rather than a page of HTML."""
    wave: int = 1
    """When it was made: families of a later wave have been seen by fewer versions of the reader."""
    deal: str = ""
    """The name of a way to draw the invoice's contents, where the general one does not fit."""

    @property
    def languages(self) -> list[str]:
        """The languages it is printed in."""
        return list(dict.fromkeys(place.split(":")[0] for place in self.places))


def facts_of(source: str) -> dict[str, Any]:
    """The facts in the comment at a template's top."""
    found = re.match(r"\{#(.*?)#\}", source, re.DOTALL)
    return tomllib.loads(found[1]) if found else {}


def _family(name: str, facts: dict[str, Any]) -> FieldFamily:
    tuples = {key: tuple(facts[key]) for key in ("places", "fonts", "rows") if key in facts}
    return FieldFamily(**{**facts, **tuples, "name": name})


def _found() -> dict[str, FieldFamily]:
    pages = {path.stem: facts_of(path.read_text()) for path in sorted(FOLDER.glob("*.html"))}
    forms = {path.stem: tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))}
    return {
        name: _family(name, facts)
        for name, facts in sorted({**pages, **forms}.items())
        if not name.startswith("_")
    }


FIELD: Final = MappingProxyType(_found())
LATER: Final = tuple(name for name, family in FIELD.items() if family.wave > 1)
"""Those made last."""
DEVELOPMENT: Final = tuple(name for name, family in FIELD.items() if not family.held)
"""May be looked at while the reader is being improved."""
HELD_OUT: Final = tuple(name for name, family in FIELD.items() if family.held)
"""Kept for measuring: only their sums are looked at."""
