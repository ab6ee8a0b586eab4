import sqlite3

import pytest

from app.storage.records import Usage
from app.storage.sqlite.database import StorageTrouble
from app.storage.sqlite.store import SqliteStore


def add(store, key):
    return store.usages.add(Usage(key_id=key, month="2026-01", jobs=1)).jobs


def failing(store, problem):
    def work():
        add(store, "acme")
        raise problem

    return work


def test_each_gives_what_it_returns_in_order(store: SqliteStore):
    assert store.together([lambda: add(store, "acme")] * 3) == [1, 2, 3]


def test_nothing_to_do_is_nothing_done(store: SqliteStore):
    assert store.together([]) == []


def test_what_fails_is_undone_alone_and_given_in_its_place(store: SqliteStore):
    problem = ValueError("mine")
    given = store.together([lambda: add(store, "acme"), failing(store, problem), lambda: add(store, "acme")])
    assert given == [1, problem, 2]
    assert store.usages.get("acme", "2026-01").jobs == 2


def test_a_disk_that_refuses_keeps_nothing_of_any(store: SqliteStore):
    with pytest.raises(StorageTrouble):
        store.together([lambda: add(store, "acme"), failing(store, StorageTrouble("no room"))])
    assert store.usages.get("acme", "2026-01").jobs == 0
    assert store.together([lambda: add(store, "acme")]) == [1]


def test_all_are_durable_when_it_returns(store: SqliteStore, tmp_path):
    store.together([lambda: add(store, "acme"), lambda: add(store, "other")])
    with sqlite3.connect(store.folder / "spunta.db") as other:
        assert other.execute("SELECT sum(jobs) FROM usage").fetchone() == (2,)
    other.close()


def test_inside_a_transaction_it_is_part_of_that(store: SqliteStore):
    with pytest.raises(ZeroDivisionError), store.transaction():  # noqa: PT012 - raised here, after a write
        given = store.together([lambda: add(store, "acme"), failing(store, ValueError())])
        assert (given[0], store.usages.get("acme", "2026-01").jobs) == (1, 1)
        raise ZeroDivisionError
    assert store.usages.get("acme", "2026-01").jobs == 0
