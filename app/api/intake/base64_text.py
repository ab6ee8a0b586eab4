r"""Base64 as it stands between the quotes of a JSON string, decoded piece by piece.

Line breaks inside are ignored, JSON's escapes are understood (PHP writes `\/`, .NET `\u002B`), a prefix
`data:…,` is skipped. Anything else that is not the standard alphabet of RFC 4648 is refused.
"""

import binascii
from typing import Final

import msgspec

from app.errors import RequestRefused

_WHITESPACE: Final = b" \t\r\n"
_LONGEST_ESCAPE: Final = 6
_PREFIX_LIMIT: Final = 200


class Base64Text:
    """Fed with text as it arrives, gives bytes."""

    def __init__(self) -> None:
        self._escaped = b""
        self._symbols = b""
        self._head: bytes | None = b""
        self._ended = False

    def feed(self, text: bytes) -> bytes:
        """The bytes of the whole quartets so far.

        Raises:
            RequestRefused: `invalid_base64`.
        """
        text = self._unescape(text.translate(None, _WHITESPACE))
        return self._decode(self._without_prefix(text.translate(None, _WHITESPACE)))

    def close(self) -> bytes:
        """The last bytes; nothing may be left over.

        Raises:
            RequestRefused: `invalid_base64`.
        """
        head, self._head = self._head or b"", None
        rest = self._decode(head)
        if self._symbols or self._escaped:
            raise _refused()
        return rest

    def _unescape(self, text: bytes) -> bytes:
        text = self._escaped + text
        self._escaped = b""
        if b"\\" not in text:
            return text
        cut = text.rfind(b"\\", -_LONGEST_ESCAPE + 1)
        if cut >= 0:
            text, self._escaped = text[:cut], text[cut:]
            if len(self._escaped) > 1 and self._escaped[1:2] != b"u":
                text, self._escaped = text + self._escaped, b""
        try:
            return msgspec.json.decode(b'"' + text + b'"', type=str).encode("ascii")
        except (msgspec.DecodeError, UnicodeError):
            raise _refused() from None

    def _without_prefix(self, symbols: bytes) -> bytes:
        if self._head is None:
            return symbols
        head = self._head + symbols
        if b"data:".startswith(head[:5]) or head.startswith(b"data:"):
            _, comma, rest = head.partition(b",")
            if not comma:
                self._head = head
                if len(head) > _PREFIX_LIMIT:
                    raise _refused()
                return b""
            head = rest
        self._head = None
        return head

    def _decode(self, symbols: bytes) -> bytes:
        symbols = self._symbols + symbols
        whole = len(symbols) // 4 * 4
        symbols, self._symbols = symbols[:whole], symbols[whole:]
        if not symbols:
            return b""
        if self._ended:
            raise _refused()
        self._ended = symbols.endswith(b"=")
        try:
            return binascii.a2b_base64(symbols, strict_mode=True)
        except binascii.Error:
            raise _refused() from None


def _refused() -> RequestRefused:
    return RequestRefused("invalid_base64", "`file_base64` is not base64 (RFC 4648, standard alphabet).")
