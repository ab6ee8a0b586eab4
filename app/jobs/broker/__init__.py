"""A Dramatiq broker that needs nothing but a file: messages survive any process, at any instant."""

from app.jobs.broker.broker import SqliteBroker
from app.jobs.broker.opened import open_broker

__all__ = ["SqliteBroker", "open_broker"]
