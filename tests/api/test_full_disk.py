"""A disk without room is no defect of the service: the caller is told to come back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from app.api.problems import answer_crash


@get("/write", sync_to_thread=True)
def write() -> None:
    with Path("/dev/full").open("w") as full:
        full.write("no room for this")


@get("/count", sync_to_thread=True)
def count() -> None:
    """Fills a database that may have three pages."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 3")
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (?)", (bytes(100_000),))


@get("/mistake", sync_to_thread=True)
def mistake() -> None:
    Path("/no/such/file").read_bytes()


def answer(path):
    with TestClient(
        Litestar([write, count, mistake], exception_handlers={Exception: answer_crash})
    ) as client:
        return client.get(path)


@pytest.mark.parametrize("path", ["/write", "/count"])
def test_no_room_is_503_with_the_time_to_come_back(path):
    told = answer(path)
    assert (told.status_code, told.json()["code"], told.headers["Retry-After"]) == (503, "unavailable", "10")


def test_a_missing_file_is_a_defect():
    told = answer("/mistake")
    assert (told.status_code, told.json()["code"]) == (500, "internal_error")
