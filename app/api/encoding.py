"""Answers as JSON whose numbers keep their decimal digits."""

from typing import Any, Final

import msgspec
from litestar import Response
from litestar.types import Serializer

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def encode(content: object) -> bytes:
    """JSON in which a `Decimal` is a number with exactly its digits."""
    return _ENCODER.encode(content)


class JsonResponse(Response[Any]):
    """The response of every handler that returns data."""

    def render(self, content: Any, media_type: str, enc_hook: Serializer = lambda value: value) -> bytes:  # noqa: ANN401  # the framework's signature
        """Encode data ourselves: the framework's encoder would write decimals as strings."""
        if content is None or isinstance(content, str | bytes) or not media_type.endswith("json"):
            return super().render(content, media_type, enc_hook)
        return encode(content)
