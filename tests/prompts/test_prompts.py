"""What is said to a model: versions that stay as they were released, schemas that providers take.

`SPUNTA_REFRESH=1 pytest tests/prompts` writes the schema of the newest version anew, and notes new versions as
released; it never changes what was noted before.
"""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest

import prompts
from app.extraction.llm.conversation import PROMPT
from app.extraction.llm.schema import answer_schema, schema_of
from app.model.invoice import Invoice

FOLDER = Path(prompts.__file__).parent
RELEASED = FOLDER / "released.toml"
MOST_OPTIONAL, MOST_UNIONS = 24, 16
"""Of one request, by Anthropic's description of structured outputs."""
UNSUPPORTED = {
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
    "uniqueItems", "patternProperties", "oneOf", "not", "if", "$ref",
}  # fmt: skip
"""Keywords that the provider refuses, and references, by which a schema could come back to itself."""


def versions():
    return [
        prompts.load(path.parent.name, int(path.stem))
        for path in sorted(FOLDER.glob("*/*.md"))
        if path.parent.parent == FOLDER
    ]


def parts(schema):
    """Every object of a schema, from the top down."""
    if isinstance(schema, list):
        for item in schema:
            yield from parts(item)
    elif isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            inner = value.values() if name in {"properties", "$defs"} and isinstance(value, dict) else [value]
            for part in inner:
                yield from parts(part)


def faults(schema):
    """Why a provider would not take a schema."""
    every = list(parts(schema))
    objects = [part for part in every if part.get("type") == "object"]
    optional = sum(len(set(it.get("properties", {})) - set(it.get("required", ()))) for it in objects)
    unions = sum("anyOf" in part or isinstance(part.get("type"), list) for part in every)
    if optional > MOST_OPTIONAL:
        yield f"{optional} optional parameters"
    if unions > MOST_UNIONS:
        yield f"{unions} parameters of several types"
    if any(part.get("additionalProperties") is not False for part in objects):
        yield "an object that is not closed"
    yield from UNSUPPORTED & {name for part in every for name in part}


def test_released_versions_stay_as_they_are():
    known = tomllib.loads(RELEASED.read_text()) if RELEASED.exists() else {}
    present = {prompt.label: prompt.sha256 for prompt in versions()}
    if os.environ.get("SPUNTA_REFRESH"):
        known = {**present, **known}
        RELEASED.write_text("".join(f'"{label}" = "{digest}"\n' for label, digest in sorted(known.items())))
    assert known == present


def test_the_schema_is_that_of_our_types():
    path = FOLDER / PROMPT.name / f"{PROMPT.version}.schema.json"
    if os.environ.get("SPUNTA_REFRESH"):
        path.write_text(answer_schema())
    assert path.read_text() == answer_schema()


@pytest.mark.parametrize("prompt", versions(), ids=lambda prompt: prompt.label)
def test_a_provider_takes_the_schema(prompt):
    assert list(faults(json.loads(prompt.schema))) == []


def test_the_lint_would_find_what_a_provider_refuses():
    found = " ".join(faults(schema_of(Invoice)))
    assert "optional parameters" in found
    assert "parameters of several types" in found


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"type": "object", "properties": {}}, "an object that is not closed"),
        ({"type": "array", "items": {"$ref": "#"}}, "$ref"),
        ({"type": "integer", "minimum": 0}, "minimum"),
    ],
)
def test_the_lint_names_a_fault(schema, fault):
    assert list(faults(schema)) == [fault]


@pytest.mark.parametrize("prompt", versions(), ids=lambda prompt: prompt.label)
def test_what_is_put_into_a_prompt_is_declared(prompt):
    used = set(re.findall(r"\{\{ *(\w+) *\}\}", prompt.instructions + prompt.document + prompt.question))
    assert used == set(prompt.inputs)
    assert "{{" not in prompt.instructions


def test_an_input_that_is_not_declared_is_refused():
    with pytest.raises(KeyError):
        PROMPT.fill("document", words="", secret="")


def test_an_input_that_is_missing_is_refused():
    with pytest.raises(KeyError):
        PROMPT.fill("document")


def test_braces_in_a_document_are_not_filled():
    assert "{{ fields }}" in PROMPT.fill("document", words="{{ fields }}")
