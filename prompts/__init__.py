"""What we say to a model: versioned files.

A prompt is a folder, a version of it a file `<n>.md` with the schema of its answer beside it as
`<n>.schema.json`. A version that has been released never changes: results name it by its hash. What is put
into a prompt is declared in its head, and nothing else can be.
"""

import re
import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec

_HEAD: Final = re.compile(r"\A\+\+\+\n(?P<head>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.DOTALL)
_INPUT: Final = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_PART: Final = re.compile(r"^# (instructions|document|question)$", re.MULTILINE)


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a prompt."""

    name: str
    version: int
    inputs: tuple[str, ...]
    """What is put into it, by name."""
    instructions: str
    """The same for every document."""
    document: str
    question: str
    schema: str
    """JSON Schema of the answer."""
    sha256: str
    """Of the prompt and the schema, in hex."""

    @property
    def label(self) -> str:
        """As results name it: `read-fields/1`."""
        return f"{self.name}/{self.version}"

    def fill(self, part: str, **given: str) -> str:
        """A part (`document`, `question`) with its inputs put in.

        Raises:
            KeyError: for an input that the prompt does not declare, or one that is missing.
        """
        for name in given:
            if name not in self.inputs:
                raise KeyError(name)
        return _INPUT.sub(lambda match: given[match[1]], getattr(self, part))


@cache
def load(name: str, version: int) -> Prompt:
    """A version of a prompt."""
    folder = files(__package__) / name
    text = (folder / f"{version}.md").read_text("utf-8")
    schema = (folder / f"{version}.schema.json").read_text("utf-8")
    match = _HEAD.match(text)
    if match is None:
        raise ValueError("a prompt begins with its head between +++")
    head = tomllib.loads(match["head"])
    _, *parts = _PART.split(match["body"])
    texts = {part: body.strip() for part, body in zip(parts[::2], parts[1::2], strict=True)}
    digest = sha256(f"{text}\0{schema}".encode()).hexdigest()
    return Prompt(
        name=name,
        version=version,
        inputs=tuple(head["inputs"]),
        schema=schema.strip(),
        sha256=digest,
        **texts,
    )
