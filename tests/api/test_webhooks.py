"""Webhooks as a receiver sees them, checked with the reference library."""

import http.server
import json
import threading
import time

import pytest
from click.testing import CliRunner
from standardwebhooks import Webhook

from app.cli import spunta
from tests.api.conftest import started


class Receiver(http.server.ThreadingHTTPServer):
    """Takes messages and remembers them; answers with `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Taking)
        self.status = 204
        self.got = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    def wait(self, count):
        until = time.monotonic() + 30
        while len(self.got) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.got


class _Taking(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def receiver():
    with Receiver() as taking:
        thread = threading.Thread(target=taking.serve_forever, args=(0.05,))
        thread.start()
        yield taking
        taking.shutdown()
        thread.join()


def command(server, *arguments):
    """What a command prints in this process."""
    done = CliRunner().invoke(
        spunta, [*arguments, "--data", str(server.data)], env={"SPUNTA_WEBHOOK_PRIVATE": "true"}
    )
    return done.exit_code, done.output


def test_a_finished_job_is_told_signed_as_get_would_show_it(server, fattura, receiver):
    accepted = server.submit(fattura(), callback_url=receiver.url).json()
    assert accepted["webhook_configured"] is True
    job = server.wait(accepted["job_id"])
    headers, body = receiver.wait(1)[0]
    _, secret = command(server, "webhooks", "secret", "--key", "default")
    Webhook(secret.strip()).verify(body, headers)
    event = json.loads(body)
    assert (event["type"], event["data"]["job_id"]) == ("job.completed", job["job_id"])
    assert event["data"]["result"] == job["result"]


def test_a_failed_job_is_told_and_its_delivery_shown(server, receiver):
    job = server.read(b"<a/>", callback_url=receiver.url)
    event = json.loads(receiver.wait(1)[0][1])
    assert (event["type"], event["data"]["error_code"]) == ("job.failed", job["error_code"])
    until = time.monotonic() + 10
    while (shown := server.ask("GET", f"/v1/jobs/{job['job_id']}").json()["delivery"]) is None or not shown[
        "attempts"
    ]:
        assert time.monotonic() < until
    assert (shown["attempts"], shown["last_status_code"], shown["delivered"]) == (1, 204, True)


def test_a_webhook_can_be_sent_again_under_its_first_id(server, fattura, receiver):
    receiver.status = 400
    job = server.read(fattura(), callback_url=receiver.url)
    first = receiver.wait(1)[0][0]["webhook-id"]
    receiver.status = 204
    answer = server.ask("POST", f"/v1/jobs/{job['job_id']}/deliver")
    assert (answer.status_code, answer.json()) == (202, {"job_id": job["job_id"], "status": "queued"})
    assert receiver.wait(2)[1][0]["webhook-id"] == first


def test_the_command_line_sends_a_signed_trial(server, receiver):
    code, told = command(server, "webhooks", "test", "--key", "default", "--url", receiver.url)
    assert (code, told.strip()) == (0, "The receiver answered 204.")
    headers, body = receiver.wait(1)[0]
    _, secret = command(server, "webhooks", "secret", "--key", "default")
    assert Webhook(secret.strip()).verify(body, headers)["type"] == "webhook.test"
    receiver.status = 500
    assert command(server, "webhooks", "test", "--key", "default", "--url", receiver.url)[0] == 1


def test_an_address_in_the_own_network_is_refused_at_once(tmp_path, fattura):
    with started(tmp_path / "data") as guarded:
        for url in (
            "http://127.0.0.1:9/hook",
            "http://127.1/",
            "http://169.254.169.254/latest",
            "http://0x7f.1/",
        ):
            refused = guarded.submit(fattura(), callback_url=url)
            body = refused.json()
            assert (refused.status_code, body["code"], body["option"]) == (
                400,
                "invalid_option",
                "callback_url",
            )
            assert url not in body["detail"]
