"""Requests counted, for the metrics of this process."""

from http import HTTPMethod
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_METHODS: Final = frozenset(HTTPMethod)


class Traffic:
    """What this process has answered, or `together` with the other API processes of the service."""

    def __init__(self, *, together: bool = False) -> None:
        self._registry = CollectorRegistry()
        self._together = together
        self._requests = Counter(
            "spunta_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "spunta_http_request_seconds",
            "Seconds to answer a request.",
            ("method", "route"),
            registry=self._registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answer. Methods that HTTP does not know are one, so that nobody can invent labels."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Prometheus's text format."""
        if not self._together:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]  # the library has no types here
        return generate_latest(everybody)
