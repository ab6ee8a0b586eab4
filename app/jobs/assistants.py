"""Which models may help on this installation, as the settings have it."""

from typing import Final

import msgspec

from app.extraction.llm.providers import ANTHROPIC, OPENAI_COMPATIBLE
from app.settings import Settings

DEFAULT_MODEL: Final = Settings().anthropic_model
NONE_NEEDED: Final = frozenset({OPENAI_COMPATIBLE})
"""Providers that may run in the house and ask for no key."""


class Assistant(msgspec.Struct, frozen=True, kw_only=True):
    """One provider that may be asked."""

    name: str
    key: str = ""
    """The operator's own; callers without one use it."""
    base_url: str = ""
    model: str = ""
    """When the caller names none."""

    @property
    def keyed(self) -> bool:
        """Whether it can be asked without a key of the caller's."""
        return bool(self.key) or self.name in NONE_NEEDED


class Assistants(msgspec.Struct, frozen=True, kw_only=True):
    """The providers that may be asked, the preferred one first."""

    known: tuple[Assistant, ...] = (Assistant(name=ANTHROPIC, model=DEFAULT_MODEL),)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(one.name for one in self.known)

    def named(self, name: str) -> Assistant | None:
        """One of them."""
        return next((one for one in self.known if one.name == name), None)


def assistants(settings: Settings) -> Assistants:
    """The providers that the settings allow; an OpenAI-compatible one only where its address is set."""
    known = [
        Assistant(
            name=ANTHROPIC,
            key=settings.anthropic_key,
            base_url=settings.anthropic_base_url,
            model=settings.anthropic_model,
        )
    ]
    if settings.openai_base_url:
        known.append(
            Assistant(
                name=OPENAI_COMPATIBLE,
                key=settings.openai_key,
                base_url=settings.openai_base_url,
                model=settings.openai_model,
            )
        )
    known.sort(key=lambda one: one.name != settings.model_provider)
    return Assistants(known=tuple(known))
