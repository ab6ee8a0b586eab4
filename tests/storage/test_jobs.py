import datetime as dt
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.document import FileType
from app.model.job import Assistance, Delivery, Job, JobStatus, JobType, Order
from app.model.options import DateOrder, Mode, Options, Perspective
from app.model.progress import Stage
from app.model.segment import Parsing
from app.model.verdict import FlagMark
from app.storage.records import JobFilter, Message
from app.storage.sqlite.store import SqliteStore

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def _job(tenant: str = "acme", at: dt.datetime = NOW, **fields: object) -> Job:
    order = fields.pop("order", Order())
    return Job(job_id=uuid4(), tenant=tenant, order=order, document="ab" * 32, size=7, queued_at=at, **fields)


def _ids(page) -> list[UUID]:
    return [job.job_id for job in page.jobs]


_moments = st.integers(-(10**12), 4 * 10**12).map(lambda ms: NOW + dt.timedelta(milliseconds=ms))
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_orders = st.builds(
    Order,
    type=st.sampled_from(JobType),
    filename=st.none() | _texts,
    options=st.builds(
        Options,
        locale=st.none() | st.sampled_from(["it", "de"]),
        mode=st.sampled_from(Mode),
        own_company=st.none() | _texts,
        perspective=st.none() | st.sampled_from(Perspective),
        date_order=st.none() | st.sampled_from(DateOrder),
        pages=st.lists(st.integers(1, 9), max_size=3).map(tuple),
        password=st.none(),
    ),
    assistance=st.none() | st.builds(Assistance, provider=_texts, model=st.none() | _texts),
    parsing=st.none() | st.builds(Parsing),
    callback_url=st.none() | _texts,
    external_id=st.none() | _texts,
    metadata=st.none(),
    batch_id=st.none() | st.uuids(),
    request_id=st.none() | _texts,
)
_jobs = st.builds(
    Job,
    job_id=st.uuids(),
    tenant=st.just("acme"),
    key_id=st.none() | _texts,
    order=_orders,
    document=st.just("cd" * 32),
    size=st.integers(0, 2**40),
    status=st.sampled_from(JobStatus),
    version=st.integers(0, 99),
    stage=st.sampled_from(Stage),
    progress=st.integers(0, 100),
    attempt_count=st.integers(0, 9),
    worker=st.none() | _texts,
    heartbeats=st.integers(0, 9),
    retry_at=st.none() | _moments,
    queued_at=_moments,
    started_at=st.none() | _moments,
    completed_at=st.none() | _moments,
    processing_ms=st.none() | st.integers(0, 2**40),
    file_type=st.none() | st.sampled_from(FileType),
    page_count=st.none() | st.integers(0, 999),
    language=st.none() | st.just("it"),
    confidence=st.none() | st.floats(0, 1),
    model=st.none() | _texts,
    cache_hit=st.booleans(),
    decision=st.none() | st.just("review"),
    flags=st.lists(st.builds(FlagMark, _texts, st.just("error")), max_size=2).map(tuple),
    error=st.none() | _texts,
    error_code=st.none() | _texts,
    delivery=st.none(),
)


@given(_jobs)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_job_comes_back_as_it_was_written(store: SqliteStore, job: Job):
    store.jobs.add(job)
    assert store.jobs.find(job.job_id) == job
    store.jobs.delete(job)


def test_metadata_comes_back_byte_for_byte(store: SqliteStore):
    raw = b'{"z":1.10,"a":[null,"\\u20ac"],"z2":1e5}'
    job = _job(order=Order(metadata=msgspec.Raw(raw)))
    store.jobs.add(job)
    assert bytes(store.jobs.find(job.job_id).order.metadata) == raw


def test_a_password_is_not_written_even_when_asked_to(store: SqliteStore):
    job = _job(order=Order(options=Options(password="geheim-4711")))
    store.jobs.add(job)
    assert store.jobs.find(job.job_id).order.options.password is None
    assert not any(b"geheim-4711" in path.read_bytes() for path in store.folder.glob("spunta.db*"))


def test_another_tenants_job_is_as_one_that_never_was(store: SqliteStore):
    job = _job("acme")
    store.jobs.add(job)
    assert store.jobs.get("acme", job.job_id) == job
    assert store.jobs.get("other", job.job_id) is None
    assert store.jobs.list("other", JobFilter(), limit=10).total == 0


def test_of_two_writers_with_the_same_knowledge_the_first_wins(store: SqliteStore):
    job = _job()
    store.jobs.add(job)
    first = msgspec.structs.replace(job, status=JobStatus.PROCESSING, version=1, worker="a")
    second = msgspec.structs.replace(job, status=JobStatus.CANCELLED, version=1, worker="b")
    assert store.jobs.replace(job, first)
    assert not store.jobs.replace(job, second)
    assert store.jobs.find(job.job_id) == first
    assert (store.jobs.current(job), store.jobs.current(first)) == (False, True)


def test_a_list_is_newest_first_in_pages_that_say_whether_there_are_more(store: SqliteStore):
    jobs = [_job(at=NOW + n * SECOND) for n in range(7)]
    for job in jobs:
        store.jobs.add(job)
    newest_first = [job.job_id for job in reversed(jobs)]
    pages = [store.jobs.list("acme", JobFilter(), limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [job_id for page in pages for job_id in _ids(page)] == newest_first
    assert [page.has_more for page in pages] == [True, True, False]
    assert {page.total for page in pages} == {7}


def test_pages_after_a_job_are_not_shifted_by_new_ones(store: SqliteStore):
    jobs = [_job(at=NOW + n * SECOND) for n in range(4)]
    for job in jobs:
        store.jobs.add(job)
    first = store.jobs.list("acme", JobFilter(), limit=2)
    store.jobs.add(_job(at=NOW + 9 * SECOND))
    second = store.jobs.list("acme", JobFilter(), limit=2, after=first.jobs[-1].job_id)
    assert _ids(first) + _ids(second) == [job.job_id for job in reversed(jobs)]
    assert not second.has_more


def test_every_filter_gives_what_it_names_and_all_hold_together(store: SqliteStore):
    batch = uuid4()
    flags = (FlagMark("ARITHMETIC_MISMATCH", "error"), FlagMark("DATE_INCOHERENCE", "warning"))
    wanted = _job(at=NOW, order=Order(type=JobType.PARSE, external_id="PO-1", batch_id=batch))
    other = _job(at=NOW + 10 * SECOND)
    for job in (wanted, other):
        store.jobs.add(job)
    done = msgspec.structs.replace(
        wanted, status=JobStatus.COMPLETED, version=1, decision="review", flags=flags, completed_at=NOW
    )
    assert store.jobs.replace(wanted, done)
    filters = {
        "status": JobStatus.COMPLETED,
        "type": JobType.PARSE,
        "flag": "ARITHMETIC_MISMATCH",
        "severity": "error",
        "decision": "review",
        "external_id": "PO-1",
        "batch_id": batch,
        "created_before": NOW + SECOND,
    }
    for name, value in filters.items():
        assert _ids(store.jobs.list("acme", JobFilter(**{name: value}), limit=9)) == [wanted.job_id], name
    assert _ids(store.jobs.list("acme", JobFilter(**filters), limit=9)) == [wanted.job_id]
    assert _ids(store.jobs.list("acme", JobFilter(created_after=NOW + SECOND), limit=9)) == [other.job_id]
    assert _ids(store.jobs.list("acme", JobFilter(flag="DATE_INCOHERENCE", severity="error"), limit=9)) == []


def test_counts_are_those_of_the_rows(store: SqliteStore):
    jobs = [_job(at=NOW + n * SECOND) for n in range(3)]
    for job in jobs:
        store.jobs.add(job)
    ended = msgspec.structs.replace(
        jobs[0], status=JobStatus.COMPLETED, version=1, completed_at=NOW, flags=(FlagMark("A", "error"),)
    )
    assert store.jobs.replace(jobs[0], ended)
    counts = {count.status: (count.count, count.oldest_queued_at) for count in store.jobs.count()}
    assert counts == {JobStatus.PENDING: (2, NOW + SECOND), JobStatus.COMPLETED: (1, None)}
    assert store.jobs.flag_counts() == {("A", "error"): 1}
    assert store.jobs.count("other") == []


def test_a_deleted_job_takes_everything_with_it(store: SqliteStore):
    job = _job()
    store.jobs.add(job)
    store.secrets.put(job.job_id, "password", "x")
    store.jobs.delete(job)
    assert store.jobs.find(job.job_id) is None
    assert store.secrets.get(job.job_id, "password") is None


def test_delivery_stays_what_the_webhook_made_it_through_later_transitions(store: SqliteStore):
    job = _job()
    store.jobs.add(job)
    message = Message(
        message_id="m", job_id=job.job_id, url="https://x", event="job.failed", created_at=NOW, next_at=NOW
    )
    store.messages.add(message)
    assert store.jobs.find(job.job_id).delivery == Delivery(next_attempt_at=NOW)
    sent = msgspec.structs.replace(
        message, attempts=1, next_at=None, last_attempt_at=NOW, last_status_code=200, delivered_at=NOW
    )
    assert store.messages.replace(message, sent)
    assert not store.messages.replace(message, sent), "an attempt is noted once"
    expected = Delivery(attempts=1, last_attempt_at=NOW, last_status_code=200, delivered=True)
    assert store.jobs.find(job.job_id).delivery == expected
    assert store.jobs.replace(job, msgspec.structs.replace(job, version=1))
    assert store.jobs.find(job.job_id).delivery == expected


def test_those_who_wait_are_the_pending_and_the_retrying_oldest_first(store: SqliteStore):
    jobs = [_job(status=status) for status in JobStatus]
    for job in jobs:
        store.jobs.add(job)
    waiting = [job.job_id for job in jobs if job.status in {JobStatus.PENDING, JobStatus.RETRYING}]
    assert [job.job_id for job in store.jobs.waiting(9)] == waiting
    assert [job.job_id for job in store.jobs.waiting(1)] == waiting[:1]
    assert [job.status for job in store.jobs.processing()] == [JobStatus.PROCESSING]
    assert store.jobs.pace().waiting == 2
