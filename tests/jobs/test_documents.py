import threading

import pytest
from world import World

from app.jobs.documents import erase, kept
from app.jobs.ending import purge


def test_a_document_without_a_job_is_gone_again(world: World):
    with kept(world.store, [("acme", world.submission().incoming)]) as ((document,), _):
        assert world.store.uploads.path("acme", document).exists()
    assert list(world.store.uploads.kept()) == []


def test_a_document_whose_job_could_not_be_written_is_gone_again(world: World):
    with pytest.raises(ZeroDivisionError), kept(world.store, [("acme", world.submission().incoming)]):
        raise ZeroDivisionError
    assert list(world.store.uploads.kept()) == []


def test_of_several_documents_only_those_that_got_a_job_stay(world: World):
    brought = [("acme", world.submission(data).incoming) for data in (b"one", b"two")]
    with kept(world.store, brought) as ((first, _), needed):
        needed.add(("acme", first))
    assert list(world.store.uploads.kept()) == [("acme", first)]


def test_the_same_bytes_of_two_tenants_are_two_documents(world: World):
    brought = [(tenant, world.submission(b"same").incoming) for tenant in ("acme", "other")]
    with kept(world.store, brought) as ((document, _), needed):
        needed.add(("other", document))
    assert list(world.store.uploads.kept()) == [("other", document)]


def test_a_failed_twin_does_not_take_the_document_of_the_other(world: World):
    job = world.submit(b"same")
    with pytest.raises(ZeroDivisionError), kept(world.store, [("acme", world.submission(b"same").incoming)]):
        raise ZeroDivisionError
    assert list(world.store.uploads.kept()) == [("acme", job.document)]


def test_a_document_that_is_needed_is_not_erased(world: World):
    job = world.submit(b"same")
    assert not erase(world.store, "acme", job.document)
    assert world.store.uploads.path("acme", job.document).exists()


def test_purging_and_submitting_the_same_bytes_at_once_loses_no_document(world: World):
    """Each round one thread brings what another erases; every accepted job must find its bytes."""
    accepted = []

    def bring() -> None:
        accepted.append(world.submit(b"same"))

    for _ in range(15):
        old = world.completed(b"same")
        threads = [threading.Thread(target=bring), threading.Thread(target=purge, args=(world.store, old))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        job = accepted[-1]
        assert world.store.uploads.path("acme", job.document).read_bytes() == b"same"
        world.runner().run(job.job_id)
        purge(world.store, world.job(job.job_id))
        assert list(world.store.uploads.kept()) == []
