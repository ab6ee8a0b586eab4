"""What was counted over all processes, as Prometheus's metrics."""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client.core import CounterMetricFamily, Metric, SummaryMetricFamily

from app.storage.protocols import Store

_SUMMARIES: Final[Mapping[str, tuple[str, str, str]]] = {
    "job_stage": ("spunta_job_stage_seconds", "Seconds that attempts spent in a stage.", "stage"),
    "job_ended": (
        "spunta_job_processing_seconds",
        "Seconds of the last attempt of jobs that ended.",
        "outcome",
    ),
}
_COUNTERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "job_cache": ("spunta_job_cache", "Completed jobs by whether they were read afresh.", "result"),
    "webhook": ("spunta_webhook_attempts", "Attempts to deliver a webhook.", "result"),
}


def families(store: Store) -> Iterator[Metric]:
    """Stage seconds, outcomes, the cache and webhooks; each name with every label that has occurred."""
    summaries = {name: _summary(*of) for name, of in _SUMMARIES.items()}
    counters = {name: _counter(*of) for name, of in _COUNTERS.items()}
    for figure in store.figures.all():
        if figure.name in summaries:
            summaries[figure.name].add_metric((figure.label,), figure.count, figure.total)
        elif figure.name in counters:
            counters[figure.name].add_metric((figure.label,), figure.count)
    yield from summaries.values()
    yield from counters.values()


def _summary(name: str, meaning: str, label: str) -> SummaryMetricFamily:
    return SummaryMetricFamily(name, meaning, labels=(label,))


def _counter(name: str, meaning: str, label: str) -> CounterMetricFamily:
    return CounterMetricFamily(name, meaning, labels=(label,))
