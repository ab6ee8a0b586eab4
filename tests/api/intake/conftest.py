import itertools

import pytest

from app.errors import TooLarge


class Gathered:
    """An incoming file that stays in memory."""

    def __init__(self, limit=10**9):
        self.data = b""
        self.size = 0
        self.limit = limit
        self.discarded = False

    def write(self, chunk):
        self.data += chunk
        self.size += len(chunk)
        if self.size > self.limit:
            raise TooLarge("too large")

    def finish(self):
        return ""

    def discard(self):
        self.discarded = True


@pytest.fixture(scope="session")
def gathered():
    """Makes files that stay in memory."""
    return Gathered


@pytest.fixture(scope="session")
def cut():
    """Cuts bytes into pieces that end at the given places."""

    def pieces(data, places):
        edges = [0, *sorted(min(place, len(data)) for place in places), len(data)]
        return [data[start:end] for start, end in itertools.pairwise(edges)]

    return pieces
