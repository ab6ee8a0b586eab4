"""The shapes of bodies in the OpenAPI document, as msgspec describes them.

The framework's own generator cannot describe structs that hold raw JSON or whose defaults are structs. It is
given placeholders, and the finished document their definitions.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from app.api.problems import AnyRequest
from app.model.segment import ParsedDocument
from app.model.verdict import Verdict
from app.validation.decide import Decision
from app.validation.report import Flag, Validation

_MARK: Final = "struct "
_REFERENCE: Final = "#/components/schemas/{name}"
_RAW: Final[Mapping[str, Any]] = {
    "validation_flags": {"type": "array", "items": {"$ref": _REFERENCE.format(name="Flag")}},
    "validation": {"$ref": _REFERENCE.format(name="Validation")},
    "decision": {"$ref": _REFERENCE.format(name="Decision")},
    "result": {"$ref": _REFERENCE.format(name="ParsedDocument")},
}
"""What stands in members that are passed on as the JSON they were stored as."""


class VerdictBody(msgspec.Struct):
    """What today's rules and policy say."""

    validation_flags: tuple[Flag, ...]
    validation: Validation
    decision: Decision


_INSTEAD: Final[Mapping[type[msgspec.Struct], type[msgspec.Struct]]] = {Verdict: VerdictBody}
"""Structs of raw JSON throughout."""


class StructShapes(OpenAPISchemaPlugin):
    """Gives the framework a placeholder for every struct, and remembers which there were."""

    def __init__(self, *others: type[msgspec.Struct]) -> None:
        """`others` are structs that the signatures of handlers do not show."""
        self.kinds = dict.fromkeys((*others, Flag, Validation, Decision, ParsedDocument))

    @staticmethod
    def is_plugin_supported_type(value: object) -> bool:
        """Structs of msgspec."""
        return isinstance(value, type) and issubclass(value, msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:  # noqa: ARG002  # the framework's signature
        """A placeholder."""
        annotated: type[msgspec.Struct] = field_definition.annotation
        kind = _INSTEAD.get(annotated, annotated)
        self.kinds[kind] = None
        return placeholder(kind)


class Document(JsonRenderPlugin):
    """The OpenAPI document with every struct described."""

    def __init__(self, shapes: StructShapes) -> None:
        super().__init__(path="/openapi.json")
        self._shapes = shapes

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002  # the framework's signature
        """The document's JSON."""
        return msgspec.json.encode(completed(openapi_schema, self._shapes))


def placeholder(kind: type[msgspec.Struct]) -> Schema:
    """What stands for a struct until the document is finished."""
    return Schema(title=_MARK + kind.__name__)


def completed(document: dict[str, Any], shapes: StructShapes) -> dict[str, Any]:
    """The document with placeholders made references and the definitions they refer to."""
    _, definitions = msgspec.json.schema_components(
        tuple(shapes.kinds), ref_template=_REFERENCE, schema_hook=_anything
    )
    for definition in definitions.values():
        properties = definition.get("properties", {})
        properties.update({name: shape for name, shape in _RAW.items() if properties.get(name) == {}})
    components = document.get("components", {})
    schemas = {**components.get("schemas", {}), **definitions}
    whole: dict[str, Any] = _resolved({**document, "components": {**components, "schemas": schemas}})
    return whole


def _anything(kind: type) -> dict[str, Any]:
    if kind is object:
        return {"description": "A number, text or null."}
    raise NotImplementedError


def _resolved(part: Any) -> Any:  # noqa: ANN401  # any part of a JSON document
    if isinstance(part, list):
        return [_resolved(item) for item in part]
    if not isinstance(part, dict):
        return part
    title = part.get("title")
    if isinstance(title, str) and title.startswith(_MARK):
        return {"$ref": _REFERENCE.format(name=title.removeprefix(_MARK))}
    if part.get("format") == "decimal":
        return {"type": "number"}  # amounts are numbers with all their digits
    # A failed job fits the shapes of both types, so that "one of" would be wrong.
    return {"anyOf" if name == "oneOf" else name: _resolved(value) for name, value in part.items()}
