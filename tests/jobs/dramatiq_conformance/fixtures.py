"""The fixtures that Dramatiq's tests ask for; its source package carries the tests but not these."""

import dramatiq
import pytest
from dramatiq import Worker
from dramatiq.rate_limits.backends import StubBackend as StubRateLimits
from dramatiq.results.backends import StubBackend as StubResults

from tests.jobs.dramatiq_conformance.adapter import SqliteStubBroker


@pytest.fixture
def stub_broker(tmp_path):
    broker = SqliteStubBroker(tmp_path / "queue.db")
    broker.emit_after("process_boot")
    dramatiq.set_broker(broker)
    yield broker
    broker.flush_all()
    broker.close()


@pytest.fixture
def stub_worker(stub_broker):
    worker = Worker(stub_broker, worker_timeout=100, worker_threads=32)
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def result_backend():
    return StubResults()


@pytest.fixture
def rate_limiter_backend():
    return StubRateLimits()
