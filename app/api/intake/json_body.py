"""A JSON body whose `file_base64` is too large for memory: the string is decoded as it passes by.

What is left of the body, with a marker where the string stood, is small and decoded as JSON at the end. The
search for the key is exact for valid JSON: `"file_base64" : "` cannot stand inside a string, where its quotes
would be escaped, nor at a string's edge, where two strings would touch. A file below the top level, or a
second one, is refused.
"""

import re
from typing import Final

import msgspec

from app.api.intake.base64_text import Base64Text
from app.errors import RequestRefused
from app.storage.file_protocols import Incoming

REST_LIMIT: Final = 64 * 1024
"""Bytes of a body besides the file."""
_KEY: Final = re.compile(rb'"file_base64"\s*:\s*"')
_LONGEST_KEY: Final = 256
"""With the white space a writer may put around the colon."""
_MARKER: Final = "\x01"
_MARKER_JSON: Final = b'\\u0001"'


class JsonBody:
    """Fed with the body as it arrives; the file goes into `incoming`, the rest becomes options."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._text: Base64Text | None = None
        self._rest = b""
        self._searched = 0
        self._found = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            RequestRefused: `malformed_json`, `invalid_base64`, `file_too_large`.
        """
        while chunk:
            chunk = self._feed_file(chunk) if self._text else self._feed_rest(chunk)

    def close(self) -> dict[str, object]:
        """The members of the body besides the file.

        Raises:
            RequestRefused: `malformed_json`, `missing_file`.
        """
        if self._text:
            raise _malformed("it ends within a string")
        try:
            members = msgspec.json.decode(self._rest, type=dict[str, msgspec.Raw])
            file = msgspec.json.decode(members.pop("file_base64", b"null"), type=str | None)
            return {name: _member(name, raw) for name, raw in members.items()} if self._is_ours(file) else {}
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            raise _malformed("it is not a JSON object with the documented members") from None

    def _is_ours(self, file: str | None) -> bool:
        if file is None and not self._found:
            raise RequestRefused("missing_file", "The body has no `file_base64`.")
        if file != _MARKER or not self._found:
            raise _malformed("`file_base64` must be one string at the top level")
        return True

    def _feed_rest(self, chunk: bytes) -> bytes:
        self._rest += chunk[: REST_LIMIT + 1]
        match = _KEY.search(self._rest, self._searched)
        if match is None:
            self._searched = max(self._searched, len(self._rest) - _LONGEST_KEY)
            if len(self._rest) > REST_LIMIT:
                raise RequestRefused("file_too_large", "The body without its file is larger than 64 kB.")
            return b""
        if self._found:
            raise _malformed("it holds `file_base64` twice")
        self._found = True
        self._text = Base64Text()
        tail = self._rest[match.end() :] + chunk[REST_LIMIT + 1 :]
        self._rest = self._rest[: match.end()] + _MARKER_JSON
        self._searched = len(self._rest)
        return tail

    def _feed_file(self, chunk: bytes) -> bytes:
        assert self._text is not None  # noqa: S101  # for the type checker; `feed` looked
        end = chunk.find(b'"')
        if end < 0:
            self._incoming.write(self._text.feed(chunk))
            return b""
        self._incoming.write(self._text.feed(chunk[:end]) + self._text.close())
        self._text = None
        return chunk[end + 1 :]


def _member(name: str, raw: msgspec.Raw) -> object:
    return raw.copy() if name == "metadata" else msgspec.json.decode(raw)


def _malformed(why: str) -> RequestRefused:
    return RequestRefused("malformed_json", f"The body cannot be read: {why}.")
