from decimal import Decimal

import pytest

from app.client import NotDone, Refused, Spunta


@pytest.fixture
def spunta(server):
    with Spunta(server.url, server.key) as client:
        yield client


@pytest.fixture
def invoice(tmp_path, fattura):
    path = tmp_path / "fattura.xml"
    path.write_bytes(fattura(number="C-1", net="10.10", tax="2.22", total="12.32"))
    return path


def test_extract_gives_the_job_with_exact_amounts(spunta, invoice):
    job = spunta.extract(invoice, external_id="mine")
    assert job["result"]["financials"]["total"] == Decimal("12.32")
    assert str(job["result"]["financials"]["subtotal"]) == "10.10"
    assert (job["external_id"], job["filename"]) == ("mine", "fattura.xml")


def test_a_refusal_is_raised_with_its_code(spunta, invoice, server):
    with pytest.raises(Refused, match="Did you mean `basic`") as refused:
        spunta.extract(invoice, mode="basik")
    assert (refused.value.status, refused.value.problem_code) == (400, "invalid_option")
    with Spunta(server.url, "inv_wrong") as stranger, pytest.raises(Refused) as unknown:
        stranger.rules()
    assert unknown.value.problem_code == "invalid_api_key"


def test_the_same_idempotency_key_brings_one_job(spunta, invoice):
    first, again = (spunta.submit(invoice, idempotency_key="client-1")["job_id"] for _ in range(2))
    assert first == again


def test_events_end_with_the_end(spunta, invoice):
    seen = list(spunta.follow(spunta.submit(invoice)["job_id"]))
    assert seen[-1] == {"status": "completed", "progress": 100, "stage": "done"}


def test_every_page_of_a_list_is_given(spunta, invoice):
    ids = {spunta.submit(invoice, external_id="paged")["job_id"] for _ in range(3)}
    assert {job["job_id"] for job in spunta.jobs(external_id="paged", limit=1)} == ids


def test_a_job_that_takes_too_long_is_not_done_and_can_be_cancelled(spunta, tmp_path, bomb):
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(bomb(4000))
    ahead = spunta.submit(slow)["job_id"]
    job_id = spunta.submit(slow)["job_id"]
    with pytest.raises(NotDone):
        spunta.wait(job_id, wait_seconds=0.1)
    assert spunta.cancel(job_id)["status"] == "cancelled"
    assert spunta.wait(ahead)["status"] == "failed"


def test_a_purged_job_is_gone(spunta, invoice):
    job = spunta.extract(invoice)
    spunta.purge(job["job_id"])
    with pytest.raises(Refused) as refused:
        spunta.job(job["job_id"])
    assert refused.value.problem_code == "job_not_found"
