"""Answers that end early, over a real connection: nothing more arrives, nothing more fits, nothing more is wanted."""

import http.client
import json
import os
import socket
import threading
import time
from contextlib import closing

import pytest
import uvicorn

from app.api.access import Access
from app.main import build, open_service
from app.settings import Settings

FORM = "multipart/form-data; boundary=edge"
BEGUN = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
PATH = "/v1/extract/invoice"


class Place:
    """A service in a thread of this process."""

    def __init__(self, data):
        self.service = open_service(Settings(data=data, upload_idle_seconds=0.3, max_bytes=100_000))
        self.key = self.service.store.keys.create("acme")[1]
        app = Access(build(self.service), self.service.traffic, self.service.streams)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def close(self):
        self.server.should_exit = True
        self.thread.join(20)

    def connect(self):
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body of one answer."""
        with self.connect() as connection:
            connection.request(method, path, body, {"X-API-Key": self.key, **headers})
            with connection.getresponse() as answer:
                return answer.status, answer.headers, answer.read()

    def submit(self):
        status, _, body = self.ask("POST", PATH, BEGUN + b"\r\n--edge--\r\n", **{"Content-Type": FORM})
        assert status == 202
        return json.loads(body)["job_id"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with closing(Place(tmp_path_factory.mktemp("endings"))) as place:
        yield place


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/jobs/{job}", "/v1/health", "/v1/rules", "/schema"])
def test_head_has_the_headers_of_get_and_no_body(place, path):
    path = path.format(job=place.submit())
    got, headed = place.ask("GET", path), place.ask("HEAD", path)
    assert (headed[0], headed[2]) == (got[0], b"")
    kept = ("content-type", "content-length", "cache-control")
    assert [headed[1][name] for name in kept] == [got[1][name] for name in kept]


def test_head_of_what_is_not_there_is_what_get_says(place):
    assert place.ask("HEAD", "/v1/jobs/0190b0a0-0000-7000-8000-000000000000")[0] == 404
    assert place.ask("HEAD", "/nothing")[0] == 404
    assert place.ask("HEAD", PATH)[0] == 405


def test_head_of_events_ends_while_the_job_goes_on(place):
    status, headers, body = place.ask("HEAD", f"/v1/jobs/{place.submit()}/events")
    assert (status, headers.get_content_type(), body) == (200, "text/event-stream", b"")


def test_what_an_address_allows_is_told(place):
    path = f"/v1/jobs/{place.submit()}"
    for method, status in (("OPTIONS", 204), ("PUT", 405)):
        told = place.ask(method, path)
        assert (told[0], told[1]["Allow"]) == (status, "DELETE, GET, HEAD, OPTIONS")


def test_an_upload_that_stops_arriving_is_given_up(place):
    with place.connect() as connection:
        connection.putrequest("POST", PATH)
        for name, value in (("X-API-Key", place.key), ("Content-Type", FORM), ("Content-Length", "5000")):
            connection.putheader(name, value)
        connection.endheaders(BEGUN)
        with connection.getresponse() as answer:
            problem = json.loads(answer.read())
            assert (answer.status, problem["code"]) == (408, "request_timeout")
            assert answer.headers.get_content_type() == "application/problem+json"
    assert list((place.service.settings.data / "uploads" / ".incoming").iterdir()) == []


def test_a_disk_without_room_is_told_and_the_next_upload_is_taken(place, monkeypatch):
    uploads = place.service.store.uploads
    begin = uploads.incoming

    def full(limit):
        incoming = begin(limit)
        os.dup2(os.open("/dev/full", os.O_WRONLY), incoming._file)
        return incoming

    monkeypatch.setattr(uploads, "incoming", full)
    status, headers, body = place.ask("POST", PATH, BEGUN + b"\r\n--edge--\r\n", **{"Content-Type": FORM})
    assert (status, json.loads(body)["code"], headers["Retry-After"]) == (507, "storage_full", "60")
    monkeypatch.undo()
    assert place.submit()


@pytest.mark.parametrize("chunked", [False, True])
def test_who_goes_on_sending_too_much_gets_the_answer(place, chunked):
    def body():
        yield BEGUN
        for _ in range(100):
            yield b"x" * 100_000

    headers = {"Content-Type": FORM} | ({} if chunked else {"Content-Length": str(len(BEGUN) + 10_000_000)})
    status, told, problem = place.ask("POST", PATH, body(), **headers)
    assert (status, json.loads(problem)["code"]) == (413, "file_too_large")
    assert told["Connection"] == "close"


def test_who_waits_for_the_answer_to_too_much_need_not_send_the_rest(place):
    with place.connect() as connection:
        connection.putrequest("POST", PATH)
        for name, value in (("X-API-Key", place.key), ("Content-Type", FORM), ("Content-Length", "90000000")):
            connection.putheader(name, value)
        connection.endheaders(BEGUN + b"x" * 400_000)
        begun = time.monotonic()
        with connection.getresponse() as answer:
            assert (answer.status, json.loads(answer.read())["code"]) == (413, "file_too_large")
        assert time.monotonic() - begun < 1
