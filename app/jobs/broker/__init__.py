"""A Dramatiq broker that needs nothing but a file: messages survive any process, at any instant."""

from app.jobs.broker.broker import SqliteBroker

__all__ = ["SqliteBroker"]
