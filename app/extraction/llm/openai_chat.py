"""Any endpoint that speaks OpenAI's chat completions: hosted, or Ollama, vLLM, llama.cpp in the house."""

import base64
import json
from typing import Any, Final

import httpx2

from app.extraction.llm.model import ModelFailed, Trouble, of_status, seconds_of
from app.extraction.llm.prices import cost_of
from app.model.consultation import Inquiry, Picture, Reply, Spent

PROVIDER: Final = "openai_compatible"
LARGEST_REPLY: Final = 8_000_000
"""Bytes."""
_BAD_REQUEST: Final = frozenset({400, 422})
_OK: Final = 200


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint."""

    def __init__(self, *, key: str, model: str, base_url: str) -> None:
        self._model = model
        self._url = base_url.rstrip("/") + "/chat/completions"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(headers=headers, follow_redirects=False)
        self._refused = 0
        """How many of `_FORMATS` the endpoint does not know."""

    def answer(self, inquiry: Inquiry, seconds: float) -> Reply:
        """One request; more when the endpoint turns out not to know a form of asking for JSON."""
        while True:
            status, headers, body = self._post(_request(inquiry, self._model, self._refused), seconds)
            if status == _OK:
                return _reply(_json(body), self._model)
            if status not in _BAD_REQUEST or self._refused == len(_FORMATS) - 1:
                kind = _kind(body)
                raise of_status(status, kind, seconds_of(headers.get("retry-after")))
            self._refused += 1

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def _post(self, body: dict[str, Any], seconds: float) -> tuple[int, httpx2.Headers, bytes]:
        received = bytearray()
        try:
            with self._http.stream("POST", self._url, json=body, timeout=seconds) as response:
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > LARGEST_REPLY:
                        raise ModelFailed(Trouble.ERROR)
                return response.status_code, response.headers, bytes(received)
        except httpx2.TimeoutException:
            raise ModelFailed(Trouble.TIMEOUT, again=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise ModelFailed(Trouble.UNREACHABLE, again=True) from None


def _request(inquiry: Inquiry, model: str, refused: int) -> dict[str, Any]:
    words = [{"type": "text", "text": text} for text in (inquiry.document, inquiry.question)]
    content: Any = [*_pictures(inquiry.pictures), *words]
    if not inquiry.pictures:
        content = f"{inquiry.document}\n{inquiry.question}"
    return {
        "model": model,
        "max_tokens": inquiry.answer_tokens,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": inquiry.instructions + _spelt_out(inquiry.schema, refused)},
            {"role": "user", "content": content},
        ],
        **_FORMATS[refused](inquiry.schema),
    }


def _by_schema(schema: str) -> dict[str, Any]:
    shape = {"name": "answers", "strict": True, "schema": json.loads(schema)}
    return {"response_format": {"type": "json_schema", "json_schema": shape}}


def _as_json(_schema: str) -> dict[str, Any]:
    return {"response_format": {"type": "json_object"}}


def _as_text(_schema: str) -> dict[str, Any]:
    return {}


_FORMATS: Final = (_by_schema, _as_json, _as_text)
"""The forms of asking for JSON, the strictest first."""


def _spelt_out(schema: str, refused: int) -> str:
    return f"\n\nAnswer with JSON alone, of this schema:\n{schema}" if refused else ""


def _pictures(pictures: tuple[Picture, ...]) -> list[dict[str, Any]]:
    return [
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"},
        }
        for picture in pictures
    ]


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise ModelFailed(Trouble.ERROR, again=True) from None
    if not isinstance(told, dict):
        raise ModelFailed(Trouble.ERROR, again=True)
    return told


def _kind(body: bytes) -> str:
    """The provider's own name for an error."""
    try:
        error = json.loads(body).get("error", {})
        return str(error.get("code") or error.get("type") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def _reply(told: dict[str, Any], model: str) -> Reply:
    try:
        choice = told["choices"][0]
        text, refusal = choice["message"].get("content"), choice["message"].get("refusal")
        reason = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ModelFailed(Trouble.ERROR, again=True) from None
    named, spent = str(told.get("model") or model), _spent(told, model)
    if refusal or reason == "content_filter":
        return Reply(model=named, trouble=Trouble.REFUSED, spent=spent)
    trouble = Trouble.TRUNCATED if reason == "length" else ""
    return Reply(text=text if isinstance(text, str) else "", model=named, trouble=trouble, spent=spent)


def _spent(told: dict[str, Any], model: str) -> Spent:
    usage = told.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else 0
    spent = Spent(
        model_calls=1,
        input_tokens=max(0, _count(usage.get("prompt_tokens")) - cached),
        output_tokens=_count(usage.get("completion_tokens")),
        cache_read_tokens=cached,
    )
    return cost_of(spent, str(told.get("model") or model), model)


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
