"""A model asked about a document: the question, the answer, what it took. Never a key, never an address."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from app.model.job import HelpScope

CURRENCY: Final = "USD"
"""What providers charge in (ISO 4217)."""


class Picture(msgspec.Struct, frozen=True):
    """A page as a picture, for pages that have no words."""

    page: int
    png: bytes


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """One question about one document; equal ones are answered alike."""

    prompt: str
    """Name and version of the prompt: `read-fields/1`."""
    prompt_sha256: str
    instructions: str
    """What the model is told about its task: our text alone, the same for every document."""
    document: str
    """The words of the pages with their ids. Data, whatever it says."""
    question: str
    """What is asked for: paths, one a line."""
    schema: str
    """JSON Schema of the answer."""
    pictures: tuple[Picture, ...] = ()
    again: bool = False
    """Whether another question about the same document is likely to follow soon."""
    answer_tokens: int = 2_000
    """What the answer may take."""


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What answers took; adds up."""

    model_calls: int = 0
    """Requests that a provider answered; none for an answer that was remembered."""
    input_tokens: int = 0
    """Sent and not read from a provider's cache."""
    output_tokens: int = 0
    cache_read_tokens: int = 0
    """Sent again and read from the provider's cache."""
    cache_write_tokens: int = 0
    """Sent and kept in the provider's cache."""
    cost: Decimal | None = Decimal(0)
    """By the price list of the day; `None` when it has no price for the model."""
    currency: str = CURRENCY

    def __add__(self, other: "Spent") -> "Spent":
        unknown = self.cost is None or other.cost is None
        return Spent(
            model_calls=self.model_calls + other.model_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            cost=None if unknown else (self.cost or 0) + (other.cost or Decimal(0)),
        )


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back on an inquiry."""

    text: str = ""
    """The answer as the model gave it, JSON when all went well; empty when none came."""
    model: str = ""
    """The id the provider gave."""
    trouble: str = ""
    """Why no answer came, as a code (`PROVIDER_AUTH`, `PROVIDER_TIMEOUT` …); empty when one did."""
    spent: Spent = Spent()


class Consultation(msgspec.Struct, frozen=True, kw_only=True):
    """How a model took part in one reading."""

    prompt: str = ""
    prompt_sha256: str = ""
    provider: str = ""
    model: str = ""
    asked: tuple[str, ...] = ()
    """Paths that were asked for; empty when the reader was sure of everything."""
    taken: tuple[str, ...] = ()
    """Paths of which the result has the model's value."""
    confirmed: tuple[str, ...] = ()
    """Paths of which the model said what had been read before."""
    refused: tuple[str, ...] = ()
    """Paths whose answer stands on the page, but nothing there bears it out against what had been read."""
    spent: Spent = Spent()
    trouble: tuple[str, ...] = ()
    """Codes of what kept the model from helping."""


Ask = Callable[[Inquiry], Reply]
"""The door to a model. It always answers; what went wrong is told in the reply."""


class Help(msgspec.Struct, frozen=True):
    """What a caller allows a model to be asked, and the door to it."""

    scope: HelpScope
    ask: Ask
