import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest

from app.model.invoice import Financials, Invoice, InvoiceHeader, InvoiceType, Party
from app.model.job import Job, Order
from app.storage.sqlite.history import MOST
from app.storage.sqlite.store import SqliteStore

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def _invoice(number: str = "1", vat: str | None = "IT12345678903", name: str | None = "Rossi") -> Invoice:
    return Invoice(
        vendor=Party(name=name, vat_number=vat, iban="IT60X0542811101000000123456"),
        invoice=InvoiceHeader(
            number=number, date=dt.date(2026, 2, 3), type=InvoiceType.CREDIT_NOTE, currency="EUR"
        ),
        financials=Financials(total=Decimal("122.10")),
    )


def _job(store: SqliteStore, tenant: str = "acme", document: str = "a" * 64) -> Job:
    job = Job(job_id=uuid4(), tenant=tenant, order=Order(), document=document, size=1, queued_at=NOW)
    store.jobs.add(job)
    return job


def test_what_is_remembered_comes_back_with_every_digit(store: SqliteStore):
    first = _job(store)
    store.history.add(first, _invoice())
    (past,) = store.history.before(_job(store), _invoice())
    assert (past.job_id, past.sha256, past.total) == (str(first.job_id), "a" * 64, Decimal("122.10"))
    assert str(past.total) == "122.10"
    assert (past.number, past.date, past.type, past.currency) == (
        "1",
        dt.date(2026, 2, 3),
        "credit_note",
        "EUR",
    )
    assert (past.vendor_name, past.iban) == ("Rossi", "IT60X0542811101000000123456")


@pytest.mark.parametrize(
    ("document", "invoice", "known"),
    [
        ("b" * 64, _invoice(), True),
        ("b" * 64, _invoice(vat=None), True),
        ("b" * 64, _invoice(name=None), True),
        ("a" * 64, _invoice(vat="DE1", name="Other"), True),
        ("b" * 64, _invoice(vat="DE1", name="Other"), True),
        ("b" * 64, _invoice("2", vat="DE1", name="Other"), False),
        ("b" * 64, _invoice("2", vat=None, name=None), False),
    ],
)
def test_the_same_seller_file_or_number_is_remembered(store: SqliteStore, document, invoice, known):
    store.history.add(_job(store), _invoice())
    assert bool(store.history.before(_job(store, document=document), invoice)) is known


def test_another_tenant_remembers_nothing_of_it(store: SqliteStore):
    store.history.add(_job(store), _invoice())
    assert store.history.before(_job(store, tenant="other"), _invoice()) == []


def test_only_what_came_before_is_the_past(store: SqliteStore):
    jobs = [_job(store) for _ in range(3)]
    for job in jobs:
        store.history.add(job, _invoice())
    assert [len(store.history.before(job, _invoice())) for job in jobs] == [0, 1, 2]


def test_a_job_is_not_its_own_past_and_takes_its_memory_with_it(store: SqliteStore):
    first, second = _job(store), _job(store)
    store.history.add(first, _invoice())
    assert store.history.before(first, _invoice()) == []
    assert len(store.history.before(second, _invoice())) == 1
    store.jobs.delete(first)
    assert store.history.before(second, _invoice()) == []


def test_a_number_is_found_again_behind_any_number_of_later_invoices(store: SqliteStore):
    with store.transaction():
        first = _job(store)
        store.history.add(first, _invoice("FT-1"))
        for number in range(MOST + 50):
            store.history.add(_job(store, document=f"{number:064x}"), _invoice(f"X-{number}"))
    past = store.history.before(_job(store, document="f" * 64), _invoice("FT-1"))
    assert len(past) == MOST + 1
    assert past[-1].job_id == str(first.job_id)
