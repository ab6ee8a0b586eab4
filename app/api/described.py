"""What the OpenAPI document says of answers: each handler names the problems it may give."""

from collections import defaultdict
from typing import Final

from litestar.openapi import ResponseSpec

from app.api.problems import MEDIA_TYPE, PROBLEMS, Problem

ALWAYS: Final = ("internal_error", "unavailable")
WITH_KEY: Final = ("invalid_api_key", "insufficient_scope", "rate_limited", *ALWAYS)


def problems(*codes: str) -> dict[int, ResponseSpec]:
    """The error responses of a handler that gives these problems."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in codes:
        status, title = PROBLEMS[code]
        by_status[status].append(f"`{code}`: {title.lower()}")
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description="; ".join(sentences) + ".", media_type=MEDIA_TYPE
        )
        for status, sentences in sorted(by_status.items())
    }
