import datetime as dt
import threading

import msgspec
import pytest
from world import World

from app.errors import RequestRefused
from app.jobs.submit import MODEL_KEY, PASSWORD, Accepted, AcceptedBatch, Outcome, Request
from app.model.job import JobStatus
from app.model.options import Mode, Options
from app.storage.records import Refusal

DAY = dt.timedelta(days=1)


def _request(world: World, data: bytes = b"%PDF", mark: str | None = None, **order: object) -> Request:
    submissions = [world.submission(data, **order)]
    return Request(key=world.key, submissions=submissions, now=world.clock(), idempotency_key=mark)


def _submit(
    world: World, data: bytes = b"%PDF", mark: str | None = None, **order: object
) -> Outcome[Accepted]:
    return world.desk.submit(_request(world, data, mark, **order))


def test_an_accepted_job_is_a_row_with_its_document_and_is_rung_for(world: World):
    accepted = _submit(world, b"%PDF-x").answer
    job = world.job(accepted.job_id)
    assert job.status is JobStatus.PENDING
    assert world.store.uploads.path(job.tenant, job.document).read_bytes() == b"%PDF-x"
    assert world.bells.rung == [(job.job_id, 0)]
    assert accepted.poll_url == f"/v1/jobs/{job.job_id}"


def test_the_bell_rings_after_the_commit(world: World):
    seen = []

    class Bell:
        def jobs(self, job_ids):
            find = world.store.jobs.find
            other = threading.Thread(target=lambda: seen.extend(find(job_id) for job_id in job_ids))
            other.start()
            other.join()

        def job(self, job_id, delay_ms=0): ...

        def message(self, message_id, delay_ms=0): ...

    world.desk._doorbell = Bell()
    accepted = _submit(world).answer
    assert [job.job_id for job in seen] == [accepted.job_id]


def test_the_webhook_goes_to_the_requests_address_else_the_keys_else_nowhere(world: World):
    key, _ = world.store.keys.create("hooked", callback_url="https://key.example/hook")
    assert not _submit(world).answer.webhook_configured
    assert world.submit(key=key).order.callback_url == "https://key.example/hook"
    given = world.submit(key=key, callback_url="https://mine.example/hook")
    assert given.order.callback_url == "https://mine.example/hook"


def test_a_key_without_a_quota_has_nothing_remaining_to_tell(world: World):
    assert _submit(world).answer.quota_remaining is None


def test_a_quota_counts_down_and_then_refuses_and_keeps_nothing(world: World):
    world.key, _ = world.store.keys.create("small", monthly_quota=2)
    assert [_submit(world, b"%d" % n).answer.quota_remaining for n in range(2)] == [1, 0]
    with pytest.raises(RequestRefused) as refused:
        _submit(world, b"third")
    assert refused.value.problem_code == "quota_exceeded"
    assert world.store.usages.get(world.key.key_id, "2026-03").jobs == 2
    assert len(list(world.store.uploads.kept())) == 2
    world.clock.forward(31 * DAY)
    assert _submit(world, b"next month").answer.quota_remaining == 1


def test_a_quota_holds_however_many_submit_at_once(world: World):
    world.key, _ = world.store.keys.create("small", monthly_quota=5)
    outcomes = []

    def submit(number: int) -> None:
        try:
            outcomes.append(_submit(world, b"%d" % number))
        except RequestRefused as refused:
            outcomes.append(refused.problem_code)

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("quota_exceeded") == 7


def test_of_several_requests_each_is_answered_for_itself(world: World):
    small, _ = world.store.keys.create("small", monthly_quota=1)
    requests = [_request(world, b"%d" % n) for n in range(4)]
    requests[1:3] = [msgspec.structs.replace(request, key=small) for request in requests[1:3]]
    given = world.desk.submit_all(requests)
    assert [getattr(each, "problem_code", "") for each in given] == ["", "", "quota_exceeded", ""]
    jobs = [world.job(each.answer.job_id) for each in given if isinstance(each, Outcome)]
    assert [job.job_id for job in jobs] == [job_id for job_id, _ in world.bells.rung]
    assert {(job.tenant, job.document) for job in jobs} == set(world.store.uploads.kept())


def test_of_several_requests_with_the_same_bytes_each_gets_a_job(world: World):
    given = world.desk.submit_all([_request(world, b"same") for _ in range(3)])
    documents = {world.job(each.answer.job_id).document for each in given}
    assert len({each.answer.job_id for each in given}) == 3
    assert world.store.uploads.path("acme", documents.pop()).read_bytes() == b"same"
    assert not documents


def test_a_request_that_comes_twice_at_the_same_time_is_one(world: World):
    first, again = world.desk.submit_all([_request(world, mark="m-1") for _ in range(2)])
    assert (first.replayed, again.replayed) == (False, True)
    assert again.answer == first.answer
    assert len(world.bells.rung) == 1


def test_the_same_request_again_gets_the_first_answer_and_makes_no_second_job(world: World):
    first = _submit(world, mark="m-1", filename="a.pdf")
    again = _submit(world, mark="m-1", filename="a.pdf")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.answer == first.answer
    assert len(world.bells.rung) == 1
    assert world.store.usages.get(world.key.key_id, "2026-03").jobs == 1


@pytest.mark.parametrize(
    ("data", "order"),
    [
        (b"other", {}),
        (b"%PDF", {"options": Options(mode=Mode.BASIC)}),
        (b"%PDF", {"external_id": "other"}),
        (b"%PDF", {"metadata": msgspec.Raw(b'{"a":2}')}),
    ],
)
def test_another_request_under_the_same_key_is_refused(world: World, data: bytes, order: dict[str, object]):
    _submit(world, mark="m-1", metadata=msgspec.Raw(b'{"a":1}')) if "metadata" in order else _submit(
        world, mark="m-1"
    )
    with pytest.raises(RequestRefused) as refused:
        _submit(world, data, mark="m-1", **order)
    assert refused.value.problem_code == "idempotency_key_reused"


def test_who_carried_a_request_does_not_make_it_another(world: World):
    _submit(world, mark="m-1", request_id="one", options=Options(password="a"))
    assert _submit(world, mark="m-1", request_id="two", options=Options(password="a")).replayed


def test_after_a_day_the_key_may_be_used_for_something_else(world: World):
    _submit(world, mark="m-1")
    world.clock.forward(DAY)
    assert not _submit(world, b"other", mark="m-1").replayed


def test_two_callers_may_use_the_same_idempotency_key(world: World):
    _submit(world, mark="m-1")
    world.key, _ = world.store.keys.create("other")
    assert not _submit(world, b"other", mark="m-1").replayed


def test_a_refused_request_may_come_again(world: World):
    world.key, _ = world.store.keys.create("small", monthly_quota=0)
    with pytest.raises(RequestRefused):
        _submit(world, mark="m-1")
    world.key = msgspec.structs.replace(world.key, monthly_quota=1)
    assert not _submit(world, mark="m-1").replayed


def test_while_the_first_is_being_received_a_second_is_told_to_wait(world: World):
    with world.desk.only_once(world.key, "m-1"):
        with pytest.raises(RequestRefused) as refused, world.desk.only_once(world.key, "m-1"):
            pass
        assert refused.value.problem_code == "request_in_progress"
        assert refused.value.headers == {"Retry-After": "1"}
        with world.desk.only_once(world.key, "m-2"), world.desk.only_once(world.key, None):
            pass
    with world.desk.only_once(world.key, "m-1"):
        pass


def test_twins_at_the_same_moment_make_one_job(world: World):
    barrier, outcomes = threading.Barrier(6), []

    def submit() -> None:
        request = _request(world, mark="m-1")
        barrier.wait()
        outcomes.append(world.desk.submit(request))

    threads = [threading.Thread(target=submit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({outcome.answer.job_id for outcome in outcomes}) == 1
    assert [outcome.replayed for outcome in outcomes].count(False) == 1


def test_a_batch_is_one_job_each_and_names_what_was_refused(world: World):
    refused = (Refusal(filename="virus.exe", code="unsupported_media_type", detail="No."),)
    request = Request(
        key=world.key,
        submissions=[world.submission(b"%d" % n, filename=f"{n}.pdf") for n in range(3)],
        refused=refused,
        now=world.clock(),
    )
    answer = world.desk.submit_batch(request).answer
    assert isinstance(answer, AcceptedBatch)
    jobs = [world.job(accepted.job_id) for accepted in answer.jobs]
    assert [job.order.filename for job in jobs] == ["0.pdf", "1.pdf", "2.pdf"]
    assert {job.order.batch_id for job in jobs} == {answer.batch_id}
    assert len(world.bells.rung) == 3
    batch = world.store.batches.get("acme", answer.batch_id)
    assert batch is not None
    assert batch.refused == refused
    assert world.store.batches.get("other", answer.batch_id) is None


def test_a_batch_beyond_the_quota_leaves_nothing(world: World):
    world.key, _ = world.store.keys.create("small", monthly_quota=2)
    submissions = [world.submission(b"%d" % n) for n in range(3)]
    with pytest.raises(RequestRefused):
        world.desk.submit_batch(Request(key=world.key, submissions=submissions, now=world.clock()))
    assert list(world.store.uploads.kept()) == []
    assert world.store.jobs.count() == []
    assert not any(submission.incoming.path.exists() for submission in submissions)


def test_the_same_file_twice_in_a_batch_is_two_jobs(world: World):
    submissions = [world.submission(b"same"), world.submission(b"same")]
    answer = world.desk.submit_batch(
        Request(key=world.key, submissions=submissions, now=world.clock())
    ).answer
    assert len({accepted.job_id for accepted in answer.jobs}) == 2


def test_the_callers_model_key_is_sealed_until_the_job_ends_and_then_gone(world: World):
    submission = msgspec.structs.replace(world.submission(), model_key="sk-geheim-4711")
    accepted = world.desk.submit(Request(key=world.key, submissions=[submission], now=world.clock())).answer

    def found() -> list[str]:
        files = [path for path in world.store.folder.rglob("*") if path.is_file()]
        return [path.name for path in files if b"sk-geheim-4711" in path.read_bytes()]

    assert found() == []
    assert world.store.secrets.get(accepted.job_id, MODEL_KEY) == "sk-geheim-4711"
    assert world.store.secrets.get(accepted.job_id, PASSWORD) is None
    world.runner().run(accepted.job_id)
    assert world.store.secrets.get(accepted.job_id, MODEL_KEY) is None
    assert found() == []
