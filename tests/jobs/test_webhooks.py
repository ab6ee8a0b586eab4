import datetime as dt
import http.server
import json
import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from world import World, extraction

from app.errors import RequestRefused
from app.jobs import webhooks
from app.jobs.outbound import Answered, GuardedPoster
from app.jobs.view import render
from app.jobs.webhooks import SCHEDULE, Courier, reckoned, redeliver
from app.storage.records import Message


class Receiver:
    """A real HTTP server that answers what it is told and keeps what it got."""

    def __init__(self) -> None:
        self.answers: list[int] = [200]
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                answers = receiver.answers
                self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def courier(world: World) -> Courier:
    world.clock.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return Courier(world.store, world.bells, GuardedPoster(private_allowed=True), world.clock)


def _sent(world: World, courier: Courier, receiver: Receiver) -> Message:
    """A completed job's message after its first attempt."""
    job = world.completed(callback_url=receiver.url)
    message = world.store.messages.of(job.job_id)
    courier.deliver(message.message_id)
    return world.store.messages.get(message.message_id)


def test_a_receiver_can_verify_what_it_gets_and_it_is_the_job_as_get_shows_it(world, courier, receiver):
    message = _sent(world, courier, receiver)
    ((headers, body),) = receiver.got
    (secret,) = world.store.keys.webhook_secrets(world.key.key_id, world.clock())
    event = Webhook(secret).verify(body, headers)
    assert (event["type"], headers["webhook-id"]) == ("job.completed", message.message_id)
    job = world.job(message.job_id)
    shown = json.loads(render(job, world.store.results.get(job)))
    assert {**event["data"], "delivery": None} == {**shown, "delivery": None}
    assert b'"total":122.00' in body


def test_a_changed_body_or_another_secret_does_not_verify(world, courier, receiver):
    _sent(world, courier, receiver)
    ((headers, body),) = receiver.got
    (secret,) = world.store.keys.webhook_secrets(world.key.key_id, world.clock())
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"122.00", b"922.00"), headers)
    other, _ = world.store.keys.create("other")
    (wrong,) = world.store.keys.webhook_secrets(other.key_id, world.clock())
    with pytest.raises(WebhookVerificationError):
        Webhook(wrong).verify(body, headers)


def test_after_a_rotation_both_secrets_verify(world, courier, receiver):
    world.store.keys.rotate_webhook_secret(world.key.key_id, world.clock(), dt.timedelta(days=1))
    _sent(world, courier, receiver)
    ((headers, body),) = receiver.got
    secrets = world.store.keys.webhook_secrets(world.key.key_id, world.clock())
    assert len(secrets) == 2
    for secret in secrets:
        Webhook(secret).verify(body, headers)


def test_a_message_of_a_worker_whose_clock_is_ahead_is_sent_when_its_bell_rings(world, courier, receiver):
    world.clock.forward(dt.timedelta(hours=2))
    job = world.completed(callback_url=receiver.url)
    world.clock.forward(dt.timedelta(hours=-2))
    message = world.store.messages.of(job.job_id)
    courier.deliver(message.message_id)
    assert len(receiver.got) == 1


def test_a_delivered_message_is_not_sent_again(world, courier, receiver):
    message = _sent(world, courier, receiver)
    courier.deliver(message.message_id)
    assert len(receiver.got) == 1
    delivery = world.job(message.job_id).delivery
    assert (delivery.delivered, delivery.attempts, delivery.last_status_code) == (True, 1, 200)


def test_a_receiver_in_trouble_is_tried_for_three_days_with_growing_pauses_and_one_id(
    world, courier, receiver
):
    receiver.answers = [500]
    message = _sent(world, courier, receiver)
    pauses = []
    while message.next_at is not None:
        pauses.append(message.next_at - world.clock())
        assert world.job(message.job_id).delivery.next_attempt_at == message.next_at
        courier.deliver(message.message_id)
        assert len(receiver.got) == len(pauses), "it was sent before its time"
        world.clock.now = message.next_at
        courier.deliver(message.message_id)
        message = world.store.messages.get(message.message_id)
    assert pauses == list(SCHEDULE) == sorted(pauses)
    assert dt.timedelta(days=2.9) < sum(pauses, dt.timedelta()) < dt.timedelta(days=3.1)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body.partition(b'"delivery"')[0] for _, body in receiver.got}) == 1
    delivery = world.job(message.job_id).delivery
    assert (delivery.delivered, delivery.next_attempt_at) == (False, None)


def test_each_retry_is_rung_for_at_its_time(world, courier, receiver):
    receiver.answers = [503]
    message = _sent(world, courier, receiver)
    assert world.bells.messages == [(message.message_id, 0), (message.message_id, 5000)]


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422])
def test_a_refusal_ends_it(world, courier, receiver, status):
    receiver.answers = [status]
    assert _sent(world, courier, receiver).next_at is None


@pytest.mark.parametrize("status", [301, 302, 307, 408, 425, 429, 500, 503])
def test_an_answer_that_may_change_is_tried_again(world, courier, receiver, status):
    receiver.answers = [status, 200]
    message = _sent(world, courier, receiver)
    assert (message.last_status_code, message.delivered_at) == (status, None)
    world.clock.now = message.next_at
    courier.deliver(message.message_id)
    assert world.job(message.job_id).delivery.delivered


def test_redirects_are_not_followed(world, courier, receiver):
    receiver.answers, receiver.headers = [302], {"location": receiver.url + "/elsewhere"}
    _sent(world, courier, receiver)
    assert len(receiver.got) == 1


def test_a_receiver_that_asks_for_time_gets_it_within_reason(world, courier, receiver):
    receiver.answers, receiver.headers = [429], {"retry-after": "600"}
    message = _sent(world, courier, receiver)
    assert message.next_at - world.clock() == dt.timedelta(seconds=600)
    longer = reckoned(replace(message, attempts=0), Answered(429, 9_999_999), world.clock())
    assert longer.next_at - world.clock() == dt.timedelta(hours=24)


def test_no_answer_at_all_is_tried_again(world, courier, receiver):
    receiver.server.shutdown()
    receiver.server.server_close()
    message = _sent(world, courier, receiver)
    assert (message.last_status_code, message.attempts) == (None, 1)
    assert message.next_at is not None


def test_the_caller_can_have_it_sent_again_under_the_same_id(world, courier, receiver):
    receiver.answers = [404, 200]
    message = _sent(world, courier, receiver)
    redeliver(world.store, world.bells, world.job(message.job_id), world.clock())
    courier.deliver(message.message_id)
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [message.message_id] * 2
    assert world.job(message.job_id).delivery.delivered


def test_there_is_nothing_to_send_again_without_an_address_or_before_the_end(world):
    with pytest.raises(RequestRefused) as refused:
        redeliver(world.store, world.bells, world.completed(), world.clock())
    assert refused.value.problem_code == "no_webhook"
    with pytest.raises(RequestRefused) as refused:
        redeliver(
            world.store, world.bells, world.submit(b"2", callback_url="https://x.example"), world.clock()
        )
    assert refused.value.problem_code == "job_not_finished"


def test_a_result_too_large_for_a_webhook_is_left_out_of_it(world, courier, receiver, monkeypatch):
    monkeypatch.setattr(webhooks, "LARGEST_BODY", 1500)
    world.reader.script = [extraction(readings=5)]
    _sent(world, courier, receiver)
    data = json.loads(receiver.got[0][1])["data"]
    assert "result" not in data
    assert "fields" not in data
    assert data["status"] == "completed"
    assert data["validation_flags"][0]["code"] == "ARITHMETIC_MISMATCH"


def test_two_workers_with_the_same_message_send_it_once(world, courier, receiver):
    job = world.completed(callback_url=receiver.url)
    message = world.store.messages.of(job.job_id)
    threads = [threading.Thread(target=courier.deliver, args=(message.message_id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.got) == 1


def test_a_test_message_is_signed_as_the_real_ones(world, courier, receiver):
    assert courier.test(world.key.key_id, receiver.url) == Answered(200)
    ((headers, body),) = receiver.got
    (secret,) = world.store.keys.webhook_secrets(world.key.key_id, world.clock())
    assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"


def test_a_private_address_is_not_posted_to(world, receiver):
    courier = Courier(world.store, world.bells, GuardedPoster(), world.clock)
    message = _sent(world, courier, receiver)
    assert receiver.got == []
    assert (message.attempts, message.last_status_code, message.delivered_at) == (1, None, None)
