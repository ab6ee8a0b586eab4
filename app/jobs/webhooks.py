"""Telling the caller that a job is over, to Standard Webhooks: signed, the same id in every attempt.

A message is a row of its own, written in the transaction that ends its job. What it says is made from the job
when it is sent, for a job that is over does not change any more.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import uuid4

import msgspec
import structlog
from standardwebhooks import Webhook

from app import __version__
from app.errors import RequestRefused
from app.jobs.doorbell import Doorbell
from app.jobs.outbound import AddressRefused, Answered, Poster
from app.jobs.run import due
from app.jobs.view import JobView, ParseJobView, encode, iso, show, summary
from app.model.job import Job
from app.storage.protocols import Store
from app.storage.records import Figure, Message

SCHEDULE: Final = (
    *(dt.timedelta(seconds=seconds) for seconds in (5, 30, 300, 1800)),
    *(dt.timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 20)),
)
"""The pauses after the first, the second … attempt: about three days in all."""
LONGEST_PAUSE: Final = dt.timedelta(hours=24)
LARGEST_BODY: Final = 1_000_000
"""Bytes; beyond it `data` comes without result and evidence, which `GET` still gives."""
TRY_AGAIN: Final = frozenset({408, 425, 429})
"""Answers below 500 that promise something."""
_log = structlog.get_logger("webhooks")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a webhook."""

    type: str
    timestamp: str
    data: JobView | ParseJobView | Mapping[str, str]


class Courier:
    """Sends messages by their ids."""

    def __init__(
        self, store: Store, doorbell: Doorbell, post: Poster, clock: Callable[[], dt.datetime]
    ) -> None:
        self._store = store
        self._doorbell = doorbell
        self._post = post
        self._clock = clock

    def deliver(self, message_id: str) -> None:
        """Make an attempt, if one is due; a call too many does no harm."""
        with self._store.leases.hold(f"message-{message_id}") as mine:
            message = self._store.messages.get(message_id) if mine else None
            if message is None or message.next_at is None:
                return
            job = self._store.jobs.find(message.job_id)
            noted = message.last_attempt_at or message.created_at
            if job is not None and due(message.next_at, noted, self._clock()):
                self._attempt(message, job)

    def test(self, key_id: str, url: str) -> Answered | None:
        """Send a message of type `webhook.test`, once; returns what came back.

        Raises:
            AddressRefused: the address is none that may be posted to.
        """
        now = self._clock()
        event = Event(type="webhook.test", timestamp=iso(now) or "", data={"version": __version__})
        body = encode(event)
        secrets = self._store.keys.webhook_secrets(key_id, now)
        return self._post(url, body, signed_headers(f"msg_{uuid4().hex}", now, body, secrets))

    def _attempt(self, message: Message, job: Job) -> None:
        after = reckoned(message, self._send(message, job), self._clock())
        _log.info(
            "a webhook was sent",
            job_id=str(job.job_id),
            status=after.last_status_code,
            attempt=after.attempts,
        )
        if not self._note(message, after):
            return
        if after.next_at is not None:
            pause = after.next_at - self._clock()
            self._doorbell.message(message.message_id, max(0, int(pause.total_seconds() * 1000)))

    def _note(self, message: Message, after: Message) -> bool:
        result = "delivered" if after.delivered_at else "failed" if after.next_at else "refused"
        with self._store.transaction():
            noted = self._store.messages.replace(message, after)
            if noted:
                self._store.figures.add([Figure(name="webhook", label=result)])
        return noted

    def _send(self, message: Message, job: Job) -> Answered | None:
        body = self._body(message, job)
        now = self._clock()
        secrets = () if job.key_id is None else self._store.keys.webhook_secrets(job.key_id, now)
        try:
            return self._post(message.url, body, signed_headers(message.message_id, now, body, secrets))
        except AddressRefused:
            _log.warning("a webhook's address is private", job_id=str(job.job_id))
            return None

    def _body(self, message: Message, job: Job) -> bytes:
        body = _event(message, show(self._store, job, LARGEST_BODY // 2))
        return body if len(body) <= LARGEST_BODY else _event(message, self._short(job))

    def _short(self, job: Job) -> JobView:
        result = self._store.results.get(job)
        return summary(job if result is None else msgspec.structs.replace(job, verdict=result[1]))


def redeliver(store: Store, doorbell: Doorbell, job: Job, now: dt.datetime) -> None:
    """Send a job's webhook again, now, under its first id.

    Raises:
        RequestRefused: `job_not_finished`, or `no_webhook` when the job has no address.
    """
    if not job.over:
        raise RequestRefused("job_not_finished", "The webhook is sent when the job is over.")
    message = store.messages.of(job.job_id)
    if message is None:
        raise RequestRefused("no_webhook", "The job has no callback_url.")
    store.messages.replace(message, msgspec.structs.replace(message, next_at=now, delivered_at=None))
    doorbell.message(message.message_id)


def put_off(message: Message) -> float:
    """The seconds that were to pass before the next attempt, by the clock of whoever put it off."""
    if message.next_at is None:
        return 0.0
    return max(0.0, (message.next_at - (message.last_attempt_at or message.created_at)).total_seconds())


def reckoned(message: Message, answer: Answered | None, now: dt.datetime) -> Message:
    """The message after an attempt: delivered, to be tried again, or given up."""
    status = None if answer is None else answer.status
    delivered = status is not None and 200 <= status < 300  # noqa: PLR2004 - HTTP's success
    return msgspec.structs.replace(
        message,
        attempts=message.attempts + 1,
        last_attempt_at=now,
        last_status_code=status,
        delivered_at=now if delivered else None,
        next_at=None if delivered else _next(message, answer, now),
    )


def signed_headers(
    message_id: str, now: dt.datetime, body: bytes, secrets: Sequence[str]
) -> Mapping[str, str]:
    """The headers of Standard Webhooks, with one signature for every secret that is in force."""
    signatures = [Webhook(secret).sign(message_id, now, body.decode()) for secret in secrets]
    return {
        "content-type": "application/json",
        "user-agent": f"Spunta/{__version__}",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _next(message: Message, answer: Answered | None, now: dt.datetime) -> dt.datetime | None:
    if answer is not None and 400 <= answer.status < 500 and answer.status not in TRY_AGAIN:  # noqa: PLR2004 - HTTP's refusals
        return None
    if message.attempts >= len(SCHEDULE):
        return None
    asked = dt.timedelta(seconds=0 if answer is None else answer.retry_after or 0)
    return now + max(SCHEDULE[message.attempts], min(asked, LONGEST_PAUSE))


def _event(message: Message, data: JobView | ParseJobView) -> bytes:
    return encode(Event(type=message.event, timestamp=iso(message.created_at) or "", data=data))
