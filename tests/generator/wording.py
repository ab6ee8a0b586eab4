"""The words an issuer uses: one variant of each concept, drawn once per invoice."""

import tomllib
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any, Final

from tests.generator.companies import HERE

LANGUAGES: Final = ("it", "en", "de", "fr", "es", "pt", "nl", "pl")
COUNTRIES: Final = {
    "it": ("IT", "IT", "IT", "IT"), "en": ("GB", "GB", "US", "IE"), "de": ("DE", "DE", "DE", "AT", "CH"),
    "fr": ("FR", "FR", "FR", "BE", "CH"), "es": ("ES",), "pt": ("PT",), "nl": ("NL", "NL", "BE"), "pl": ("PL",),
}  # fmt: skip


@cache
def lexicon(language: str) -> MappingProxyType[str, Any]:
    """All wordings of a language by concept."""
    with (HERE / "words" / f"{language}.toml").open("rb") as file:
        return MappingProxyType(tomllib.load(file))


class Wording:
    """One issuer's choice among the wordings of a language (and, bilingual, of a second)."""

    def __init__(self, rng: Random, language: str, second: str | None = None, avoid: str = "\0") -> None:
        self.language = language
        self.second = second
        self.avoid = avoid
        self._rng = rng
        self._chosen: dict[str, str] = {}

    def __call__(self, concept: str, **values: str) -> str:
        """The wording of a concept, always the same one, its placeholders filled."""
        if concept not in self._chosen:
            self._chosen[concept] = self._choose(concept)
        text = self._chosen[concept]
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _choose(self, concept: str) -> str:
        known = lexicon(self.language)[concept]
        text = self._rng.choice([x for x in known if self.avoid not in x] or known)
        if self.second and concept not in {
            "noise",
            "capital",
            "sentence",
            "greeting",
            "pay_sentence",
            "terms",
            "thanks",
            "page",
        }:
            second = lexicon(self.second)
            other = self._rng.choice(second.get(concept, second["tax"]))
            if other.lower() != text.lower() and "{" not in text:
                text = f"{text} / {other}"
        return text

    def variants(self, concept: str) -> list[Any]:
        """All wordings of a concept."""
        return list(lexicon(self.language)[concept])

    def fix(self, concept: str, text: str) -> None:
        """Settle a concept's wording by hand (for fixtures)."""
        self._chosen[concept] = text
