"""Where keys, passwords and invoices may stand: every file of a service in use is searched, and all it says."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
import requests

from app.storage.backup import backup
from app.storage.sqlite.store import SqliteStore
from tests.api.conftest import started

IBAN, SELLER, PASSWORD, MODEL_KEY = (
    "IT60X0542811101000000123456",
    "Officine Lungarno",
    "pass-9f83c1",
    "sk-ant-4711-secret",
)


class Provider(BaseHTTPRequestHandler):
    """A model's provider that knows the caller's key and is out of order."""

    heads: ClassVar = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.heads.append(str(self.headers))
        time.sleep(0.3)
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b'{"type":"error","error":{"type":"authentication_error","message":"no"}}')

    def log_message(self, *_):
        """Nothing is said."""


@contextmanager
def provider():
    server = HTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class Seen:
    """What a service said and kept while secrets went through it."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.answers = []
        self.files = {}

    def ask(self, *arguments, **options):
        self.answers.append(self.server.ask(*arguments, **options).text)

    def look(self, when):
        """Take every file as it is now."""
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.files[f"{when} {path.relative_to(self.server.data)}"] = path.read_bytes()

    def where(self, secret):
        """The files that hold it."""
        return {name.split()[1] for name, content in self.files.items() if secret.encode() in content}


@pytest.fixture(scope="module")
def seen(tmp_path_factory, pdf):
    folder = tmp_path_factory.mktemp("secrets")
    with provider() as url, started(folder / "data", SPUNTA_ANTHROPIC_BASE_URL=url) as server:
        seen = Seen(server, folder)
        lines = (SELLER, "Fattura 17/B del 31.01.2026", "IBAN " + IBAN, "Totale 122,00")
        locked, plain = pdf(*lines, password=PASSWORD), pdf(*lines)
        jobs = [
            server.submit(locked, password=PASSWORD).json()["job_id"],
            server.submit(locked, password="wrong-" + PASSWORD).json()["job_id"],
            server.submit(plain, mode="byok_assisted", headers={"X-BYOK-Key": MODEL_KEY}).json()["job_id"],
        ]
        seen.look("waiting")
        time.sleep(0.2)
        seen.look("running")
        for job in jobs:
            server.wait(job)
        _provoke(seen, plain)
        seen.look("over")
        store = SqliteStore(server.data)
        backup(store, folder / "backup.tar")
        store.close()
        seen.files["kept backup.tar"] = (folder / "backup.tar").read_bytes()
        seen.answers += [requests.get(server.url + "/metrics", timeout=30).text]
        yield seen


def _provoke(seen, plain):
    """Everything that is refused with something of a secret in it."""
    server = seen.server
    seen.answers += [
        server.submit(plain, mode=IBAN, password=PASSWORD).text,
        server.submit(b"<a>" + IBAN.encode() + b"</a", password=PASSWORD).text,
        server.submit(plain, pages=PASSWORD, headers={"X-BYOK-Key": MODEL_KEY}).text,
        requests.get(server.url + "/v1/jobs", headers={"X-API-Key": server.key + "x"}, timeout=30).text,
    ]
    seen.ask("GET", "/v1/jobs?limit=0&key=" + server.key)
    seen.ask("GET", "/v1/" + server.key)
    seen.ask("GET", "/v1/jobs/" + IBAN)
    seen.ask("POST", "/v1/validate", data=b'{"iban": "' + IBAN.encode() + b'"')
    seen.ask("PUT", "/v1/jobs", data=PASSWORD.encode())


def test_the_model_was_asked_with_the_callers_key(seen):
    assert any(MODEL_KEY in head for head in Provider.heads)


def test_keys_and_passwords_stand_in_no_file(seen):
    for secret in (seen.server.key, PASSWORD, MODEL_KEY):
        assert seen.where(secret) == set()


def test_what_an_invoice_says_stands_in_the_database_and_the_documents_alone(seen):
    for text in (IBAN, SELLER):
        places = {name.split("/")[0] for name in seen.where(text)}
        assert places <= {"spunta.db", "spunta.db-wal", "uploads", "backup.tar"}


def test_logs_metrics_and_errors_tell_no_secret_and_nothing_of_an_invoice(seen):
    log = "".join(line for line in seen.server.log if "API key" not in line)
    assert "/v1/extract/invoice" in log
    for secret in (IBAN, PASSWORD, MODEL_KEY, seen.server.key, SELLER, str(seen.server.data)):
        assert secret not in log
        assert all(secret not in answer for answer in seen.answers)
