"""A disk without room is no defect of the service: the caller is told to come back."""

from pathlib import Path

from litestar import Litestar, get
from litestar.testing import TestClient

from app.api.problems import answer_crash


@get("/write", sync_to_thread=True)
def write() -> None:
    with Path("/dev/full").open("w") as full:
        full.write("no room for this")


@get("/mistake", sync_to_thread=True)
def mistake() -> None:
    Path("/no/such/file").read_bytes()


def answer(path):
    with TestClient(Litestar([write, mistake], exception_handlers={Exception: answer_crash})) as client:
        return client.get(path)


def test_no_room_is_503_with_the_time_to_come_back():
    told = answer("/write")
    assert (told.status_code, told.json()["code"], told.headers["Retry-After"]) == (503, "unavailable", "10")


def test_a_missing_file_is_a_defect():
    told = answer("/mistake")
    assert (told.status_code, told.json()["code"]) == (500, "internal_error")
