"""Which model answers: providers by name, loaded when one is asked for."""

from typing import Final

from app.extraction.llm.model import Model

ANTHROPIC: Final = "anthropic"
OPENAI_COMPATIBLE: Final = "openai_compatible"
PROVIDERS: Final = (ANTHROPIC, OPENAI_COMPATIBLE)


def provider_named(name: str, *, key: str, model: str, base_url: str) -> Model:
    """A model of a provider; an empty address is the provider's own.

    Raises:
        KeyError: there is no such provider.
    """
    if name == ANTHROPIC:
        from app.extraction.llm.anthropic_messages import AnthropicModel  # noqa: PLC0415  # takes seconds

        return AnthropicModel(key=key, model=model, base_url=base_url)
    if name == OPENAI_COMPATIBLE:
        from app.extraction.llm.openai_chat import OpenAIModel  # noqa: PLC0415  # as above

        return OpenAIModel(key=key, model=model, base_url=base_url)
    raise KeyError(name)
