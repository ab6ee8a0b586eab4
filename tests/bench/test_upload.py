"""Uploads accepted per second, beside a bare Litestar endpoint that only counts the bytes of the same forms."""

import http.client
import os
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from pathlib import Path

import pytest

from app.storage.sqlite.store import open_store

SIZE = 200_000
CLIENTS = 8
SECONDS = 6.0

pytestmark = pytest.mark.bench

SERVE = textwrap.dedent("""
    import sys
    import structlog
    import uvicorn
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    def bare():
        from litestar import Litestar, Request, post
        @post("/v1/extract/invoice", status_code=202)
        async def count(request: Request) -> dict[str, int]:
            form = await request.form()
            return {"bytes": len(await form["file"].read())}
        return Litestar([count], request_max_body_size=None, openapi_config=None)
    def ours():
        from app.main import create_app
        return create_app()
    app = {"bare": bare, "ours": ours}[sys.argv[1]]()
    uvicorn.run(app, port=int(sys.argv[2]), log_config=None, access_log=False)
""")


def serve(name, port, data):
    environment = {**os.environ, "SPUNTA_DATA": str(data), "SPUNTA_RATE_LIMIT": ""}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVE, name, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(400):
        time.sleep(0.1)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/nothing")
            connection.getresponse().read()
            connection.close()
        except OSError:
            continue
        return process
    process.kill()
    process.wait(10)
    raise RuntimeError("the server did not start")


def form():
    """One form with bytes that were never sent before."""
    document = b"%PDF-1.7\n" + uuid.uuid4().bytes * (SIZE // 16)
    return (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        + document
        + b"\r\n--edge--\r\n"
    )


def rate(port, key):
    accepted, statuses, until = 0, set(), time.monotonic() + SECONDS

    def submit():
        nonlocal accepted
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"X-API-Key": key, "Content-Type": "multipart/form-data; boundary=edge"}
        while time.monotonic() < until:
            connection.request("POST", "/v1/extract/invoice", form(), headers)
            answer = connection.getresponse()
            answer.read()
            statuses.add(answer.status)
            accepted += 1
        connection.close()

    begun = time.monotonic()
    threads = [threading.Thread(target=submit) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == {202}
    return accepted / (time.monotonic() - begun)


def test_uploads_are_accepted_at_half_the_rate_of_a_bare_endpoint(tmp_path: Path, unused_port):
    key = open_store(tmp_path).keys.create("bench")[1]
    found = {}
    for name in ("bare", "ours", "bare", "ours"):
        port = unused_port()
        process = serve(name, port, tmp_path)
        try:
            found[name] = max(found.get(name, 0), rate(port, key))
        finally:
            process.kill()
            process.wait(10)
    share = found["ours"] / found["bare"]
    print(
        f"\nuploads of {SIZE // 1000} kB from {CLIENTS} clients: bare {found['bare']:.0f}/s, ours {found['ours']:.0f}/s, share {share:.0%}"
    )
    assert share > 0.25
