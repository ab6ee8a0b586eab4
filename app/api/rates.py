"""How often one may call: submissions per key, wrong keys per address. Reading is never charged."""

import math
import threading
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from limits import RateLimitItem, parse

from app.api.counters import Count, Counters
from app.errors import Misconfigured, RequestRefused
from app.settings import Settings
from app.storage.records import Key

_SUBMITTED: Final = "submitted"
_FAILED: Final = "failed"
_PART: Final = 1000
"""A process takes a thousandth of a limit, at least what it needs, out of the shared counter at a time."""


class _Share(msgspec.Struct):
    """What this process has taken out of a key's limit and not used."""

    limit: RateLimitItem
    left: int
    others: int
    """What nobody had taken then."""
    ends: float

    def holds(self, limit: RateLimitItem, documents: int) -> bool:
        return self.limit == limit and self.left >= documents and self.ends > time.time()


class Rates:
    """The limits of one data folder, over all its processes together."""

    def __init__(self, settings: Settings, counters: Path) -> None:
        self._counters = Counters(counters)
        self._default = read_limit(settings.rate_limit)
        self._strangers = read_limit(settings.failed_key_limit)
        self._shares: dict[str, _Share] = {}
        self._guard = threading.Lock()
        self._counters.sweep()

    def charge_own(self, key: Key, documents: int = 1) -> dict[str, str] | None:
        """As `charge`, of what this process has already; `None` when the shared counter is to be asked."""
        limit = self._limit(key)
        if limit is None:
            return {}
        with self._guard:
            share = self._shares.get(key.key_id)
            if share is None or not share.holds(limit, documents):
                return None
            share.left -= documents
            return _headers(_SUBMITTED, limit, share.left + share.others, share.ends)

    def charge(self, key: Key, documents: int = 1) -> dict[str, str]:
        """Count a submission; returns the `RateLimit` headers of the answer. Writes, and may wait for others.

        Raises:
            RequestRefused: `rate_limited`, with `Retry-After`.
        """
        headers = self.charge_own(key, documents)
        limit = self._limit(key)
        if headers is not None or limit is None:
            return headers or {}
        wanted = max(documents, limit.amount // _PART)
        count = self._counters.add(f"{_SUBMITTED} {key.key_id}", wanted, limit.get_expiry())
        if not self._put_by(key, limit, count, wanted, documents):
            gone = _headers(_SUBMITTED, limit, 0, count.ends)
            raise _limited("This key has submitted as much as it may for now.", gone)
        share = self._shares[key.key_id]
        return _headers(_SUBMITTED, limit, share.left + share.others, count.ends)

    def check_stranger(self, address: str) -> None:
        """Refuse an address that brought too many wrong keys. Never waits.

        Raises:
            RequestRefused: `rate_limited`.
        """
        limit = self._strangers
        count = None if limit is None else self._counters.get(f"{_FAILED} {address}")
        if limit is not None and count is not None and count.amount >= limit.amount:
            headers = _headers(_FAILED, limit, 0, count.ends)
            raise _limited("Too many requests with a wrong key came from this address.", headers)

    def note_stranger(self, address: str) -> None:
        """Count a wrong key."""
        if self._strangers is not None:
            self._counters.add(f"{_FAILED} {address}", 1, self._strangers.get_expiry())

    def close(self) -> None:
        """Let go of the counters."""
        self._counters.close()

    def _limit(self, key: Key) -> RateLimitItem | None:
        return self._default if key.rate_limit is None else read_limit(key.rate_limit)

    def _put_by(self, key: Key, limit: RateLimitItem, count: Count, taken: int, documents: int) -> bool:
        """Add what was taken, as far as the limit goes, to this process's share; use it if it is enough."""
        granted = max(0, taken - max(0, count.amount - limit.amount))
        with self._guard:
            share = self._shares.get(key.key_id)
            left = share.left if share is not None and share.holds(limit, 0) else 0
            holds = left + granted >= documents
            self._shares[key.key_id] = _Share(
                limit=limit,
                left=left + granted - (documents if holds else 0),
                others=max(0, limit.amount - count.amount),
                ends=count.ends,
            )
        return holds


@lru_cache(maxsize=1000)
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


def _headers(name: str, limit: RateLimitItem, left: int, ends: float) -> dict[str, str]:
    """As the IETF's draft has them: a policy's quota and window, and what is left of it for how long."""
    seconds = max(0, math.ceil(ends - time.time()))
    return {
        "RateLimit-Policy": f'"{name}";q={limit.amount};w={limit.get_expiry()}',
        "RateLimit": f'"{name}";r={left};t={seconds}',
    }


def _limited(detail: str, headers: dict[str, str]) -> RequestRefused:
    seconds = headers["RateLimit"].rpartition("t=")[2]
    return RequestRefused("rate_limited", detail, {**headers, "Retry-After": str(max(1, int(seconds)))})
