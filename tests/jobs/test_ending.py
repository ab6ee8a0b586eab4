import pytest
from msgspec.structs import replace
from world import ScriptedReader, World, extraction

from app.errors import InternalError, RequestRefused
from app.jobs import lifecycle
from app.jobs.ending import cancel, purge
from app.model.job import JobStatus
from app.model.options import Options


def test_a_job_is_cancelled_in_every_state_that_is_not_over(world: World):
    pending, processing, retrying = (world.submit(b"%d" % n) for n in range(3))
    assert world.store.jobs.replace(processing, lifecycle.start(processing, world.clock(), "w"))
    world.runner(ScriptedReader(InternalError("x"))).run(retrying.job_id)
    assert world.job(retrying.job_id).status is JobStatus.RETRYING
    for job in (pending, processing, retrying):
        after = cancel(world.store, world.bells, world.job(job.job_id), world.clock())
        assert after.status is JobStatus.CANCELLED
        assert world.job(job.job_id) == after
        assert after.completed_at is not None


def test_cancelling_with_old_knowledge_cancels_what_is_there_now(world: World):
    job = world.submit()
    assert world.store.jobs.replace(job, lifecycle.start(job, world.clock(), "w"))
    assert cancel(world.store, world.bells, job, world.clock()).status is JobStatus.CANCELLED
    assert world.job(job.job_id).attempt_count == 1


def test_what_is_over_is_not_cancelled(world: World):
    job = world.completed()
    with pytest.raises(RequestRefused) as refused:
        cancel(world.store, world.bells, job, world.clock())
    assert refused.value.problem_code == "job_not_cancellable"
    assert world.job(job.job_id) == job


def test_a_cancelled_job_is_not_run(world: World):
    job = world.submit()
    cancel(world.store, world.bells, job, world.clock())
    world.runner().run(job.job_id)
    assert world.reader.calls == []


def test_cancelling_forgets_the_password(world: World):
    job = world.submit(options=Options(password="x"))
    assert world.store.secrets.get(job.job_id, "password") == "x"
    cancel(world.store, world.bells, job, world.clock())
    assert world.store.secrets.get(job.job_id, "password") is None


def test_a_purged_job_leaves_nothing_in_any_file(world: World):
    world.reader = ScriptedReader(extraction(number="FT-4711-GEHEIM"))
    job = world.completed(b"%PDF bytes-of-the-document", filename="name-of-the-file.pdf")
    purge(world.store, job)
    for path in world.store.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in (
                b"FT-4711-GEHEIM",
                b"bytes-of-the-document",
                b"name-of-the-file",
                str(job.job_id).encode(),
            ):
                assert trace not in content, path.name
    assert world.store.jobs.find(job.job_id) is None
    again = world.submit(b"%PDF bytes-of-the-document")
    world.runner().run(again.job_id)
    assert not world.job(again.job_id).cache_hit


def test_a_document_that_another_job_needs_stays(world: World):
    first, second = world.completed(b"same"), world.submit(b"same")
    purge(world.store, first)
    assert world.store.uploads.path("acme", second.document).read_bytes() == b"same"
    world.runner().run(second.job_id)
    assert world.job(second.job_id).status is JobStatus.COMPLETED
    purge(world.store, world.job(second.job_id))
    assert list(world.store.uploads.kept()) == []


def test_another_tenants_copy_of_the_same_document_stays(world: World):
    other, _ = world.store.keys.create("other")
    mine, theirs = world.completed(b"same"), world.submit(b"same", key=other)
    purge(world.store, mine)
    assert list(world.store.uploads.kept()) == [("other", theirs.document)]


def test_what_is_not_over_is_not_purged(world: World):
    job = world.submit()
    with pytest.raises(RequestRefused) as refused:
        purge(world.store, job)
    assert refused.value.problem_code == "job_not_finished"
    assert world.job(job.job_id) == job


def test_a_job_with_an_address_leaves_a_message_when_it_ends_however_it_ends(world: World):
    ended = [
        world.completed(b"1", callback_url="https://x.example/"),
        cancel(
            world.store, world.bells, world.submit(b"2", callback_url="https://x.example/"), world.clock()
        ),
    ]
    messages = [world.store.messages.of(job.job_id) for job in ended]
    assert [message.event for message in messages] == ["job.completed", "job.cancelled"]
    assert [message_id for message_id, _ in world.bells.messages] == [
        message.message_id for message in messages
    ]
    assert world.store.messages.of(world.completed(b"3").job_id) is None
    assert replace(messages[0], message_id="") != replace(messages[1], message_id="")
