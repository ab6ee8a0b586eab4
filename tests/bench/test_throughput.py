"""Invoices per second through HTTP, from upload to result, with two workers."""

import threading
import time
from pathlib import Path

import pytest

from app.model.limits import Limits
from app.model.options import Options
from app.pipeline import read_invoice
from tests.chaos.service import Service, documents, unique

UPLOADS = 120
CLIENTS = 4

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]


def alone(folder: Path) -> float:
    """Documents per second that this one process reads, without any service."""
    paths = documents()
    for path in paths:
        read_invoice(path, Options(), Limits())
    started = time.perf_counter()
    for number in range(UPLOADS):
        read_invoice(paths[number % len(paths)], Options(), Limits())
    return UPLOADS / (time.perf_counter() - started)


def through_http(service: Service) -> tuple[float, float]:
    """Uploads accepted, and jobs completed, per second."""
    numbers, accepted, guard = iter(range(UPLOADS)), [], threading.Lock()
    paths = documents()

    def upload():
        session = service.session()
        while True:
            with guard:
                number = next(numbers, None)
            if number is None:
                return
            path = paths[number % len(paths)]
            files = {"file": (path.name, unique(path, f"{number} {time.time()}"))}
            answer = session.post(f"{service.url}/v1/extract/invoice", files=files, timeout=60)
            accepted.append(answer.json()["job_id"])

    started = time.perf_counter()
    clients = [threading.Thread(target=upload) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    uploaded = time.perf_counter()
    session = service.session()
    while (
        session.get(f"{service.url}/v1/jobs?status=completed&limit=1", timeout=60).json()["total"] % UPLOADS
    ):
        time.sleep(0.02)
    done = time.perf_counter()
    return UPLOADS / (uploaded - started), UPLOADS / (done - started)


def test_invoices_per_second(tmp_path: Path):
    with Service(tmp_path / "data", workers=2) as service:
        through_http(service)  # everything is loaded and warm after this
        accepted, completed = through_http(service)
    bare = alone(tmp_path)
    print(
        f"\nuploads accepted, workers busy: {accepted:.1f}/s; invoices from upload to result: {completed:.1f}/s"
    )
    print(
        f"one process reading the same files without a service: {bare:.1f}/s ({completed / bare:.0%} of it)"
    )
    assert completed > 1
