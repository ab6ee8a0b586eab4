"""The words of the field: another list than the first families', with a family's own words before it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final

from tests.generator.wording import Wording

WORDS: Final = Path(__file__).parent / "words"


@cache
def field_lexicon(language: str) -> MappingProxyType[str, Any]:
    """All wordings of a language by concept."""
    with (WORDS / f"{language}.toml").open("rb") as file:
        return MappingProxyType(tomllib.load(file))


class FieldWording(Wording):
    """One issuer's choice; a family's own words come first."""

    def __init__(self, rng: Random, language: str, own: Mapping[str, list[str]], avoid: str = "\0") -> None:
        super().__init__(rng, language, avoid=avoid)
        self.own = own

    def variants(self, concept: str) -> list[Any]:
        """All wordings of a concept."""
        return list(self.own.get(concept) or field_lexicon(self.language)[concept])

    def _choose(self, concept: str) -> str:
        known = self.variants(concept)
        return str(self._rng.choice([x for x in known if self.avoid not in x] or known))
