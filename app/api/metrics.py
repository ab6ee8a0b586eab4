"""Prometheus metrics: what the rows say, and what this process has answered."""

import asyncio
import hmac
from collections.abc import Iterator
from typing import Final

from litestar import Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.api.problems import AnyRequest
from app.api.service import Service, TheService
from app.errors import RequestRefused
from app.jobs.figures import families

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Rows(Collector):
    """Gauges made of the rows at the moment they are asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """The current figures."""
        yield from self._jobs()
        flags = GaugeMetricFamily("spunta_job_flags", "Jobs with a flag.", labels=("code", "severity"))
        for (code, severity), count in self._service.store.jobs.flag_counts().items():
            flags.add_metric((code, severity), count)
        yield flags
        yield from families(self._service.store)

    def _jobs(self) -> Iterator[Metric]:
        by_status = GaugeMetricFamily("spunta_jobs", "Jobs by where they stand.", labels=("status",))
        oldest = None
        for row in self._service.store.jobs.count():
            by_status.add_metric((str(row.status),), row.count)
            if row.oldest_queued_at is not None:
                oldest = min(oldest or row.oldest_queued_at, row.oldest_queued_at)
        yield by_status
        pace = self._service.store.jobs.pace()
        yield GaugeMetricFamily("spunta_queue_depth", "Jobs that nobody has begun.", pace.waiting)
        age = (self._service.now() - oldest).total_seconds() if oldest is not None else 0.0
        yield GaugeMetricFamily("spunta_queue_age_seconds", "Age of the oldest of them.", max(0.0, age))
        seconds = pace.mean_ms / 1000
        yield GaugeMetricFamily("spunta_job_seconds", "Mean processing time of the last jobs.", seconds)


@get("/metrics", summary="Metrics", operation_id="getMetrics", include_in_schema=False)
async def metrics(request: AnyRequest, service: TheService) -> Response[bytes]:
    """Prometheus's text format."""
    expected = service.settings.metrics_key
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if expected and not hmac.compare_digest(given.encode(), expected.encode()):
        raise RequestRefused("invalid_api_key", "The metrics need their own key as a bearer token.")
    return Response(await asyncio.to_thread(_text, service), media_type=MEDIA_TYPE)


def _text(service: Service) -> bytes:
    rows = CollectorRegistry()
    rows.register(Rows(service))
    return generate_latest(rows) + service.traffic.text()
