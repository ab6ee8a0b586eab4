import threading
import time

import pytest

from app.storage.records import Usage
from app.storage.sqlite.store import SqliteStore


def add(store, key):
    return store.usages.add(Usage(key_id=key, month="2026-01", jobs=1)).jobs


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_what_many_threads_bring_is_all_kept(store: SqliteStore):
    seen = []
    in_threads(8, lambda _: [seen.append(store.together(lambda: add(store, "acme"))) for _ in range(25)])
    assert sorted(seen) == list(range(1, 201))


def test_those_that_wait_share_one_commit(store: SqliteStore, tmp_path):
    commits, plain = [], store._database.all_or_none

    def counted(errands):
        commits.append(len(errands))
        time.sleep(0.02)
        plain(errands)

    store._database.all_or_none = counted
    in_threads(8, lambda _: [store.together(lambda: add(store, "acme")) for _ in range(5)])
    assert sum(commits) == 40
    assert len(commits) < 20


def test_what_fails_is_undone_alone_and_told_to_who_brought_it(store: SqliteStore):
    outcomes = {}

    def work(number):
        def errand():
            add(store, "acme")
            if number % 2:
                raise ValueError(number)

        try:
            store.together(errand)
            outcomes[number] = None
        except ValueError as problem:
            outcomes[number] = problem.args[0]

    in_threads(8, work)
    assert outcomes == {number: number if number % 2 else None for number in range(8)}
    assert store.usages.get("acme", "2026-01").jobs == 4


def test_a_commit_that_cannot_be_made_fails_for_all_and_the_next_one_is_made(store: SqliteStore):
    plain, told = store._database.all_or_none, []

    def refused(_errands):
        raise OSError("no room")

    def work(_number):
        with pytest.raises(OSError, match="no room"):
            store.together(lambda: add(store, "acme"))
        told.append(True)

    store._database.all_or_none = refused
    in_threads(4, work)
    store._database.all_or_none = plain
    assert (len(told), store.together(lambda: add(store, "acme"))) == (4, 1)


def test_inside_a_transaction_it_is_part_of_that(store: SqliteStore):
    with pytest.raises(ValueError), store.transaction():  # noqa: PT012 - raised here, after a write
        store.together(lambda: add(store, "acme"))
        raise ValueError
    assert store.usages.get("acme", "2026-01").jobs == 0
