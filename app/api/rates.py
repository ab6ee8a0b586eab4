"""How often one may call: submissions per key, wrong keys per address. Reading is never charged."""

import math
import time
from pathlib import Path
from typing import Final

from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from app.api.counters import SqliteCounters
from app.errors import Misconfigured, RequestRefused
from app.settings import Settings
from app.storage.records import Key

_SUBMITTED: Final = "submitted"
_FAILED: Final = "failed"


class Rates:
    """The limits of one data folder."""

    def __init__(self, settings: Settings, counters: Path) -> None:
        self._counters = SqliteCounters(counters)
        self._limiter = FixedWindowRateLimiter(self._counters)
        self._default = read_limit(settings.rate_limit)
        self._strangers = read_limit(settings.failed_key_limit)
        self._counters.sweep()

    def charge(self, key: Key, documents: int = 1) -> dict[str, str]:
        """Count a submission; returns the `RateLimit` headers of the answer.

        Raises:
            RequestRefused: `rate_limited`, with `Retry-After`.
        """
        limit = self._default if key.rate_limit is None else read_limit(key.rate_limit)
        if limit is None:
            return {}
        held = self._limiter.hit(limit, _SUBMITTED, key.key_id, cost=documents)
        headers = self._headers(limit, _SUBMITTED, key.key_id)
        if not held:
            raise _limited("This key has submitted as much as it may for now.", headers)
        return headers

    def check_stranger(self, address: str) -> None:
        """Refuse an address that brought too many wrong keys.

        Raises:
            RequestRefused: `rate_limited`.
        """
        if self._strangers is not None and not self._limiter.test(self._strangers, _FAILED, address):
            headers = self._headers(self._strangers, _FAILED, address)
            raise _limited("Too many requests with a wrong key came from this address.", headers)

    def note_stranger(self, address: str) -> None:
        """Count a wrong key."""
        if self._strangers is not None:
            self._limiter.hit(self._strangers, _FAILED, address)

    def close(self) -> None:
        """Let go of the counters."""
        self._counters.close()

    def _headers(self, limit: RateLimitItem, *names: str) -> dict[str, str]:
        window = self._limiter.get_window_stats(limit, *names)
        seconds = max(0, math.ceil(window.reset_time - time.time()))
        return {
            "RateLimit-Policy": f'"{names[0]}";q={limit.amount};w={limit.get_expiry()}',
            "RateLimit": f'"{names[0]}";r={max(0, window.remaining)};t={seconds}',
        }


def read_limit(text: str) -> RateLimitItem | None:
    """A limit such as `100/minute`; `None` for an empty text.

    Raises:
        Misconfigured: when it is something else.
    """
    if not text:
        return None
    try:
        return parse(text)
    except ValueError:
        raise Misconfigured("A rate limit is written as `100/minute`.") from None


def _limited(detail: str, headers: dict[str, str]) -> RequestRefused:
    seconds = headers["RateLimit"].rpartition("t=")[2]
    return RequestRefused("rate_limited", detail, {**headers, "Retry-After": str(max(1, int(seconds)))})
