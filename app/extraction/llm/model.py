"""What any model must do for us, whoever provides it, and all that can go wrong with it.

code                     what happened                                   asked again
PROVIDER_AUTH            the key is wrong, revoked or not allowed        no
PROVIDER_CREDIT          the account has no credit                       no
PROVIDER_RATE_LIMITED    too many requests                               after `retry-after`
PROVIDER_OVERLOADED      the provider is overloaded                      yes
PROVIDER_TIMEOUT         no answer in time                               once
PROVIDER_UNREACHABLE     no connection                                   yes
PROVIDER_ERROR           anything else a provider answers                when it is its own trouble
MODEL_UNKNOWN            the provider has no such model                  no
MODEL_INPUT_TOO_LONG     the document is too long for the model          no
MODEL_REFUSED            the model declined                              no
MODEL_REPLY_TRUNCATED    the answer was cut off                          with more room
MODEL_REPLY_MALFORMED    the answer is none that was asked for           once
MODEL_BUDGET_SPENT       a limit of the service on calls, tokens, money  no
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from app.errors import SpuntaError
from app.model.consultation import Inquiry, Reply


class Trouble(StrEnum):
    """Why a model did not help."""

    AUTH = "PROVIDER_AUTH"
    CREDIT = "PROVIDER_CREDIT"
    RATE_LIMITED = "PROVIDER_RATE_LIMITED"
    OVERLOADED = "PROVIDER_OVERLOADED"
    TIMEOUT = "PROVIDER_TIMEOUT"
    UNREACHABLE = "PROVIDER_UNREACHABLE"
    ERROR = "PROVIDER_ERROR"
    UNKNOWN_MODEL = "MODEL_UNKNOWN"
    TOO_LONG = "MODEL_INPUT_TOO_LONG"
    REFUSED = "MODEL_REFUSED"
    TRUNCATED = "MODEL_REPLY_TRUNCATED"
    MALFORMED = "MODEL_REPLY_MALFORMED"
    BUDGET = "MODEL_BUDGET_SPENT"


_BY_KIND: Final[Mapping[str, Trouble]] = MappingProxyType({
    "billing_error": Trouble.CREDIT, "insufficient_quota": Trouble.CREDIT,
    "request_too_large": Trouble.TOO_LONG, "context_length_exceeded": Trouble.TOO_LONG,
})  # fmt: skip
_BY_STATUS: Final[Mapping[int, Trouble]] = MappingProxyType({
    401: Trouble.AUTH, 402: Trouble.CREDIT, 403: Trouble.AUTH, 404: Trouble.UNKNOWN_MODEL,
    408: Trouble.TIMEOUT, 413: Trouble.TOO_LONG, 429: Trouble.RATE_LIMITED, 503: Trouble.OVERLOADED,
    504: Trouble.TIMEOUT, 529: Trouble.OVERLOADED,
})  # fmt: skip
_PASSING: Final = frozenset({Trouble.RATE_LIMITED, Trouble.OVERLOADED, Trouble.TIMEOUT})
_SERVER_ERROR: Final = 500


class ModelFailed(SpuntaError):
    """A request to a model came to nothing. Its text is the code: what a provider wrote is never kept."""

    def __init__(self, trouble: Trouble, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.again = again
        """Whether the same request may succeed later."""
        self.after = after
        """Seconds the provider asks to be left alone."""


class Model(Protocol):
    """A model of some provider, with the key to it."""

    def answer(self, inquiry: Inquiry, seconds: float) -> Reply:
        """One request. A reply that was cut off comes with its text and `MODEL_REPLY_TRUNCATED`.

        Raises:
            ModelFailed: with what went wrong.
        """

    def close(self) -> None:
        """Let go of connections, also of one that another thread waits on."""


def of_status(status: int, kind: str = "", after: float | None = None) -> ModelFailed:
    """What an HTTP status means; `kind` is the provider's own name for the error, where it gives one."""
    trouble = _BY_KIND.get(kind) or _BY_STATUS.get(status, Trouble.ERROR)
    again = trouble in _PASSING or (trouble is Trouble.ERROR and status >= _SERVER_ERROR)
    return ModelFailed(trouble, again=again, after=after)


def seconds_of(header: str | None) -> float | None:
    """The seconds of a `retry-after`; dates, which providers do not send, are not read."""
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
