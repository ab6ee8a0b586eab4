"""Stands in for the suite's `tests/common.py`, which its source package leaves out."""

from contextlib import contextmanager

from dramatiq import Worker


@contextmanager
def worker(*args, **kwargs):
    started = Worker(*args, **kwargs)
    started.start()
    try:
        yield started
    finally:
        started.stop()


def _always(function):
    return function


skip_in_ci = skip_on_windows = skip_on_pypy = _always
RABBITMQ_CREDENTIALS = None
