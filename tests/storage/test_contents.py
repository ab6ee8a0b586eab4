import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.document import FileType
from app.model.evidence import Box, Evidence, Source
from app.model.extraction import AmbiguousDate, Extraction, Observations, Reading
from app.model.invoice import Financials, Invoice, InvoiceHeader, LineItem
from app.model.job import Job, Order
from app.storage.records import Batch, Figure, Refusal, Remembered, Usage
from app.storage.sqlite.contents import pack, unpack_extraction
from app.storage.sqlite.store import SqliteStore

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DOCUMENT = "ab" * 32


def _job(store: SqliteStore, **fields: object) -> Job:
    order = fields.pop("order", Order())
    job = Job(job_id=uuid4(), tenant="acme", order=order, document=DOCUMENT, size=7, queued_at=NOW, **fields)
    store.jobs.add(job)
    return job


def _extraction(amount: Decimal = Decimal("1.10")) -> Extraction:
    invoice = Invoice(
        invoice=InvoiceHeader(date=dt.date(2026, 2, 3)),
        financials=Financials(total=amount),
        line_items=(LineItem(description="Übergröße €", quantity=amount),),
    )
    evidence = Evidence(confidence=0.9, source=Source.OCR, page=1, bbox=Box(1.5, 2.0, 3.0, 4.0), text="1,10")
    noticed = AmbiguousDate(path="invoice.date", text="03/02/26", readings=(dt.date(2026, 2, 3),))
    return Extraction(
        readings=(Reading(invoice=invoice, fields={"line_items[0].quantity": evidence}),),
        file_type=FileType.PDF,
        observations=Observations(ambiguous_dates=(noticed,)),
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_an_extraction_comes_back_with_every_digit(amount: Decimal):
    back = unpack_extraction(pack(_extraction(amount)))
    assert back == _extraction(amount)
    assert str(back.invoice.financials.total) == str(amount)


def test_an_extraction_is_remembered_for_its_tenant_document_and_fingerprint_alone(store: SqliteStore):
    store.cache.put("acme", DOCUMENT, "f", _extraction(), NOW)
    assert store.cache.get("acme", DOCUMENT, "f") == _extraction()
    for other in (("other", DOCUMENT, "f"), ("acme", "cd" * 32, "f"), ("acme", DOCUMENT, "g")):
        assert store.cache.get(*other) is None


def test_of_two_that_bring_the_same_the_first_stays(store: SqliteStore):
    store.cache.put("acme", DOCUMENT, "f", _extraction(), NOW)
    store.cache.put("acme", DOCUMENT, "f", _extraction(Decimal(2)), NOW)
    assert store.cache.get("acme", DOCUMENT, "f") == _extraction()


def test_what_is_remembered_can_be_forgotten_by_document_and_by_age(store: SqliteStore):
    store.cache.put("acme", DOCUMENT, "f", _extraction(), NOW)
    store.cache.put("acme", "cd" * 32, "f", _extraction(), NOW + DAY)
    assert store.cache.expire(NOW + DAY) == 1
    assert store.cache.get("acme", DOCUMENT, "f") is None
    store.cache.erase("acme", "cd" * 32)
    assert store.cache.get("acme", "cd" * 32, "f") is None


def test_a_secret_opens_for_its_job_and_name_alone_even_when_its_row_is_moved(store: SqliteStore):
    mine, other = _job(store), _job(store)
    store.secrets.put(mine.job_id, "password", "geheim")
    assert store.secrets.get(mine.job_id, "password") == "geheim"
    assert store.secrets.get(mine.job_id, "model_key") is None
    store._database.write("UPDATE secrets SET job_id = :it", {"it": str(other.job_id)})
    assert store.secrets.get(other.job_id, "password") is None


def test_an_idempotency_key_is_not_kept_as_it_came(store: SqliteStore):
    store.requests.remember(
        "key", "mario.rossi@example.com", Remembered(fingerprint="f", answer=b"{}"), NOW + DAY
    )
    assert store.requests.recall("key", "mario.rossi@example.com", NOW) == Remembered(
        fingerprint="f", answer=b"{}"
    )
    assert store.requests.recall("other", "mario.rossi@example.com", NOW) is None
    assert store.requests.recall("key", "mario.rossi@example.com", NOW + DAY) is None
    assert not any(b"mario.rossi" in path.read_bytes() for path in store.folder.glob("spunta.db*"))
    assert (store.requests.expire(NOW), store.requests.expire(NOW + DAY)) == (0, 1)


def test_usage_adds_up_by_key_and_month(store: SqliteStore):
    for month, jobs in (("2026-01", 1), ("2026-02", 2), ("2026-02", 3)):
        total = store.usages.add(Usage(key_id="k", month=month, jobs=jobs, bytes=10))
    assert total == Usage(key_id="k", month="2026-02", jobs=5, bytes=20)
    assert [(used.month, used.jobs) for used in store.usages.months(["k"])] == [
        ("2026-02", 5),
        ("2026-01", 1),
    ]
    assert store.usages.months(["k"], last=1) == [total]
    assert store.usages.get("other", "2026-02") == Usage(key_id="other", month="2026-02")


def test_a_batch_is_its_tenants_and_stays_as_long_as_its_jobs(store: SqliteStore):
    refused = (Refusal(filename="à.exe", code="unsupported_media_type", detail="No."),)
    batch = Batch(batch_id=uuid4(), tenant="acme", created_at=NOW, refused=refused)
    store.batches.add(batch)
    job = _job(store, order=Order(batch_id=batch.batch_id))
    assert store.batches.get("acme", batch.batch_id) == batch
    assert store.batches.get("other", batch.batch_id) is None
    assert store.batches.expire(NOW + DAY) == 0
    store.jobs.delete(job)
    assert store.batches.expire(NOW) == 0
    assert store.batches.expire(NOW + DAY) == 1


def test_figures_only_ever_grow(store: SqliteStore):
    store.figures.add([Figure(name="a", label="x", total=0.5), Figure(name="a", label="y", count=2)])
    store.figures.add([Figure(name="a", label="x", total=0.25)])
    assert store.figures.all() == [
        Figure(name="a", label="x", count=2, total=0.75),
        Figure(name="a", label="y", count=2, total=0.0),
    ]


def test_a_transaction_over_several_stores_is_all_or_nothing(store: SqliteStore):
    job = _job(store)

    def write() -> None:
        with store.transaction():
            store.usages.add(Usage(key_id="k", month="2026-01", jobs=1))
            store.secrets.put(job.job_id, "password", "x")
            store.cache.put("acme", DOCUMENT, "f", _extraction(), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert store.usages.get("k", "2026-01").jobs == 0
    assert store.secrets.get(job.job_id, "password") is None
    assert store.cache.get("acme", DOCUMENT, "f") is None


def test_a_store_says_whether_it_can_be_written(store: SqliteStore):
    assert store.healthy()
    store._database._connection().raw.execute("PRAGMA query_only = ON")
    assert not store.healthy()
