"""The queue that the settings ask for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dramatiq import Broker, Message

from app.errors import Misconfigured
from app.jobs.broker.broker import SqliteBroker
from app.settings import Settings

FILE_NAME: Final = "broker.db"
"""Beside the database, not in it: a ring need not wait for a job's transaction, nor be as durable as one."""


def enqueue_all(broker: Broker, messages: Sequence[Message[Any]]) -> None:
    """Put messages in, all at once where the broker can."""
    if isinstance(broker, SqliteBroker):
        broker.enqueue_all(messages)
        return
    for message in messages:
        broker.enqueue(message)


def open_broker(settings: Settings, in_hand: Mapping[str, int] | None = None) -> Broker:
    """The queue that all processes over one data folder share; `in_hand` as `SqliteBroker` has it.

    Raises:
        Misconfigured: when the settings name one that this version does not speak to.
    """
    if settings.broker_url:
        raise Misconfigured("SPUNTA_BROKER_URL is not supported yet; leave it empty.")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (settings.data / FILE_NAME).touch(mode=0o600)
    return SqliteBroker(settings.data / FILE_NAME, in_hand=in_hand)
