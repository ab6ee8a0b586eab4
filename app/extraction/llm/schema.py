"""The JSON Schema of what a model answers, as providers take it."""

import json
from typing import Any

import msgspec

from app.extraction.llm.answers import Answers

_UNSAID = frozenset({"title", "description"})
"""What the prompt says in words."""


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of a struct without references: every object closed, every property required."""
    (reference,), definitions = msgspec.json.schema_components([kind], ref_template="{name}")
    resolved: dict[str, Any] = _resolved(reference, definitions)
    return resolved


def answer_schema() -> str:
    """The schema of `Answers` as it is kept beside the prompt."""
    return json.dumps(schema_of(Answers), separators=(",", ":"), ensure_ascii=False) + "\n"


def _resolved(part: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401  # any part of a JSON document
    if isinstance(part, list):
        return [_resolved(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _resolved(definitions[part["$ref"]], definitions)
    kept = {name: _resolved(value, definitions) for name, value in part.items() if name not in _UNSAID}
    return {**kept, "additionalProperties": False} if kept.get("type") == "object" else kept
