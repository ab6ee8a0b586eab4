"""Anthropic's Messages API, through its own library. Loading this takes seconds: only `providers` does it."""

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

import anthropic
import httpx2
from anthropic.types import Message

from app.extraction.llm.model import ModelFailed, Trouble, of_status, seconds_of
from app.extraction.llm.prices import cost_of, facts_of
from app.model.consultation import Inquiry, Picture, Reply, Spent

PROVIDER: Final = "anthropic"
_EPHEMERAL: Final = {"type": "ephemeral"}
_CREDIT: Final = "credit balance"
_TOO_LONG: Final = "prompt is too long"


class AnthropicModel:
    """One of Anthropic's models."""

    def __init__(self, *, key: str, model: str, base_url: str = "") -> None:
        self._model = model
        # Redirects are not followed: the key goes nowhere but to the address that was set.
        self._http = anthropic.DefaultHttpxClient(follow_redirects=False)
        self._client = anthropic.Anthropic(
            api_key=key,
            base_url=base_url or "https://api.anthropic.com",
            max_retries=0,
            http_client=self._http,
            open_telemetry=False,
        )

    def answer(self, inquiry: Inquiry, seconds: float) -> Reply:
        """One request to the Messages API."""
        try:
            message = self._client.messages.create(**_request(inquiry, self._model), timeout=seconds)
            return _reply(message, self._model)
        except anthropic.APITimeoutError:
            raise ModelFailed(Trouble.TIMEOUT, again=True) from None
        except anthropic.APIConnectionError:
            raise ModelFailed(Trouble.UNREACHABLE, again=True) from None
        except anthropic.APIStatusError as problem:
            raise _failed(problem) from None
        except (anthropic.AnthropicError, ValueError, TypeError, AttributeError, httpx2.HTTPError):
            # No message at all, or none of the documented shape.
            raise ModelFailed(Trouble.ERROR, again=True) from None

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()


def _request(inquiry: Inquiry, model: str) -> dict[str, Any]:
    document: dict[str, Any] = {"type": "text", "text": inquiry.document}
    # Writing the cache costs a quarter more, reading it a tenth: it pays from the second question on.
    if inquiry.again and len(inquiry.document) >= facts_of(model).cacheable_characters:
        document["cache_control"] = _EPHEMERAL
    shape = {"type": "json_schema", "schema": anthropic.transform_schema(json.loads(inquiry.schema))}
    effort = facts_of(model).effort
    question = {"type": "text", "text": inquiry.question}
    return {
        "model": model,
        "max_tokens": inquiry.answer_tokens,
        "system": inquiry.instructions,
        "messages": [
            {"role": "user", "content": [*_pictures(inquiry.pictures), document, question]},
        ],
        "output_config": {"format": shape, **({"effort": effort} if effort else {})},
    }


def _pictures(pictures: tuple[Picture, ...]) -> Iterator[dict[str, Any]]:
    for picture in pictures:
        data = base64.b64encode(picture.png).decode()
        yield {"type": "text", "text": f"Picture of page {picture.page}:"}
        yield {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def _reply(message: Message, model: str) -> Reply:
    if message.stop_reason == "refusal":
        return Reply(model=message.model, trouble=Trouble.REFUSED, spent=_spent(message, model))
    if message.stop_reason == "model_context_window_exceeded":
        return Reply(model=message.model, trouble=Trouble.TOO_LONG, spent=_spent(message, model))
    return Reply(
        text="".join(block.text for block in message.content if block.type == "text"),
        model=message.model,
        trouble=Trouble.TRUNCATED if message.stop_reason == "max_tokens" else "",
        spent=_spent(message, model),
    )


def _spent(message: Message, model: str) -> Spent:
    usage = message.usage
    spent = Spent(
        model_calls=1,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
    )
    return cost_of(spent, message.model, model)


def _failed(problem: anthropic.APIStatusError) -> ModelFailed:
    """By the status; what a person is told decides only where providers give no code for it."""
    told = (problem.api_message or "").lower()
    if problem.status_code == 400 and _CREDIT in told:  # noqa: PLR2004 - RFC 9110
        return ModelFailed(Trouble.CREDIT)
    if problem.status_code == 400 and _TOO_LONG in told:  # noqa: PLR2004 - RFC 9110
        return ModelFailed(Trouble.TOO_LONG)
    return of_status(
        problem.status_code, problem.type or "", seconds_of(problem.response.headers.get("retry-after"))
    )
