"""Twenty uploads of fifty megabytes at once must not fill the API's memory, in either form."""

import base64
import os
import threading
import time
from pathlib import Path

import pytest
import requests

UPLOADS = 20
SIZE = 49_999_998
PIECE = 3 * 2**18
MOST_MEGABYTES = 100

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def pieces():
    noise = os.urandom(PIECE)
    sent = 0
    while sent < SIZE:
        yield noise[: SIZE - sent]
        sent += PIECE


def form():
    yield b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    yield from pieces()
    yield b"\r\n--edge--\r\n"


def json():
    yield b'{"file_base64": "'
    for piece in pieces():
        yield base64.b64encode(piece)
    yield b'"}'


def api_process(server):
    """The process that answers: the one of the service's whose memory holds the framework."""
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
            environment = (status.parent / "stat").read_text()
        except OSError:
            continue
        if b"app.server:run" in command and f" {server.pid} " in environment:
            return status.parent
    raise AssertionError("no process answers")


def resident(process):
    line = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


@pytest.mark.parametrize(
    ("kind", "body"), [("multipart/form-data; boundary=edge", form), ("application/json", json)]
)
def test_twenty_large_uploads_at_once_stay_on_the_disk(server, fattura, kind, body):
    server.read(fattura())
    process = api_process(server)
    before = peak = resident(process)
    accepted = []

    def upload():
        headers = {"X-API-Key": server.key, "Content-Type": kind}
        answer = requests.post(server.url + "/v1/extract/invoice", data=body(), headers=headers, timeout=110)
        accepted.append((answer.status_code, answer.json().get("job_id")))

    threads = [threading.Thread(target=upload) for _ in range(UPLOADS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        peak = max(peak, resident(process))
        time.sleep(0.02)
    print(f"\n{kind.split(';')[0]}: {before:.0f} MB before, {peak:.0f} MB at most")
    assert [status for status, _ in accepted] == [202] * UPLOADS
    assert peak - before < MOST_MEGABYTES
    for _, job_id in accepted:
        server.wait(job_id)
        server.ask("DELETE", f"/v1/jobs/{job_id}?purge=true")
